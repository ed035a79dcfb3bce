/* SPDX-License-Identifier: MIT */
#pragma once
/* Requests on their way through a b2bua call, and what both models do with transactions. */
#include "agent/half.h"

/** Sends EXCHANGE's request in the other side's dialog; the responses come back by
 *  themselves.  On failure the exchange stays with its unanswered server transaction. */
int relay_in_dialog(struct half_call *half, struct exchange *exchange);

/** 100 to EXCHANGE's INVITE, unless more was said: the last response is what a repeated INVITE
 *  hears (RFC 3261 section 17.2.1). */
void relay_trying(struct exchange *exchange);

/** Tells the caller STATUS (181) by ourselves, with our Contact: where he demands 100rel, his
 *  PRACK comes back to us. */
int relay_progress(struct half_call *half, int status);

/** Sends BYE in the dialog with SIDE, with the headers of EVENT's BYE if it is one;
 *  ON_DONE follows when it, and any other, is over. */
int relay_bye(struct half_call *half, enum call_side side,
	      const struct call_event *event);

/** The port's reply: answers the event's request ourselves. */
int relay_reply(struct call *call, int status);

/** Cancels EXCHANGE's client, now or as soon as the callee has said anything at all
 *  (RFC 3261 section 9.1); EVENT may be the CANCEL, whose Reason goes on. */
int relay_cancel(struct exchange *exchange, const struct call_event *event);

/** Sends the CANCEL relay_cancel() held back; call at every provisional response. */
void relay_cancel_held(struct exchange *exchange);

/** b2bua: the callee's or caller's RESPONSE on the way back through EXCHANGE. */
int b2bua_relay_response(struct exchange *exchange, msg_t *response);
