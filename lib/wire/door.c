/* SPDX-License-Identifier: MIT */
#include "wire/door.h"

enum {
	STRANGER_BURST = 20,		/* answers to strangers */
	STRANGER_RATE = 10,		/* per second */
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
	if (scan->is_length_bad)
		return "Bad Content-Length";
	if (is_datagram && scan->has_end && scan->has_length &&
	    scan->content_length > scan->length - scan->head_length)
		return "Content-Length Beyond Datagram";
	return NULL;
}

struct door_decision door_check(struct door *door, const struct scan *scan, bool is_peer,
				bool is_datagram, int64_t now_us)
{
	struct door_decision decision = { .verdict = DOOR_PASS, .length = scan->length };
	const char *fault = fault_of(door, scan, is_datagram);

	if (!is_peer && door->strangers != WIRE_STRANGERS_PASS) {
		decision.status = 403;
		decision.phrase = "Forbidden";
	} else if (!scan->has_start) {
		decision.verdict = DOOR_DROP;
	} else if (fault) {
		decision.status = scan->length > door->message_bytes ? 513 : 400;
		decision.phrase = fault;
	} else if (scan->is_request && !scan->is_version_2 && scan->uri.at) {
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
