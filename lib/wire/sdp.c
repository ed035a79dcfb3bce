/* SPDX-License-Identifier: MIT */
/*
 * Reads by itself what little of an offer it needs: Sofia's sdp_parse() never returns from
 * some broken ones (an octet above 0x7f in the protocol of a media line).
 */
#include "wire/sdp.h"

#include "wire/body.h"
#include "wire/listener.h"

#include <string.h>

enum { LINES_MAX = 64 };		/* media lines we answer, at most */

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			return false;
	return true;
}

/*
 * The answer to LINE, "audio 40000 RTP/AVP 8 0": refused, or, if it is audio and *PORT is not 0,
 * accepted there, and *PORT is 0 afterwards.  NULL = it is no media line.
 */
static const char *answer_line(struct arena *arena, char *line, unsigned *port)
{
	const char *media = strsep(&line, " "), *theirs = strsep(&line, " ");
	const char *proto = strsep(&line, " "), *format = strsep(&line, " ");
	unsigned at = *port;

	if (!format || !*media || !*theirs || !*proto || !*format)
		return NULL;
	if (!at || strcmp(media, "audio") != 0 || strcmp(theirs, "0") == 0)
		return arena_printf(arena, "m=%s 0 %s %s\r\na=inactive\r\n", media, proto,
				    format);
	*port = 0;
	return arena_printf(arena, "m=%s %u %s %s\r\n", media, at, proto, format);
}

/*
 * The part of the answer behind the address: the offer's time (RFC 3264 section 6) and
 * its media lines, of which one is accepted at PORT unless that is 0.  NULL = the offer
 * cannot be read.
 */
static const char *answer_offer(struct arena *arena, char *offer, unsigned port)
{
	const char *time = "0 0", *lines = "";
	int count = 0;

	for (char *line = strsep(&offer, "\n"); line; line = strsep(&offer, "\n")) {
		const char *answer;

		line[strcspn(line, "\r")] = '\0';
		if (strncmp(line, "t=", 2) != 0 && strncmp(line, "m=", 2) != 0)
			continue;
		if (!is_printable(line))
			return NULL;
		if (*line == 't') {
			time = line + 2;
			continue;
		}
		answer = answer_line(arena, line + 2, &port);
		if (!answer || ++count > LINES_MAX)
			return NULL;
		lines = arena_printf(arena, "%s%s", lines, answer);
	}
	return arena_printf(arena, "t=%s\r\n%s", time, lines);
}

/* A description at LISTENER's address; REST is its time and media. */
static const char *describe(struct arena *arena, const struct listener *listener,
			    const char *rest)
{
	const char *family = listener_is_ipv6(listener) ? "IP6" : "IP4";
	const char *host = listener_host(listener);

	if (*host == '[')
		host = arena_strndup(arena, host + 1, strcspn(host + 1, "]"));
	return arena_printf(arena, "v=0\r\no=- 1 1 IN %s %s\r\ns=-\r\nc=IN %s %s\r\n%s",
			    family, host, family, host, rest);
}

const char *sdp_offer(struct arena *arena, const struct listener *listener, unsigned port)
{
	return describe(arena, listener,
			arena_printf(arena, "t=0 0\r\nm=audio %u RTP/AVP 0 8\r\n", port));
}

const char *sdp_answer(struct arena *arena, const sip_t *sip,
		       const struct listener *listener, unsigned port)
{
	char *offer = body_session(arena, sip);
	const char *rest = offer ? answer_offer(arena, offer, port) : NULL;

	return rest ? describe(arena, listener, rest) : NULL;
}

const char *sdp_refuse(struct arena *arena, const sip_t *invite,
		       const struct listener *listener)
{
	char *offer = body_session(arena, invite);
	const char *rest = offer ? answer_offer(arena, offer, 0) : NULL;

	return describe(arena, listener, rest ? rest : "t=0 0\r\n");
}
