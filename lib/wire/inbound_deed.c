/* SPDX-License-Identifier: MIT */
#include "wire/inbound_deed.h"

#include "wire/timing.h"

#include <stdlib.h>

bool inbound_deed_always(const struct inbound *inbound)
{
	(void)inbound;
	return true;
}

bool inbound_deed_is_silent(const struct inbound *inbound)
{
	return !inbound->bytes;
}

bool inbound_deed_is_acknowledged(const struct inbound *inbound)
{
	return inbound->is_acknowledged;
}

bool inbound_deed_may_not_be_said(const struct inbound *inbound)
{
	return inbound->answer->status == 408;
}

/* Failures to send provisional responses are not reported; that of the final one is. */
static void send_bytes(struct inbound *inbound)
{
	uint64_t token = inbound->status >= 200 ? inbound->by_key.key[0] | 1 : 0;

	if (inbound->bytes &&
	    emit(inbound->wire, &inbound->to, inbound->bytes, inbound->length, token) < 0)
		inbound_deed_tell_lost(inbound);
}

/* A provisional response of this program is repeated each minute, to restart timer C of
 * proxies on its way. */
static void rest_after_progress(struct inbound *inbound)
{
	bool repeats = inbound->is_invite && inbound->status > 100 &&
		       inbound->status < 200 && !inbound->is_forwarded;

	inbound->again_ms =
		repeats ? core_now_ms(inbound->wire) + TIMING_PROGRESS : INT64_MAX;
	inbound->interval_ms = TIMING_PROGRESS;
}

int inbound_deed_send(struct inbound *inbound)
{
	const struct inbound_answer *answer = inbound->answer;

	free(inbound->bytes);
	inbound->bytes = answer->bytes;
	inbound->length = answer->length;
	inbound->status = (uint16_t)answer->status;
	inbound->is_own = answer->is_own && answer->status >= 200;
	inbound->is_forwarded = answer->is_forwarded;
	if (inbound->status < 200)
		rest_after_progress(inbound);
	send_bytes(inbound);
	return 0;
}

int inbound_deed_send_again(struct inbound *inbound)
{
	send_bytes(inbound);
	return 0;
}

int inbound_deed_send_trying(struct inbound *inbound)
{
	if (!inbound->events)
		return 0;
	inbound->bytes = inbound->events->trying(inbound->user, &inbound->length);
	inbound->status = 100;
	rest_after_progress(inbound);
	send_bytes(inbound);
	return 0;
}

int inbound_deed_let_go(struct inbound *inbound)
{
	free(inbound->bytes);
	inbound->bytes = NULL;
	inbound->again_ms = INT64_MAX;
	inbound->is_acknowledged = true;
	return 0;
}

int inbound_deed_tell_ack(struct inbound *inbound)
{
	inbound->told = INBOUND_TELLS_ACK;
	return inbound_deed_let_go(inbound);
}

int inbound_deed_tell_no_ack(struct inbound *inbound)
{
	inbound_deed_let_go(inbound);
	inbound->told = INBOUND_NO_ACK;
	return 0;
}

int inbound_deed_tell_lost(struct inbound *inbound)
{
	inbound->told = INBOUND_LOST;
	return 0;
}

int inbound_deed_ignore(struct inbound *inbound)
{
	(void)inbound;
	return 0;
}

void inbound_deed_arm(struct inbound *inbound, const struct life_state *state)
{
	bool is_stream = emit_is_stream(&inbound->to);
	int64_t now_ms = core_now_ms(inbound->wire);
	unsigned again_ms = state->again_ms, expires_ms = state->expires_ms;

	if (is_stream && !state->is_again_on_streams)
		again_ms = 0;
	/* A forwarded 2xx is retransmitted by the user agent that sent it. */
	if (inbound->status >= 200 && inbound->status < 300 && !inbound->is_own)
		again_ms = 0;
	if (is_stream && state->is_short)
		expires_ms = 0;
	inbound->interval_ms = again_ms;
	inbound->again_ms = again_ms ? now_ms + again_ms : INT64_MAX;
	inbound->expires_ms = state->expires_ms ? now_ms + expires_ms : INT64_MAX;
}
