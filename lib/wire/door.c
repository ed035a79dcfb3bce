/* SPDX-License-Identifier: MIT */
#include "wire/door.h"

#include "wire/ability.h"

#include <string.h>

enum {
	STRANGER_BURST = 20,		/* answers to strangers */
	STRANGER_RATE = 10,		/* a second */
};

void door_init(struct door *door, const struct wire_settings *settings,
	       const struct wire_limits *limits, int64_t now_us)
{
	door->strangers = settings->strangers;
	door->message_bytes = limits->message_bytes;
	door->header_lines = limits->header_lines;
	door->bucket = bucket_of(STRANGER_BURST, STRANGER_RATE, now_us);
}

/* Whether anything may ever be answered to it. */
static bool is_answerable(const struct scan *scan)
{
	return scan->is_request && !scan_is(&scan->method, "ACK");
}

bool door_may_answer(struct door *door, const struct scan *scan, bool is_peer,
		     int64_t now_us)
{
	return is_answerable(scan) && (is_peer || bucket_take(&door->bucket, now_us));
}

static bool is_known(const struct scan_text *method)
{
	const char *list = ability_allow;

	for (size_t item; *list; list += item + strspn(list + item, ", ")) {
		item = strcspn(list, ",");
		if (item == method->length && memcmp(list, method->at, item) == 0)
			return true;
	}
	return false;
}

/* Why it cannot be read whole, or NULL. */
static const char *fault_of(const struct door *door, const struct scan *scan,
			    bool is_datagram)
{
	if (scan->length > door->message_bytes)
		return "Message Too Large";
	if (scan->lines > door->header_lines)
		return "Too Many Header Lines";
	if (scan->has_zero)
		return "NUL In Header";
	if (scan->is_request && !scan->is_plain_line)
		return "Bad Request Line";
	if (scan->is_length_bad)
		return "Bad Content-Length";
	if (is_datagram && scan->has_end && scan->has_length &&
	    scan->content_length > scan->length - scan->head_length)
		return "Content-Length Beyond Datagram";
	return NULL;
}

/* Of what has a fault.  The method is looked at before the headers (RFC 3261 section 8.2). */
static int status_of(const struct door *door, const struct scan *scan)
{
	if (scan->length > door->message_bytes)
		return 513;
	return scan->has_zero && scan->is_plain_line && !is_known(&scan->method) ? 405
										 : 400;
}

struct door_decision door_check(struct door *door, const struct scan *scan, bool is_peer,
				bool is_datagram, int64_t now_us)
{
	struct door_decision decision = { .verdict = DOOR_PASS, .length = scan->length };
	const char *fault = fault_of(door, scan, is_datagram);

	if (!is_peer && door->strangers != WIRE_STRANGERS_PASS) {
		decision.status = 403;
		decision.phrase = "Forbidden";
		decision.warning = "requests are taken from configured proxies only";
	} else if (!scan->has_start) {
		decision.verdict = DOOR_DROP;
	} else if (fault) {
		decision.status = status_of(door, scan);
		decision.phrase = decision.status == 405 ? "Method Not Allowed" : fault;
	} else if (scan->is_request && !scan->is_version_2) {
		decision.status = 505;
		decision.phrase = "Version Not Supported";
	}
	if (decision.status)
		decision.verdict =
			(is_peer || door->strangers != WIRE_STRANGERS_IGNORE) &&
					door_may_answer(door, scan, is_peer, now_us)
				? DOOR_ANSWER
				: DOOR_DROP;
	if (is_datagram && scan->has_length && scan->has_end && !scan->is_length_bad)
		decision.length = scan->head_length + scan->content_length;
	return decision;
}
