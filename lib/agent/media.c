/* SPDX-License-Identifier: MIT */
/*
 * Reads by itself what little of an offer it needs: Sofia's sdp_parse() never returns from
 * some broken ones (an octet above 0x7f in the protocol of a media line).
 */
#include "agent/media.h"

#include "agent/body.h"

#include <string.h>

enum { LINES_MAX = 64 };		/* media lines we answer, at most */

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			return false;
	return true;
}

/* The refusal of LINE, "audio 40000 RTP/AVP 8 0"; NULL = it is no media line. */
static const char *refuse_line(struct arena *arena, char *line)
{
	const char *media = strsep(&line, " "), *port = strsep(&line, " ");
	const char *proto = strsep(&line, " "), *format = strsep(&line, " ");

	if (!format || !*media || !*port || !*proto || !*format)
		return NULL;
	return arena_printf(arena, "m=%s 0 %s %s\r\na=inactive\r\n", media, proto,
			    format);
}

/*
 * What of our answer follows the address: the offer's time (RFC 3264 section 6) and its
 * media lines, refused.  NULL = it cannot be read.
 */
static const char *answer_offer(struct arena *arena, char *offer)
{
	const char *time = "0 0", *lines = "";
	int count = 0;

	for (char *line = strsep(&offer, "\n"); line; line = strsep(&offer, "\n")) {
		const char *refusal;

		line[strcspn(line, "\r")] = '\0';
		if (strncmp(line, "t=", 2) != 0 && strncmp(line, "m=", 2) != 0)
			continue;
		if (!is_printable(line))
			return NULL;
		if (*line == 't') {
			time = line + 2;
			continue;
		}
		refusal = refuse_line(arena, line + 2);
		if (!refusal || ++count > LINES_MAX)
			return NULL;
		lines = arena_printf(arena, "%s%s", lines, refusal);
	}
	return arena_printf(arena, "t=%s\r\n%s", time, lines);
}

const char *media_refuse(struct arena *arena, const sip_t *invite,
			 const struct listener *listener)
{
	const char *family = listener->is_ipv6 ? "IP6" : "IP4", *host = listener->host;
	const char *rest = NULL;
	char *offer = body_session(arena, invite);

	if (*host == '[')
		host = arena_strndup(arena, host + 1, strcspn(host + 1, "]"));
	if (offer)
		rest = answer_offer(arena, offer);
	return arena_printf(arena, "v=0\r\no=- 1 1 IN %s %s\r\ns=-\r\nc=IN %s %s\r\n%s",
			    family, host, family, host, rest ? rest : "t=0 0\r\n");
}
