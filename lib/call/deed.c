/* SPDX-License-Identifier: MIT */
/* The deeds.  Each one that decides something records it, once. */
#include "call/deed.h"

#include "call/redirect.h"

#include <errno.h>

enum {
	SIP_OK = 200,
	SIP_FORWARDED = 181,
	SIP_NO_ANSWER = 480,
	SIP_NO_DIALOG = 481,
	SIP_LOOP = 482,
	SIP_CANCELLED = 487,
	SIP_BROKEN = 500,
};

static void note(struct call *call, enum call_note what, int status)
{
	call->port->note(call, what, status, NULL, NULL);
}

static void note_redirect(struct call *call, enum call_note what, int status,
			  const struct redirect *redirect)
{
	call->why = redirect->sentence;
	call->port->note(call, what, status, redirect->rule, redirect->destination);
	call->why = NULL;
}

static const char *verdict_rule(const struct call *call)
{
	const char *rule = call->verdict->rule;

	return rule != NULL && rule[0] != '\0' ? rule : NULL;
}

/* A final failure to the caller; remembered only if it went out. */
static int tell(struct call *call, int status, const struct verdict *why)
{
	int err = call->port->reject(call, status, why);

	if (err >= 0)
		call->status = status;
	return err;
}

static int first_error(int one, int other)
{
	return one < 0 ? one : other;
}

static enum call_side other_side(enum call_side side)
{
	return side == SIDE_CALLER ? SIDE_CALLEE : SIDE_CALLER;
}

int call_do_pass(struct call *call)
{
	int err = call->port->invite(call, &(struct target){ .destination = NULL });

	if (err >= 0)
		call->port->note(call, NOTE_PASS, 0, verdict_rule(call), NULL);
	return err;
}

/* Sends 181 to the caller and invites the target of REDIRECT. */
static int send_on(struct call *call, const struct redirect *redirect,
		   enum call_note what)
{
	struct target target;
	int err = call->port->progress(call, SIP_FORWARDED);

	if (err < 0)
		return err;
	target = call_take(call, redirect);
	err = call->port->invite(call, &target);
	if (err >= 0)
		note_redirect(call, what, call->event->status, redirect);
	return err;
}

int call_do_forward(struct call *call)
{
	return send_on(call, call_forwarding(call), NOTE_FORWARD);
}

static void pass_over(struct call *call, const struct redirect *point)
{
	if (point->refusal != 0)
		note_redirect(call, NOTE_PASS_OVER, point->refusal, point);
	else
		call->port->note(call, NOTE_PASS_OVER, SIP_LOOP, "coverage:loop",
				 point->destination);
}

int call_do_cover(struct call *call)
{
	const struct redirect *point = call_cover(call);

	if (point == NULL)
		return -ENOENT;		/* cannot happen: every row that covers asks may_cover */
	call_pass_points(call, point, pass_over);
	return send_on(call, point, NOTE_COVER);
}

int call_do_swap_forward(struct call *call)
{
	int err = call_do_hang_up(call);

	return err < 0 ? err : call_do_forward(call);
}

int call_do_swap_cover(struct call *call)
{
	int err = call_do_hang_up(call);

	return err < 0 ? err : call_do_cover(call);
}

int call_do_ring(struct call *call)
{
	int err = call_do_relay_progress(call);

	if (err >= 0)
		note(call, NOTE_RING, call->event->status);
	return err;
}

int call_do_relay_progress(struct call *call)
{
	return call->port->progress(call, call->event->status);
}

int call_do_relay_answer(struct call *call)
{
	int err = call->port->answer(call);

	if (err < 0)
		return err;
	call->status = call->event->status;
	note(call, NOTE_ANSWER, call->status);
	return 0;
}

int call_do_act(struct call *call)
{
	return call->port->act(call);
}

int call_do_confirm(struct call *call)
{
	int err = call->port->confirm(call);

	if (err < 0)
		return err;
	call->status = SIP_OK;
	call->port->note(call, NOTE_FEATURE, SIP_OK, verdict_rule(call),
			 call->verdict->argument);
	return 0;
}

int call_do_refuse_action(struct call *call)
{
	int err = tell(call, call->event->status, call->verdict);

	if (err >= 0)
		call->port->note(call, NOTE_REJECT, call->status, verdict_rule(call),
				 NULL);
	return err;
}

int call_do_release(struct call *call)
{
	int err = call->port->bye(call, SIDE_CALLER);

	if (err >= 0)
		note(call, NOTE_RELEASE, 0);
	return err;
}

int call_do_reject_verdict(struct call *call)
{
	int err = tell(call, call->verdict->status, call->verdict);

	if (err >= 0)
		call->port->note(call, NOTE_REJECT, call->status, verdict_rule(call),
				 NULL);
	return err;
}

int call_do_refuse(struct call *call)
{
	const struct redirect *forwarding = call_forwarding(call);
	const struct verdict why = {
		.kind = VERDICT_REJECT,
		.status = forwarding->refusal,
		.cause = forwarding->cause,
		.rule = forwarding->rule,
		.sentence = forwarding->sentence,
	};
	int err = tell(call, forwarding->refusal, &why);

	if (err >= 0)
		note_redirect(call, NOTE_REFUSE, call->status, forwarding);
	return err;
}

int call_do_cancel_refuse(struct call *call)
{
	int err = call->port->cancel(call);

	return err < 0 ? err : call_do_refuse(call);
}

int call_do_relay_failure(struct call *call)
{
	int err = tell(call, call->event->status, NULL);

	if (err >= 0)
		note(call, NOTE_FAILURE, call->status);
	return err;
}

int call_do_give_up(struct call *call)
{
	int err = call->port->cancel(call);

	if (err < 0)
		return err;
	err = tell(call, SIP_NO_ANSWER, NULL);
	if (err >= 0)
		note(call, NOTE_TIMEOUT, call->status);
	return err;
}

int call_do_reject_cancelled(struct call *call)
{
	int err = tell(call, SIP_CANCELLED, NULL);

	if (err >= 0)
		note(call, NOTE_CANCEL, call->status);
	return err;
}

int call_do_cancel_both(struct call *call)
{
	int err = call_do_reject_cancelled(call);

	return err < 0 ? err : call->port->cancel(call);
}

int call_do_cancel_callee(struct call *call)
{
	int err = call->port->cancel(call);

	if (err < 0)
		return err;
	if (call->event->on == ON_TIMEOUT)
		note_redirect(call, NOTE_NO_ANSWER, 0, call_redirect(call));
	else
		note(call, NOTE_CANCEL, 0);
	return 0;
}

int call_do_await_final(struct call *call)
{
	note(call, NOTE_CANCEL, 0);
	return 0;
}

int call_do_relay_ack(struct call *call)
{
	return call->port->ack(call);
}

int call_do_relay_request(struct call *call)
{
	/* A request that cannot be relayed is answered 500; the call goes on. */
	if (call->port->relay(call) < 0)
		return call->port->reply(call, SIP_BROKEN);
	return 0;
}

int call_do_reply_481(struct call *call)
{
	return call->port->reply(call, SIP_NO_DIALOG);
}

int call_do_reply_200(struct call *call)
{
	return call->port->reply(call, SIP_OK);
}

int call_do_take_bye(struct call *call)
{
	int err = call->port->reply(call, SIP_OK);

	if (err >= 0)
		note(call, NOTE_BYE, 0);
	return err;
}

int call_do_relay_bye(struct call *call)
{
	int err = call->port->relay(call);

	if (err < 0) {
		call->port->reply(call, SIP_BROKEN);
		return err;
	}
	note(call, NOTE_BYE, 0);
	return 0;
}

int call_do_pass_bye(struct call *call)
{
	int err = call->port->reply(call, SIP_OK);

	if (err < 0)
		return err;
	err = call->port->bye(call, other_side(call->event->from));
	if (err >= 0)
		note(call, NOTE_BYE, 0);
	return err;
}

int call_do_ack_pass_bye(struct call *call)
{
	int err = call->port->reply(call, SIP_OK);

	if (err < 0)
		return err;
	err = call->port->ack(call);
	if (err < 0)
		return err;
	err = call->port->bye(call, other_side(call->event->from));
	if (err >= 0)
		note(call, NOTE_BYE, 0);
	return err;
}

int call_do_bye_early(struct call *call)
{
	int err = call_do_bye_replacing(call);

	return err < 0 ? err : call->port->cancel(call);
}

int call_do_bye_replacing(struct call *call)
{
	int err = call->port->reply(call, SIP_OK);

	if (err < 0)
		return err;
	err = tell(call, SIP_CANCELLED, NULL);
	if (err >= 0)
		note(call, NOTE_BYE, call->status);
	return err;
}

int call_do_hang_up(struct call *call)
{
	int err = call->port->ack(call);

	if (err < 0)
		return err;
	err = call->port->bye(call, SIDE_CALLEE);
	if (err >= 0)
		note(call, NOTE_HANG_UP, 0);
	return err;
}

/*
 * Every step is tried, so that one unreachable side does not keep the other one waiting.
 */
static int part(struct call *call)
{
	int err = call->port->bye(call, SIDE_CALLEE);

	return first_error(err, call->port->bye(call, SIDE_CALLER));
}

static int ack_part(struct call *call)
{
	int err = call->port->ack(call);

	return first_error(err, part(call));
}

int call_do_part(struct call *call)
{
	note(call, NOTE_TIMEOUT, 0);
	return ack_part(call);
}

int call_do_time_out(struct call *call)
{
	note(call, NOTE_TIMEOUT, 0);
	return 0;
}

int call_do_nothing(struct call *call)
{
	(void)call;
	return 0;
}

int call_do_tell_broken(struct call *call)
{
	int err = call->status == 0 ? tell(call, SIP_BROKEN, NULL) : 0;

	note(call, NOTE_BROKEN, call->status);
	return err;
}

int call_do_break_off(struct call *call)
{
	int err = call_do_tell_broken(call);

	return first_error(err, call->port->cancel(call));
}

int call_do_break_answer(struct call *call)
{
	int err = call_do_tell_broken(call);

	err = first_error(err, call->port->ack(call));
	return first_error(err, call->port->bye(call, SIDE_CALLEE));
}

int call_do_break_answered(struct call *call)
{
	note(call, NOTE_BROKEN, 0);
	return ack_part(call);
}

int call_do_break_talk(struct call *call)
{
	note(call, NOTE_BROKEN, 0);
	return part(call);
}

int call_do_break_confirmed(struct call *call)
{
	note(call, NOTE_BROKEN, 0);
	return call->port->bye(call, SIDE_CALLER);
}

int call_do_let_go(struct call *call)
{
	note(call, NOTE_BROKEN, 0);
	return 0;
}
