/* SPDX-License-Identifier: MIT */
#include "wire/ability.h"
#include "wire/reply.h"

#include "base/memory.h"
#include "wire/origin.h"
#include "wire/pen.h"
#include "wire/response.h"
#include "wire/uri.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* Q.850 causes as Reason texts (halfcall-protocol(7), RESTRICTIONS). */
static const char *cause_text(int cause)
{
	switch (cause) {
	case 1:
		return "Unallocated (unassigned) number";
	case 21:
		return "Call rejected";
	case 28:
		return "Invalid number format";
	default:
		return "Normal, unspecified";
	}
}

static void write_why(struct pen *pen, const struct wire *wire, struct arena *arena,
		      const struct refusal *why)
{
	if (why->cause)
		pen_format(pen, "Reason: Q.850;cause=%d;text=\"%s\"\r\n", why->cause,
			   cause_text(why->cause));
	if (why->sentence)
		pen_format(pen, "Warning: 399 %s %s\r\n", wire->settings->domain,
			   uri_quote(arena, why->sentence));
	if (why->retry_after_s)
		pen_format(pen, "Retry-After: %u\r\n", why->retry_after_s);
	if (why->status == 405)
		pen_format(pen, "Allow: %s\r\n", ability_allow);
	if (why->unsupported && *why->unsupported)
		pen_format(pen, "Unsupported: %s\r\n", why->unsupported);
}

/* The header lines that say WHY; the caller's to free. */
static char *lines_of(const struct wire *wire, const struct refusal *why)
{
	struct arena arena = { 0 };
	struct pen pen = { 0 };
	size_t length;

	write_why(&pen, wire, &arena, why);
	arena_clear(&arena);
	return memory_checked(pen_end(&pen, &length));
}

int reply_refuse(struct wire *wire, struct uas *uas, const struct refusal *why)
{
	char *lines = lines_of(wire, why);
	int err = uas_reply_lines(uas, why->status, lines);

	free(lines);
	return err;
}

/* The same for each copy of a request (RFC 3261 section 8.2.7). */
static void write_tag(const struct wire *wire, msg_t *msg, char tag[static 20])
{
	const struct finder_key *key = &origin_of(msg)->key;
	struct digest digest;
	uint64_t result[2];

	digest_init(&digest, &wire->secret);
	digest_add(&digest, key, sizeof *key);
	digest_end(&digest, result);
	snprintf(tag, 20, "%016" PRIx64, result[0]);
}

/* STATUS with LINES to MSG, which it takes over; nothing is ever answered to an ACK. */
static void reply_stateless(struct wire *wire, msg_t *msg, int status, const char *lines)
{
	const struct origin *origin = origin_of(msg);
	const sip_t *sip = sip_object(msg);
	struct response_head head = { 0 };
	char tag[20], *bytes = NULL;
	size_t length;

	if (origin && sip->sip_request->rq_method != sip_method_ack &&
	    response_head_make(&head, sip) == 0) {
		write_tag(wire, msg, tag);
		bytes = response_write(&head,
				       &(struct response_parts){ .status = status,
								 .tag = tag,
								 .lines = lines },
				       &length);
	}
	if (bytes)
		emit(wire, &origin->back, bytes, length, 0);
	free(bytes);
	response_head_clear(&head);
	msg_destroy(msg);
}

void reply_refuse_stateless(struct wire *wire, msg_t *msg, const struct refusal *why)
{
	char *lines = lines_of(wire, why);

	reply_stateless(wire, msg, why->status, lines);
	free(lines);
}

void reply_options(struct wire *wire, msg_t *msg)
{
	struct pen pen = { 0 };
	size_t length;
	char *lines;

	pen_format(&pen,
		   "Allow: %s\r\nSupported: %s\r\nAccept: application/sdp, "
		   "multipart/mixed\r\n",
		   ability_allow, ability_supported);
	lines = memory_checked(pen_end(&pen, &length));
	reply_stateless(wire, msg, 200, lines);
	free(lines);
}
