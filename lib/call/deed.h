/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Guards and deeds, of which the table is made.  Guards (call_if_...) ask about the call
 * and the event being handled and change nothing.  Deeds (call_do_...) act through the
 * port, in the order their comment says, stop at the first port function that fails and
 * return its error; they never assign the state.
 */
#include "call/call.h"

bool call_if_always(const struct call *call);
/** The verdict says no. */
bool call_if_is_rejected(const struct call *call);
/** The verdict is an action and no call. */
bool call_if_is_feature(const struct call *call);
/** There is a forwarding for the event, and it is not refused. */
bool call_if_may_forward(const struct call *call);
/** There is a forwarding for the event, but it is refused (a loop, or not permitted). */
bool call_if_is_refused(const struct call *call);
/** The event leads to coverage, and there is another point that is not refused. */
bool call_if_may_cover(const struct call *call);
bool call_if_is_proxied(const struct call *call);
bool call_if_from_caller(const struct call *call);
/** For BROKEN: it happened while a final failure of the callee was handled. */
bool call_if_is_callee_over(const struct call *call);
/** For BROKEN: it happened while the callee's 2xx was handled, in the b2bua model. */
bool call_if_is_callee_owned(const struct call *call);

/* The INVITE on its way. */
int call_do_pass(struct call *call);		/* invite as dialled */
int call_do_forward(struct call *call);		/* progress 181, invite the new target */
int call_do_cover(struct call *call);		/* progress 181, invite the next point */
int call_do_swap_forward(struct call *call);	/* hang_up, then forward */
int call_do_swap_cover(struct call *call);	/* hang_up, then cover */
int call_do_ring(struct call *call);		/* relay the first progress */
int call_do_relay_progress(struct call *call);
int call_do_relay_answer(struct call *call);

/* A feature instead of a call. */
int call_do_act(struct call *call);
int call_do_confirm(struct call *call);
int call_do_refuse_action(struct call *call);	/* reject as the event says, by the verdict */
int call_do_release(struct call *call);		/* bye the caller */

/* Final failures to the caller. */
int call_do_reject_verdict(struct call *call);	/* reject as the verdict says */
int call_do_refuse(struct call *call);		/* reject as the redirect says */
int call_do_cancel_refuse(struct call *call);	/* cancel, then refuse */
int call_do_relay_failure(struct call *call);	/* reject with the callee's response */
int call_do_give_up(struct call *call);		/* cancel, reject 480 */
int call_do_reject_cancelled(struct call *call);	/* reject 487 */
int call_do_cancel_both(struct call *call);	/* reject 487, cancel */

/* Cancelling the callee without an answer to the caller. */
int call_do_cancel_callee(struct call *call);
int call_do_await_final(struct call *call);	/* nothing: it is cancelled already */

/* Inside the dialog. */
int call_do_relay_ack(struct call *call);
int call_do_relay_request(struct call *call);	/* or answer it 500, and go on */
int call_do_reply_481(struct call *call);
int call_do_reply_200(struct call *call);
int call_do_take_bye(struct call *call);	/* reply 200; there is no other side */

/* The end of a dialog. */
int call_do_relay_bye(struct call *call);	/* or answer it 500 */
int call_do_pass_bye(struct call *call);	/* reply 200, bye the other side */
int call_do_ack_pass_bye(struct call *call);	/* reply 200, ack, bye the other side */
int call_do_bye_early(struct call *call);	/* reply 200, reject 487, cancel */
int call_do_bye_replacing(struct call *call);	/* reply 200, reject 487 */
int call_do_hang_up(struct call *call);		/* ack, bye the callee */
int call_do_part(struct call *call);		/* ack, bye the callee, bye the caller */
int call_do_time_out(struct call *call);	/* nothing is left to do */
int call_do_nothing(struct call *call);

/* For BROKEN: all steps are tried even if one fails; the first error is returned. */
int call_do_tell_broken(struct call *call);	/* reject 500, unless a final went out */
int call_do_break_off(struct call *call);	/* tell_broken, cancel */
int call_do_break_answer(struct call *call);	/* tell_broken, ack, bye the callee */
int call_do_break_answered(struct call *call);	/* ack, bye the callee, bye the caller */
int call_do_break_talk(struct call *call);	/* bye the callee, bye the caller */
int call_do_break_confirmed(struct call *call);	/* bye the caller */
int call_do_let_go(struct call *call);		/* nothing: a proxy owns no dialog */
