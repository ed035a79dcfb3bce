/* SPDX-License-Identifier: MIT */
#include "wire/outbound_deed.h"

#include "wire/ack.h"
#include "wire/inbound.h"
#include "wire/lone.h"
#include "wire/outbound_parts.h"
#include "wire/timing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool outbound_deed_always(const struct outbound *outbound)
{
	(void)outbound;
	return true;
}

bool outbound_deed_is_cancel_held(const struct outbound *outbound)
{
	return outbound->reason != NULL;
}

bool outbound_deed_is_trying(const struct outbound *outbound)
{
	return outbound->heard->status <= 100;
}

bool outbound_deed_may_fall_back(const struct outbound *outbound)
{
	return outbound->datagram != NULL;
}

int outbound_deed_send_again(struct outbound *outbound)
{
	if (outbound->bytes)
		outbound_send(outbound);
	return 0;
}

int outbound_deed_hear(struct outbound *outbound)
{
	outbound->told = OUTBOUND_RESPONSE;
	return 0;
}

/* The bytes of the request are not needed any more. */
static void let_go(struct outbound *outbound)
{
	free(outbound->bytes);
	free(outbound->reason);
	free(outbound->datagram);
	outbound->bytes = outbound->reason = NULL;
	outbound->datagram = NULL;
}

int outbound_deed_finish(struct outbound *outbound)
{
	let_go(outbound);
	return outbound_deed_hear(outbound);
}

int outbound_deed_acknowledge(struct outbound *outbound)
{
	const struct outbound_heard *heard = outbound->heard;
	struct ack_invite invite = outbound_sent(outbound);
	struct glance_text response = { heard->bytes, heard->length };
	size_t length;
	char *ack = ack_write(&invite, response, &length);

	let_go(outbound);
	outbound->bytes = ack;
	outbound->length = length;
	if (ack)
		emit(outbound->wire, &outbound->to, ack, length, 0);
	return outbound_deed_hear(outbound);
}

/* A copy of a 2xx that has been told: its ACK was lost, or has not come yet. */
static void hear_copy(struct outbound *outbound, const struct outbound_fork *fork)
{
	struct wire *wire = outbound->wire;
	struct finder_entry *entry;

	if (fork->ack) {
		lone_send(wire, &fork->to, fork->ack, fork->length);
	} else if (outbound->passed_tag == fork->tag) {
		entry = finder_find(&wire->inbounds, outbound->passed_key, NULL);
		if (entry)
			inbound_send_again(container_of(entry, struct inbound, by_key));
	}
}

/* A 2xx whose user went, or another fork's: a proxy passes it on, a user agent ends what it began. */
static void hear_late(struct outbound *outbound, uint64_t tag)
{
	struct outbound_fork *fork;

	if (outbound->wire->settings->is_proxy) {
		outbound->told = OUTBOUND_STRAY;
		return;
	}
	fork = outbound_fork(outbound, tag);
	if (!fork)
		fork = outbound_add_fork(outbound, tag);
	if (fork && !fork->ack)
		outbound->unwanted = fork;
}

int outbound_deed_accept(struct outbound *outbound)
{
	const char *text = sip_object(outbound->heard->msg)->sip_to->a_tag;
	uint64_t tag = outbound_tag(outbound->wire, text ? text : "");
	struct outbound_fork *fork = outbound_fork(outbound, tag);

	let_go(outbound);
	if (fork && (fork->ack || outbound->tell))
		hear_copy(outbound, fork);
	else if (!outbound->tell || outbound->forks)
		hear_late(outbound, tag);
	else if (outbound_add_fork(outbound, tag))
		outbound->told = OUTBOUND_RESPONSE;
	return 0;
}

int outbound_deed_hold_cancel(struct outbound *outbound)
{
	(void)outbound;			/* outbound_cancel() keeps the reason */
	return 0;
}

int outbound_deed_send_cancel(struct outbound *outbound)
{
	outbound->sends_cancel = true;
	return 0;
}

int outbound_deed_hear_and_cancel(struct outbound *outbound)
{
	outbound_deed_send_cancel(outbound);
	return outbound_deed_hear(outbound);
}

int outbound_deed_fall_back(struct outbound *outbound)
{
	outbound->to = *outbound->datagram;
	free(outbound->datagram);
	outbound->datagram = NULL;
	outbound->err = 0;
	if (outbound_replace_via(outbound) < 0)
		return -ENOMEM;
	outbound_send(outbound);
	return 0;
}

int outbound_deed_tell_timeout(struct outbound *outbound)
{
	let_go(outbound);
	outbound->told = OUTBOUND_TIMEOUT;
	return 0;
}

int outbound_deed_tell_broken(struct outbound *outbound)
{
	let_go(outbound);
	outbound->told = OUTBOUND_FAILED;
	return 0;
}

int outbound_deed_ignore(struct outbound *outbound)
{
	(void)outbound;
	return 0;
}

void outbound_deed_arm(struct outbound *outbound, const struct life_state *state)
{
	bool is_stream = emit_is_stream(&outbound->to);
	int64_t now_ms = core_now_ms(outbound->wire);
	unsigned again_ms = is_stream ? 0 : state->again_ms;
	unsigned expires_ms = state->expires_ms;

	outbound->interval_ms = again_ms;
	outbound->again_ms = again_ms ? now_ms + again_ms : INT64_MAX;
	if (expires_ms == TIMING_C && !outbound->wire->settings->is_proxy)
		expires_ms = 0;		/* how long it rings is the user's to say */
	/* Timer F goes on. */
	if (!outbound->is_invite && outbound->life.state == OUTBOUND_OTHER_PROCEEDING)
		return;
	if (!expires_ms)
		outbound->expires_ms = INT64_MAX;
	else
		outbound->expires_ms =
			now_ms + (is_stream && state->is_short ? 0 : expires_ms);
}
