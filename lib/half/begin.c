/* SPDX-License-Identifier: MIT */
#include "half/begin.h"

#include "half/b2bua.h"
#include "half/half.h"
#include "half/proxy.h"
#include "half/reliable.h"
#include "half/shown.h"

#include <errno.h>

static void on_ack(void *context, msg_t *ack)
{
	struct half_call *half = context;

	half->invite.second = ack;
	half_raise(half, ON_ACK, 0, SIDE_CALLER, &half->invite);
	half->invite.second = NULL;
}

static void end_unacknowledged(struct half_call *half, const char *why)
{
	half_break(half, fault_say(&half->broken, ETIMEDOUT, "%s", why));
	half_raise(half, ON_BROKEN, 0, SIDE_CALLER, NULL);
}

static void on_cancel(void *context, msg_t *cancel)
{
	struct half_call *half = context;

	if (call_state(&half->call) == CALL_ANSWERED && !half_has_told(half)) {
		half->is_untold = true;
		half_refuse(half, 487, NULL);
		end_unacknowledged(half, "the caller gave up before it acknowledged "
					 "the session that the answer is for");
		return;
	}
	half->invite.second = cancel;
	half_raise(half, ON_CANCEL, 0, SIDE_CALLER, &half->invite);
	half->invite.second = NULL;
}

static void on_prack(void *context, struct uas *prack, uint32_t rseq)
{
	reliable_acknowledged(context, prack, rseq);
}

/* That no ACK came is noticed by the timer of the call's state. */
static void on_lost(void *context, enum uas_loss why)
{
	struct half_call *half = context;

	if (why != UAS_NO_PRACK)
		return;
	end_unacknowledged(half, "the caller did not acknowledge a reliable response");
}

/* A call that is not refused takes a trunk member (call.trunk_members); the dialog that confirms a
 * dialled feature takes none. */
static void take_member(struct half_call *half)
{
	enum verdict_kind kind = half->in->verdict.kind;

	half->is_member = kind != VERDICT_REJECT && kind != VERDICT_FEATURE;
	half->stock->member_count += half->is_member;
}

void begin_half(struct stock *stock, struct uas *server, struct arrival *in,
		const struct held *held)
{
	static const struct uas_events events = {
		.ack = on_ack, .cancel = on_cancel, .prack = on_prack, .lost = on_lost
	};
	struct half_call *half = half_new(stock, server, in);
	bool is_proxied;

	half->held = *held;
	uas_bind(server, &events, half);
	arrival_decide(in);
	take_member(half);
	/* In either model this program ends the dialog that confirms a feature. */
	is_proxied = wire_is_proxy(stock->wire) && in->verdict.kind != VERDICT_FEATURE;
	call_init(&half->call, is_proxied ? &proxy_port : &b2bua_port, &in->verdict,
		  is_proxied);
	shown_take_line(half);
	half_raise(half, ON_INVITE, 0, SIDE_CALLER, NULL);
}
