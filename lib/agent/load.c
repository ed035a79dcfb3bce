/* SPDX-License-Identifier: MIT */
#include "agent/load.h"

#include "agent/face.h"
#include "model/call_id.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { USER_MAX = 256 };		/* longer is unsure */

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* LENGTH characters of FROM, unescaped; false if they are not as they should be. */
static bool unescape(const char *from, size_t length, char to[static USER_MAX])
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		int c = (unsigned char)from[i];

		if (c == '%') {
			if (length - i < 3 || hex(from[i + 1]) < 0 ||
			    hex(from[i + 2]) < 0)
				return false;
			c = hex(from[i + 1]) * 16 + hex(from[i + 2]);
			i += 2;
		}
		if (c <= ' ' || c == 0x7f || used == USER_MAX - 1)
			return false;
		to[used++] = (char)c;
	}
	to[used] = '\0';
	return true;
}

static void strip_separators(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (!strchr("-.()", *from))
			*to++ = *from;
	*to = '\0';
}

static bool begins(const char *text, const char *word)
{
	return strncasecmp(text, word, strlen(word)) == 0;
}

/* LENGTH characters of USER, a number or a name. */
static bool is_urgent_user(const struct agent *agent, const char *user, size_t length)
{
	char number[USER_MAX];

	if (!unescape(user, length, number))
		return true;
	/* Parameters may be escaped as a whole, too. */
	number[strcspn(number, ";")] = '\0';
	strip_separators(number);
	return strcasecmp(number, "sos") == 0 || begins(number, "sos.") ||
	       (*number && agent->hooks->is_emergency &&
		agent->hooks->is_emergency(agent->context, number));
}

/* RFC 5031 section 4.2: sos and all below it. */
static bool is_urgent_urn(const char *urn)
{
	char text[USER_MAX] = "";

	if (!unescape(urn, strcspn(urn, "?#"), text))
		return true;
	return begins(text, "service:sos") &&
	       (text[11] == '\0' || strchr(".:;", text[11]));
}

/* What follows "sip:": the user, or without one the host, which may be a number. */
static size_t user_length(const char *rest)
{
	const char *at = strchr(rest, '@');
	size_t length = strcspn(rest, at ? ";:@" : ";:?>");

	return at && length > (size_t)(at - rest) ? (size_t)(at - rest) : length;
}

bool load_is_urgent(void *context, const char *request_uri)
{
	const struct agent *agent = context;
	const char *rest = strchr(request_uri, ':');

	if (!rest)
		return true;
	rest++;
	if (begins(request_uri, "sip:") || begins(request_uri, "sips:"))
		return is_urgent_user(agent, rest, user_length(rest));
	if (begins(request_uri, "tel:"))
		return is_urgent_user(agent, rest, strcspn(rest, ";?"));
	return !begins(request_uri, "urn:") || is_urgent_urn(rest);
}

bool load_is_known(void *context, const char *call_id)
{
	struct agent *agent = context;

	return call_id_is_made_here(call_id) || stock_has_call(agent->stock, call_id);
}

size_t load_room(void *context, bool is_urgent)
{
	const struct agent *agent = context;
	size_t taken = stock_count(agent->stock);

	if (!agent->calls)
		return SIZE_MAX;
	if (!is_urgent)
		taken += agent->reserved_calls;
	return taken < agent->calls ? agent->calls - taken : 0;
}

void load_note(void *context, unsigned refused, unsigned delay_ms)
{
	struct agent *agent = context;
	struct arena arena = { 0 };

	agent->hooks->note(
		agent->context,
		&(struct event){
			.event = "overload",
			.status = 503,
			.reason = arena_printf(&arena,
					       "%u new calls refused within a second; "
					       "one more would have waited %u ms",
					       refused, delay_ms),
		});
	arena_clear(&arena);
}
