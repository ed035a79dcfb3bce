/* SPDX-License-Identifier: MIT */
#include "half/b2bua.h"

#include "base/clock.h"
#include "half/confirm.h"
#include "half/fork.h"
#include "half/relay.h"
#include "half/reliable.h"
#include "invite/invite.h"
#include "wire/listener.h"
#include "wire/message.h"

#include <errno.h>
#include <inttypes.h>

/* What a response of FORK (NULL = one too many) to our INVITE is for the table. */
static enum call_on event_of(struct half_call *half, int status, struct fork *fork)
{
	if (status >= 300)
		return call_on_final(status);
	if (!fork) {
		half_break(half, fault_say(&half->broken, EMLINK,
					   "more than %d telephones ring", FORKS_MAX));
		return ON_BROKEN;
	}
	if (status < 200)
		return ON_PROGRESS;
	fork_settle(half, fork, SIDE_CALLEE);
	return ON_ANSWER;
}

static void on_response(void *context, struct uac *client, int status, msg_t *response)
{
	struct half_call *half = context;
	const sip_t *sip = response ? sip_object(response) : NULL;
	struct fork *fork = status < 300 ? fork_of(half, sip) : NULL;

	if (status < 200 && fork && !reliable_is_new(fork, sip))
		return;
	half->heard = response;
	half->heard_fork = fork;
	half->silence = uac_why(client);
	half_raise(half, event_of(half, status, fork), status, SIDE_CALLEE, NULL);
	half->heard = NULL;
	half->heard_fork = NULL;
	half->silence = NULL;
	if (status < 300)
		return;
	/* The failed transaction is freed; the table may have begun another in its place. */
	if (half->invite.client == client)
		half->invite.client = NULL;
	uac_free(client);
}

static void open_caller(struct half_call *half)
{
	struct leg *leg = &half->leg[SIDE_CALLER];

	if (!leg->dialog)
		leg_open(half->stock, leg,
			 dialog_as_uas(half->home, sip_object(half->in->request),
				       uas_tag(half->invite.server)));
}

/* Opens a dialog with a new Call-ID and From tag, and writes them into MSG, the INVITE. */
static void open_callee(struct half_call *half, msg_t *msg)
{
	struct arena *arena = half->in->arena;
	struct dialog *dialog;
	uint64_t random[2];

	su_randmem(random, sizeof random);
	dialog =
		dialog_as_uac(half->home,
			      arena_printf(arena, "hc-%s-%016" PRIx64 "@%s", half->in->id,
					   random[0], listener_host(half->in->listener)),
			      arena_printf(arena, "%016" PRIx64, random[1]));
	dialog_open(dialog, msg);
	leg_open(half->stock, &half->leg[SIDE_CALLEE], dialog);
}

static int b2bua_invite(struct call *call, const struct target *target)
{
	struct half_call *half = half_of(call);
	struct exchange *exchange = &half->invite;
	msg_t *msg = message_copy(half->in->request);
	sip_t *sip = sip_object(msg);
	struct way way;
	int err;

	/* invite_write() needs the Route headers; Via and Record-Route are removed after it. */
	half->phase_out = invite_phase(half->in, target);
	invite_write(half->in, msg, target);
	message_remove_all(msg, (sip_header_t *)sip->sip_via);
	message_remove_all(msg, (sip_header_t *)sip->sip_record_route);
	err = half_way(half, msg, &way);
	if (err < 0) {
		msg_destroy(msg);
		return err;
	}
	message_set_contact(msg, half->in->facts.caller.user, way.listener);
	open_caller(half);
	open_callee(half, msg);
	half_abandon_invite(half);
	fork_leave(half);
	exchange->cseq = dialog_cseq(half->leg[SIDE_CALLEE].dialog);
	exchange->client = uac_send(half->stock->wire, &way, msg, on_response, half);
	return exchange->client ? 0 : half_cannot_send(half, &way);
}

static int b2bua_progress(struct call *call, int status)
{
	struct half_call *half = half_of(call);
	const sip_t *heard = half->heard ? sip_object(half->heard) : NULL;
	msg_t *msg;

	open_caller(half);
	if (call->event->on != ON_PROGRESS || !heard)
		return relay_progress(half, status);
	msg = relay_response_for(half, half->invite.server, half->heard,
				 half->heard_fork->ours);
	if (reliable_is_asked(heard))
		return reliable_pass(half, half->heard_fork, msg, heard);
	return uas_send(half->invite.server, msg);
}

static int b2bua_answer(struct call *call)
{
	struct half_call *half = half_of(call);

	half->answered_ms = clock_mono_ms();
	fork_settle(half, half->heard_fork, SIDE_CALLER);
	fork_part(half);
	return uas_send(half->invite.server,
			relay_response_for(half, half->invite.server, half->heard,
					   half->heard_fork->ours));
}

static int b2bua_reject(struct call *call, int status, const struct verdict *why)
{
	struct half_call *half = half_of(call);
	int err;

	if (!half->invite.server)
		return -ENOENT;
	if (why || call->event->status != status || !half->heard)
		return half_refuse(half, status, why);
	err = relay_response(&half->invite, half->heard);
	exchange_drop_server(&half->invite);
	return err;
}

/* Acknowledges EXCHANGE's 2xx to the side that sent it: with a copy of SECOND, the other side's
 * ACK, or with a new ACK if SECOND is NULL. */
static int send_ack(struct half_call *half, struct exchange *exchange, msg_t *second)
{
	enum call_side to = other_side(exchange->from);
	struct dialog *dialog = half->leg[to].dialog;
	struct way way;
	msg_t *msg;
	int err;

	if (!dialog)
		return half_break(half, -ENOTCONN);
	msg = second ? message_copy(second) : relay_own_request(half, to, SIP_METHOD_ACK);
	dialog_address(dialog, msg, exchange->cseq);
	err = half_way(half, msg, &way);
	if (err < 0) {
		msg_destroy(msg);
		return err;
	}
	err = uac_ack(exchange->client, &way, msg);
	return err < 0 ? half_cannot_send(half, &way) : 0;
}

static int b2bua_ack(struct call *call)
{
	struct half_call *half = half_of(call);
	bool is_relayed = call->event->on == ON_ACK && call->event->message;
	struct exchange *exchange = is_relayed ? call->event->message : &half->invite;
	int err;

	if (!exchange->client)
		return 0;	/* acknowledged before; lib/wire repeats the ACK by itself */
	err = send_ack(half, exchange, is_relayed ? exchange->second : NULL);
	if (exchange != &half->invite) {
		exchange_free(exchange);
		return err;
	}
	exchange_drop_client(exchange);
	if (is_relayed)
		exchange_drop_server(exchange);
	return err;
}

static int b2bua_relay(struct call *call)
{
	return relay_in_dialog(half_of(call), call->event->message);
}

/* The caller has heard no answer: nothing but its INVITE is to be ended. */
static int part_from_caller(struct half_call *half)
{
	int err = half->invite.server ? half_refuse(half, 500, NULL) : 0;

	leg_close(half->stock, &half->leg[SIDE_CALLER]);
	if (!relay_has_bye_out(half))
		half_raise(half, ON_DONE, 0, SIDE_CALLER, NULL);
	return err;
}

static int b2bua_bye(struct call *call, enum call_side side)
{
	struct half_call *half = half_of(call);

	if (side == SIDE_CALLER && !half_has_told(half))
		return part_from_caller(half);
	return relay_bye(half, side, call->event);
}

const struct call_port b2bua_port = {
	.invite = b2bua_invite,
	.progress = b2bua_progress,
	.answer = b2bua_answer,
	.act = confirm_act,
	.confirm = confirm_answer,
	.reject = b2bua_reject,
	.cancel = relay_cancel,
	.ack = b2bua_ack,
	.relay = b2bua_relay,
	.reply = relay_reply,
	.bye = b2bua_bye,
	.arm = half_arm,
	.note = half_note,
	.ended = half_ended,
};
