/* SPDX-License-Identifier: MIT */
#include "agent/relay.h"

#include "agent/dialog.h"
#include "agent/fork.h"
#include "agent/message.h"
#include "agent/route.h"
#include "agent/send.h"

#include <errno.h>

static enum call_side other_side(enum call_side side)
{
	return side == SIDE_CALLER ? SIDE_CALLEE : SIDE_CALLER;
}

/* Sends MSG, a request in the dialog with the side EXCHANGE leads to; takes MSG over. */
static nta_outgoing_t *send_in_dialog(struct half_call *half, struct exchange *exchange,
				      nta_response_f *callback, msg_t *msg)
{
	const struct party *sender = exchange->from == SIDE_CALLER
					     ? &half->in.facts.caller
					     : &half->in.facts.called;
	const sip_t *sip = sip_object(msg);
	const struct listener *listener = half_listener(half, route_first(sip));

	if (listener && sip->sip_contact)
		message_set_contact(msg, sender->user, listener);
	return send_request(half->in.agent, msg,
			    &(struct sending){
				    .peer = half->in.peer,
				    .preferred = half->in.listener,
				    .exchange = exchange,
				    .callback = callback,
			    });
}

static bool refreshes_target(sip_method_t method)
{
	return method == sip_method_invite || method == sip_method_update;
}

static int on_relay_response(struct exchange *exchange, nta_outgoing_t *client,
			     const sip_t *sip)
{
	int status = sip ? sip->sip_status->st_status : 408;
	sip_method_t method = nta_outgoing_method(client);
	msg_t *response;

	exchange->has_provisional = true;
	if (status < 200)
		relay_cancel_held(exchange);
	if (status <= 100)
		return 0;
	response = nta_outgoing_getresponse(client);
	b2bua_relay_response(exchange, response);
	msg_destroy(response);
	if (status < 200)
		return 0;
	if (status < 300 && refreshes_target(method))
		dialog_refresh_target(exchange->half, other_side(exchange->from), sip);
	if (status >= 300 || method != sip_method_invite)
		exchange_free(exchange);	/* else the ACK is still to come */
	return 0;
}

static int write_rack(msg_t *msg, const struct exchange *exchange)
{
	sip_t *sip = sip_object(msg);
	sip_rack_t *rack = sip->sip_rack;

	if (!rack)
		return -EINVAL;
	rack->ra_response = exchange->rack_rseq;
	rack->ra_cseq = exchange->rack_cseq;
	sip_fragment_clear(&rack->ra_common);
	return 0;
}

int relay_in_dialog(struct half_call *half, struct exchange *exchange)
{
	enum call_side to = other_side(exchange->from);
	msg_t *msg = message_copy(exchange->request);
	sip_t *sip = sip_object(msg);
	int err;

	if (!msg)
		return -ENOMEM;
	if (refreshes_target(sip->sip_request->rq_method))
		dialog_refresh_target(half, exchange->from, sip);
	exchange->cseq = ++half->dialog[to].cseq;
	err = dialog_address(half, to, msg, exchange->cseq);
	if (!err && exchange->rack_cseq)
		err = write_rack(msg, exchange);
	if (!err && exchange->fork)
		err = fork_address(half, exchange->fork, msg);
	if (err) {
		msg_destroy(msg);
		return err;
	}
	exchange->client = send_in_dialog(half, exchange, on_relay_response, msg);
	return exchange->client ? 0 : -EIO;
}

void relay_trying(struct exchange *exchange)
{
	if (nta_incoming_status(exchange->server) < 100)
		nta_incoming_treply(exchange->server, SIP_100_TRYING, TAG_END());
}

int relay_progress(struct half_call *half, int status)
{
	const struct listener *listener = half->in.listener;
	sip_contact_t *contact =
		sip_contact_format(NULL, "<sip:%s:%u;transport=%s>", listener->host,
				   listener->port, listener->transport);
	int err = nta_incoming_treply(half->invite.server, status,
				      sip_status_phrase(status), SIPTAG_CONTACT(contact),
				      TAG_END());

	su_free(NULL, contact);
	return err < 0 ? -EIO : 0;
}

static bool has_bye_out(struct half_call *half)
{
	struct list *node;

	for (node = half->exchanges.next; node != &half->exchanges; node = node->next) {
		const struct exchange *exchange =
			container_of(node, struct exchange, node);

		if (exchange->is_bye && exchange->client)
			return true;
	}
	return false;
}

static int on_bye_response(struct exchange *exchange, nta_outgoing_t *client,
			   const sip_t *sip)
{
	struct half_call *half = exchange->half;

	(void)client;
	if (sip && sip->sip_status->st_status < 200)
		return 0;
	exchange_free(exchange);
	if (!has_bye_out(half))
		half_raise(half, ON_DONE, 0, SIDE_CALLEE, NULL);
	return 0;
}

int relay_bye(struct half_call *half, enum call_side side, const struct call_event *event)
{
	const struct exchange *source = event->on == ON_BYE ? event->message : NULL;
	struct exchange *exchange;
	msg_t *msg;
	int err;

	msg = source ? message_copy(source->request)
		     : dialog_request(half, side, SIP_METHOD_BYE);
	if (!msg)
		return -ENOMEM;
	err = dialog_address(half, side, msg, ++half->dialog[side].cseq);
	if (err) {
		msg_destroy(msg);
		return err;
	}
	exchange = exchange_new(half->in.agent, half, NULL, other_side(side));
	if (!exchange) {
		msg_destroy(msg);
		return -ENOMEM;
	}
	exchange->is_bye = true;
	exchange->client = send_in_dialog(half, exchange, on_bye_response, msg);
	if (exchange->client)
		return 0;
	exchange_free(exchange);
	return -EIO;
}

int relay_reply(struct call *call, int status)
{
	struct exchange *exchange = call->event->message;

	if (!exchange || !exchange->server)
		return -ENOENT;
	nta_incoming_treply(exchange->server, status, sip_status_phrase(status),
			    TAG_END());
	nta_incoming_destroy(exchange->server);
	exchange->server = NULL;
	if (call->event->on != ON_BYE)	/* a BYE's headers may still go to the other side */
		exchange_free(exchange);
	return 0;
}

/*
 * CANCEL of the INVITE as it was sent (RFC 3261 section 9.1).  Sofia's own would, over TCP and
 * outside a user agent, take the INVITE's transaction for over.
 */
static void send_cancel(struct exchange *exchange, const sip_reason_t *reason)
{
	struct agent *agent = exchange->agent;
	const sip_t *invite = sip_object(exchange->sent);
	msg_t *msg = nta_msg_create(agent->nta, 0);
	nta_outgoing_t *client = NULL;
	sip_request_t *line;
	sip_cseq_t *cseq;

	exchange->is_cancelled = false;
	if (!msg)
		return;
	line = sip_request_create(msg_home(msg), SIP_METHOD_CANCEL,
				  (const url_string_t *)invite->sip_request->rq_url,
				  NULL);
	cseq = sip_cseq_create(msg_home(msg), invite->sip_cseq->cs_seq,
			       SIP_METHOD_CANCEL);
	if (sip_add_tl(msg, sip_object(msg), SIPTAG_FROM(invite->sip_from),
		       SIPTAG_TO(invite->sip_to), SIPTAG_CALL_ID(invite->sip_call_id),
		       SIPTAG_ROUTE(invite->sip_route), SIPTAG_MAX_FORWARDS_STR("70"),
		       TAG_IF(reason, SIPTAG_REASON(reason)), TAG_END()) >= 0 &&
	    !message_insert(msg, (sip_header_t *)cseq) &&
	    !message_insert(msg, (sip_header_t *)line))
		client = send_request(
			agent, msg,
			&(struct sending){
				.peer = exchange->half ? exchange->half->in.peer
						       : &agent->peers[0],
				.preferred = exchange->half ? exchange->half->in.listener
							    : NULL,
				.cancel_branch = nta_outgoing_branch(exchange->client),
			});
	else
		msg_destroy(msg);
	nta_outgoing_destroy(client);
}

int relay_cancel(struct exchange *exchange, const struct call_event *event)
{
	const sip_reason_t *reason = NULL;

	if (!exchange->client)
		return 0;
	if (!exchange->has_provisional) {
		exchange->is_cancelled = true;
		return 0;
	}
	if (event && event->on == ON_CANCEL && exchange->second)
		reason = sip_object(exchange->second)->sip_reason;
	send_cancel(exchange, reason);
	return 0;
}

void relay_cancel_held(struct exchange *exchange)
{
	if (exchange->is_cancelled)
		send_cancel(exchange, NULL);
}
