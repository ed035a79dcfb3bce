/* SPDX-License-Identifier: MIT */
/*
 * The call's port as a back-to-back user agent: each side has a dialog of its own with us
 * (protocol.md section 1).
 */
#include "agent/confirm.h"
#include "agent/dialog.h"
#include "agent/message.h"
#include "agent/receive.h"
#include "agent/relay.h"
#include "agent/reliable.h"
#include "agent/route.h"
#include "agent/send.h"
#include "base/clock.h"

#include <errno.h>

/*
 * Writes what makes MSG an answer to SERVER's request.  Left to Sofia, it would let go of
 * the message MSG is a copy of, whose text MSG still needs when it is sent again.
 */
static int write_transaction(msg_t *msg, nta_incoming_t *server)
{
	msg_t *request = nta_incoming_getrequest(server);
	const sip_t *asked = sip_object(request);
	const char *tag = nta_incoming_gettag(server);
	int err = sip_add_tl(msg, sip_object(msg), SIPTAG_VIA(asked->sip_via),
			     SIPTAG_FROM(asked->sip_from), SIPTAG_TO(asked->sip_to),
			     SIPTAG_CALL_ID(asked->sip_call_id),
			     SIPTAG_CSEQ(asked->sip_cseq), TAG_END()) < 0
			  ? -ENOMEM
			  : 0;

	msg_destroy(request);
	return err || !tag ? err : message_set_to_tag(msg, tag);
}

/*
 * MSG, a response of the callee, as one for the caller's transaction SERVER: hops and
 * dialog become the caller's, all else stays as it came.  NULL when out of memory.
 */
static msg_t *response_for(struct half_call *half, nta_incoming_t *server,
			   msg_t *response)
{
	msg_t *msg = message_copy(response);
	sip_t *sip = sip_object(msg);
	int status;

	if (!msg)
		return NULL;
	status = sip->sip_status->st_status;
	message_strip_hops(msg);
	message_remove_all(msg, (sip_header_t *)sip->sip_from);
	message_remove_all(msg, (sip_header_t *)sip->sip_to);
	message_remove_all(msg, (sip_header_t *)sip->sip_call_id);
	message_remove_all(msg, (sip_header_t *)sip->sip_cseq);
	message_strip_reliable(msg);
	if ((sip->sip_contact && status < 300 &&
	     message_set_contact(msg, half->in.facts.called.user, half->in.listener) <
		     0) ||
	    write_transaction(msg, server) < 0 ||
	    nta_incoming_complete_response(server, msg, status, NULL, TAG_END()) < 0) {
		msg_destroy(msg);
		return NULL;
	}
	return msg;
}

int b2bua_relay_response(struct exchange *exchange, msg_t *response)
{
	msg_t *msg = response_for(exchange->half, exchange->server, response);

	return msg && nta_incoming_mreply(exchange->server, msg) >= 0 ? 0 : -EIO;
}

static int on_invite_response(struct exchange *exchange, nta_outgoing_t *client,
			      const sip_t *sip)
{
	struct half_call *half = exchange->half;
	int status = sip ? sip->sip_status->st_status : 408;
	struct fork *fork = NULL;

	exchange->has_provisional = true;
	if (status < 200)
		relay_cancel_held(exchange);
	if (status <= 100)
		return 0;
	if (status < 200 && (fork = fork_of(half, sip)) && !reliable_is_new(fork, sip))
		return 0;
	if (status < 300 &&
	    ((status < 200 && !fork) || dialog_learn_callee(half, sip) < 0))
		half_raise(half, ON_BROKEN, status, SIDE_CALLEE, NULL);
	else if (status < 200)
		half_raise(half, ON_PROGRESS, status, SIDE_CALLEE, NULL);
	else if (status < 300)
		half_raise(half, ON_ANSWER, status, SIDE_CALLEE, NULL);
	else
		half_raise(half, call_on_final(status), status, SIDE_CALLEE, NULL);

	if (status >= 300) {
		/* A failed client is over; the table may have put another in its place. */
		if (exchange->client == client)
			exchange->client = NULL;
		nta_outgoing_destroy(client);
	}
	return 0;
}

static int b2bua_invite(struct call *call, const struct target *target)
{
	struct half_call *half = half_of(call);
	struct exchange *exchange = &half->invite;
	msg_t *msg = message_copy(half->in.request);
	const struct listener *listener = NULL;
	int err;

	if (!msg)
		return -ENOMEM;
	relay_trying(exchange);
	/* Route is read before the hops are taken off. */
	err = half_write_invite(half, msg, target);
	if (!err) {
		const sip_t *sip = sip_object(msg);

		message_remove_all(msg, (sip_header_t *)sip->sip_via);
		message_remove_all(msg, (sip_header_t *)sip->sip_record_route);
		listener = half_listener(half, route_first(sip));
		err = listener ? 0 : -EADDRNOTAVAIL;
	}
	if (!err)
		err = message_set_contact(msg, half->in.facts.caller.user, listener);
	if (!err)
		err = dialog_open_caller(half);
	if (!err)
		err = dialog_open_callee(half, msg);
	if (err) {
		msg_destroy(msg);
		return err;
	}
	/* The INVITE of the target before, if it never answered; if it did, its callback is
	 * running and lets it go. */
	if (exchange->client && nta_outgoing_status(exchange->client) < 200)
		nta_outgoing_destroy(exchange->client);
	fork_leave(half);
	exchange->cseq = half->dialog[SIDE_CALLEE].cseq;
	exchange->has_provisional = exchange->is_cancelled = false;
	exchange->client = send_request(half->in.agent, msg,
					&(struct sending){
						.peer = half->in.peer,
						.preferred = half->in.listener,
						.exchange = exchange,
						.callback = on_invite_response,
					});
	return exchange->client ? 0 : -EIO;
}

static int b2bua_progress(struct call *call, int status)
{
	struct half_call *half = half_of(call);
	msg_t *response, *msg;
	int err;

	if ((err = dialog_open_caller(half)))
		return err;
	if (call->event->on != ON_PROGRESS)
		return relay_progress(half, status);
	response = nta_outgoing_getresponse(half->invite.client);
	msg = response_for(half, half->invite.server, response);
	if (!msg)
		err = -ENOMEM;
	else if (reliable_is_asked(sip_object(response)))
		err = reliable_pass(half, msg, sip_object(response));
	else
		err = nta_incoming_mreply(half->invite.server, msg) < 0 ? -EIO : 0;
	msg_destroy(response);
	return err;
}

static int b2bua_answer(struct call *call)
{
	struct half_call *half = half_of(call);
	msg_t *response = nta_outgoing_getresponse(half->invite.client);
	int err = b2bua_relay_response(&half->invite, response);

	half->answered_ms = clock_mono_ms();
	msg_destroy(response);
	return err;
}

static int b2bua_reject(struct call *call, int status, const struct verdict *why)
{
	struct half_call *half = half_of(call);
	msg_t *response;
	int err;

	if (!half->invite.server)
		return -ENOENT;
	if (why || call->event->status != status || !half->invite.client)
		return half_refuse(half, status, why);

	response = nta_outgoing_getresponse(half->invite.client);
	err = b2bua_relay_response(&half->invite, response);
	msg_destroy(response);
	nta_incoming_destroy(half->invite.server);
	half->invite.server = NULL;
	return err;
}

static int b2bua_cancel(struct call *call)
{
	return relay_cancel(&half_of(call)->invite, call->event);
}

/* Sends the ACK of EXCHANGE's 2xx to the other side: a copy of SECOND, or one of our own. */
static int send_ack(struct half_call *half, struct exchange *exchange, msg_t *second)
{
	enum call_side to = exchange->from == SIDE_CALLER ? SIDE_CALLEE : SIDE_CALLER;
	msg_t *msg =
		second ? message_copy(second) : dialog_request(half, to, SIP_METHOD_ACK);
	const char *branch = nta_outgoing_branch(exchange->client);
	nta_outgoing_t *ack;
	int err;

	if (!msg || !branch) {
		msg_destroy(msg);
		return -ENOENT;
	}
	err = dialog_address(half, to, msg, exchange->cseq);
	if (err) {
		msg_destroy(msg);
		return err;
	}
	ack = send_request(half->in.agent, msg,
			   &(struct sending){
				   .peer = half->in.peer,
				   .preferred = half->in.listener,
				   .ack_branch = branch,
			   });
	nta_outgoing_destroy(ack);
	return ack ? 0 : -EIO;
}

static int b2bua_ack(struct call *call)
{
	struct half_call *half = half_of(call);
	bool is_relayed = call->event->on == ON_ACK && call->event->message;
	struct exchange *exchange = is_relayed ? call->event->message : &half->invite;
	int err;

	if (!exchange->client)
		return 0;	/* acknowledged before: a retransmission Sofia takes care of */
	err = send_ack(half, exchange, is_relayed ? exchange->second : NULL);
	if (exchange != &half->invite) {
		exchange_free(exchange);
		return err;
	}
	nta_outgoing_destroy(exchange->client);
	exchange->client = NULL;
	if (is_relayed) {
		nta_incoming_destroy(exchange->server);
		exchange->server = NULL;
	}
	return err;
}

static int b2bua_relay(struct call *call)
{
	return relay_in_dialog(half_of(call), call->event->message);
}

static int b2bua_bye(struct call *call, enum call_side side)
{
	return relay_bye(half_of(call), side, call->event);
}

const struct call_port b2bua_port = {
	.invite = b2bua_invite,
	.progress = b2bua_progress,
	.answer = b2bua_answer,
	.act = confirm_act,
	.confirm = confirm_answer,
	.reject = b2bua_reject,
	.cancel = b2bua_cancel,
	.ack = b2bua_ack,
	.relay = b2bua_relay,
	.reply = relay_reply,
	.bye = b2bua_bye,
	.arm = half_arm,
	.note = half_note,
	.ended = half_ended,
};
