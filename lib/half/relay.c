/* SPDX-License-Identifier: MIT */
#include "half/relay.h"

#include "half/fork.h"
#include "wire/listener.h"
#include "wire/message.h"

#include <errno.h>

/* Sends MSG, a request addressed in the dialog with EXCHANGE's other side; takes MSG over. */
static int send_in_dialog(struct half_call *half, struct exchange *exchange,
			  uac_heard_f *heard, msg_t *msg)
{
	const char *user = exchange->from == SIDE_CALLER ? half->in->facts.caller.user
							 : half->in->called;
	struct way way;
	int err = half_way(half, msg, &way);

	if (err < 0) {
		msg_destroy(msg);
		return err;
	}
	if (sip_object(msg)->sip_contact)
		message_set_contact(msg, user, way.listener);
	exchange->client = uac_send(half->stock->wire, &way, msg, heard, exchange);
	return exchange->client ? 0 : half_cannot_send(half, &way);
}

static bool refreshes_target(sip_method_t method)
{
	return method == sip_method_invite || method == sip_method_update;
}

msg_t *relay_response_for(struct half_call *half, struct uas *server, msg_t *response,
			  const char *tag)
{
	msg_t *msg = uas_response_from(server, response, tag);
	sip_t *sip = sip_object(msg);

	if (sip->sip_contact && sip->sip_status->st_status < 300)
		message_set_contact(msg, half->in->called, half->in->listener);
	return msg;
}

int relay_response(struct exchange *exchange, msg_t *response)
{
	return uas_send(
		exchange->server,
		relay_response_for(exchange->half, exchange->server, response, NULL));
}

static void on_response(void *context, struct uac *client, int status, msg_t *response)
{
	struct exchange *exchange = context;
	struct half_call *half = exchange->half;
	sip_method_t method = sip_object(exchange->request)->sip_request->rq_method;
	struct dialog *dialog =
		fork_dialog(half, exchange->fork, other_side(exchange->from));

	(void)client;
	if (response)
		relay_response(exchange, response);
	else
		uas_reply(exchange->server, status, NULL);
	if (status < 200)
		return;
	if (status < 300 && refreshes_target(method) && dialog)
		dialog_refresh(dialog, sip_object(response));
	if (status >= 300 || method != sip_method_invite)
		exchange_free(exchange);	/* a 2xx to INVITE: kept until its ACK */
}

static int write_rack(msg_t *msg, const struct exchange *exchange)
{
	sip_rack_t *rack = sip_object(msg)->sip_rack;

	if (!rack)
		return -EINVAL;
	rack->ra_response = exchange->rack_rseq;
	rack->ra_cseq = exchange->rack_cseq;
	sip_fragment_clear(&rack->ra_common);
	return 0;
}

int relay_in_dialog(struct half_call *half, struct exchange *exchange)
{
	struct dialog *from = fork_dialog(half, exchange->fork, exchange->from);
	struct dialog *to = fork_dialog(half, exchange->fork, other_side(exchange->from));
	const sip_t *asked = sip_object(exchange->request);
	msg_t *msg;

	if (!to)
		return half_break(half, -ENOTCONN);
	if (from && refreshes_target(asked->sip_request->rq_method))
		dialog_refresh(from, asked);
	msg = message_copy(exchange->request);
	exchange->cseq = dialog_next_cseq(to);
	dialog_address(to, msg, exchange->cseq);
	if (exchange->rack_cseq && write_rack(msg, exchange) < 0) {
		msg_destroy(msg);
		return -EINVAL;
	}
	return send_in_dialog(half, exchange, on_response, msg);
}

static void on_ack(void *context, msg_t *ack)
{
	struct exchange *exchange = context;

	exchange->second = ack;
	if (exchange->half)
		half_raise(exchange->half, ON_ACK, 0, exchange->from, exchange);
	/* half_raise() may have freed the exchange. */
}

static void on_cancel(void *context, msg_t *cancel)
{
	struct exchange *exchange = context;

	(void)cancel;
	if (exchange->client)
		uac_cancel(exchange->client, NULL);
}

static void on_lost(void *context, enum uas_loss why)
{
	if (why == UAS_NO_ACK)
		exchange_free(context);
}

void relay_listen(struct exchange *exchange)
{
	static const struct uas_events events = { .ack = on_ack,
						  .cancel = on_cancel,
						  .lost = on_lost };

	if (exchange->is_invite)
		uas_bind(exchange->server, &events, exchange);
}

int relay_progress(struct half_call *half, int status)
{
	sip_contact_t *contact = sip_contact_format(NULL, "<sip:%s>",
						    listener_address(half->in->listener));
	int err = uas_reply(half->invite.server, status, contact);

	su_free(NULL, contact);
	return err;
}

bool relay_has_bye_out(struct half_call *half)
{
	struct list *node;

	for (node = half->exchanges.next; node != &half->exchanges; node = node->next) {
		const struct exchange *exchange =
			container_of(node, struct exchange, life.node);

		if (exchange->is_bye && exchange->client)
			return true;
	}
	return false;
}

static void on_bye_response(void *context, struct uac *client, int status,
			    msg_t *response)
{
	struct exchange *exchange = context;
	struct half_call *half = exchange->half;

	(void)client;
	(void)response;
	if (status < 200)
		return;
	exchange_free(exchange);
	if (!relay_has_bye_out(half))
		half_raise(half, ON_DONE, 0, SIDE_CALLEE, NULL);
}

msg_t *relay_own_request(struct half_call *half, enum call_side side, sip_method_t method,
			 const char *name)
{
	const sip_t *invite = sip_object(half->in->request);
	const sip_addr_t *us = side == SIDE_CALLEE ? invite->sip_from : invite->sip_to;
	const sip_addr_t *them = side == SIDE_CALLEE ? invite->sip_to : invite->sip_from;

	return dialog_request(half->stock->wire, us, them, method, name);
}

int relay_bye(struct half_call *half, enum call_side side, const struct call_event *event)
{
	const struct exchange *source = event->on == ON_BYE ? event->message : NULL;
	struct dialog *dialog = half->leg[side].dialog;
	struct exchange *exchange;
	msg_t *msg;
	int err;

	if (!dialog)
		return half_break(half, -ENOTCONN);
	msg = source ? message_copy(source->request)
		     : relay_own_request(half, side, SIP_METHOD_BYE);
	dialog_address(dialog, msg, dialog_next_cseq(dialog));
	exchange = exchange_new(half->stock, &half->exchanges, NULL, other_side(side));
	exchange->half = half;
	exchange->is_bye = true;
	err = send_in_dialog(half, exchange, on_bye_response, msg);
	if (err < 0)
		exchange_free(exchange);
	else
		uac_want_status(exchange->client);
	return err;
}

int relay_reply(struct call *call, int status)
{
	struct exchange *exchange = call->event->message;

	if (!exchange || !exchange->server)
		return -ENOENT;
	uas_reply(exchange->server, status, NULL);
	exchange_drop_server(exchange);
	if (call->event->on != ON_BYE)	/* relay_bye() may still copy the headers of a BYE */
		exchange_free(exchange);
	return 0;
}

int relay_cancel(struct call *call)
{
	struct exchange *invite = &half_of(call)->invite;
	const struct call_event *event = call->event;
	const sip_reason_t *reason = NULL;

	if (!invite->client)
		return 0;
	if (event->on == ON_CANCEL && invite->second)
		reason = sip_object(invite->second)->sip_reason;
	uac_cancel(invite->client, reason);
	return 0;
}
