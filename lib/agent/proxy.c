/* SPDX-License-Identifier: MIT */
/*
 * The call's port as a transaction-stateful proxy (RFC 3261 section 16): Call-ID, tags and
 * CSeq stay, Via and Record-Route are added, every dialog belongs to the end points.
 */
#include "agent/proxy.h"

#include "agent/confirm.h"
#include "agent/message.h"
#include "agent/peer.h"
#include "agent/receive.h"
#include "agent/relay.h"
#include "agent/reply.h"
#include "agent/route.h"
#include "agent/send.h"
#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* Our Record-Route's parameter that names the half call. */
static const char handle_param[] = "hc";

/* Sends RESPONSE on through SERVER, without our Via. */
static int relay_response(nta_incoming_t *server, msg_t *response)
{
	msg_t *msg = server ? message_copy(response) : NULL;

	if (!msg)
		return -ENOMEM;
	sip_via_remove(msg, sip_object(msg));
	return nta_incoming_mreply(server, msg) < 0 ? -EIO : 0;
}

static int relay_client_response(struct half_call *half)
{
	msg_t *response = nta_outgoing_getresponse(half->invite.client);
	int err = relay_response(half->invite.server, response);

	msg_destroy(response);
	return err;
}

static int on_invite_response(struct exchange *exchange, nta_outgoing_t *client,
			      const sip_t *sip)
{
	struct half_call *half = exchange->half;
	int status = sip ? sip->sip_status->st_status : 408;

	exchange->has_provisional = true;
	if (status < 200)
		relay_cancel_held(exchange);
	if (status <= 100)
		return 0;
	if (status < 200) {
		half_raise(half, ON_PROGRESS, status, SIDE_CALLEE, NULL);
	} else if (status < 300) {
		answers_add(&half->answers, &half->in.arena, sip->sip_to->a_tag);
		half_raise(half, ON_ANSWER, status, SIDE_CALLEE, NULL);
	} else {
		half_raise(half, call_on_final(status), status, SIDE_CALLEE, NULL);
	}
	if (status >= 200) {
		/* A 2xx repeated by the callee comes as a stray and goes on stateless. */
		if (exchange->client == client)
			exchange->client = NULL;
		nta_outgoing_destroy(client);
	}
	return 0;
}

static int write_record_route(struct half_call *half, msg_t *msg,
			      const struct listener *listener)
{
	char uri[160];
	sip_record_route_t *record;

	snprintf(uri, sizeof uri, "<sip:%s:%u;transport=%s;lr;%s=%016" PRIx64 ">",
		 listener->host, listener->port, listener->transport, handle_param,
		 half->handle);
	record = sip_record_route_make(msg_home(msg), uri);
	return message_insert(msg, (sip_header_t *)record);
}

static int proxy_invite(struct call *call, const struct target *target)
{
	struct half_call *half = half_of(call);
	struct exchange *exchange = &half->invite;
	msg_t *msg = message_copy(half->in.request);
	const struct listener *listener = NULL;
	int err;

	if (!msg)
		return -ENOMEM;
	relay_trying(exchange);
	err = half_write_invite(half, msg, target);
	/* Of our 183 to the off-hook INVITE (protocol.md section 2): nobody else knows it. */
	if (!err && sip_object(msg)->sip_to->a_tag)
		err = message_set_to_tag(msg, NULL);
	if (!err) {
		listener = half_listener(half, route_first(sip_object(msg)));
		err = listener ? write_record_route(half, msg, listener) : -EADDRNOTAVAIL;
	}
	if (err) {
		msg_destroy(msg);
		return err;
	}
	/* As in the other model: one that answered is let go by its callback. */
	if (exchange->client && nta_outgoing_status(exchange->client) < 200)
		nta_outgoing_destroy(exchange->client);
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

static int proxy_progress(struct call *call, int status)
{
	struct half_call *half = half_of(call);

	if (call->event->on == ON_PROGRESS)
		return relay_client_response(half);
	return relay_progress(half, status);
}

static int proxy_answer(struct call *call)
{
	struct half_call *half = half_of(call);
	int err = relay_client_response(half);

	if (!half->answered_ms)
		half->answered_ms = clock_mono_ms();
	nta_incoming_destroy(half->invite.server);
	half->invite.server = NULL;
	return err;
}

static int proxy_reject(struct call *call, int status, const struct verdict *why)
{
	struct half_call *half = half_of(call);
	int err;

	if (!half->invite.server)
		return -ENOENT;
	if (why || call->event->status != status || !half->invite.client)
		return half_refuse(half, status, why);
	err = relay_client_response(half);
	nta_incoming_destroy(half->invite.server);
	half->invite.server = NULL;
	return err;
}

static int proxy_cancel(struct call *call)
{
	return relay_cancel(&half_of(call)->invite, call->event);
}

/* Takes the Routes that name us off MSG and counts the hop. */
static int prepare_forward(struct agent *agent, msg_t *msg)
{
	sip_t *sip = sip_object(msg);

	while (sip->sip_route && route_is_ours(agent, sip->sip_route->r_url))
		sip_header_remove(msg, sip, (sip_header_t *)sip->sip_route);
	message_remove_all(msg, (sip_header_t *)sip->sip_proxy_authorization);
	return message_count_hop(msg);
}

static int on_forward_response(struct exchange *exchange, nta_outgoing_t *client,
			       const sip_t *sip)
{
	int status = sip ? sip->sip_status->st_status : 408;
	struct half_call *half = exchange->half;
	bool is_bye = exchange->is_bye;
	msg_t *response;

	exchange->has_provisional = true;
	if (status < 200)
		relay_cancel_held(exchange);
	if (status <= 100)
		return 0;
	response = nta_outgoing_getresponse(client);
	relay_response(exchange->server, response);
	msg_destroy(response);
	if (status < 200)
		return 0;
	exchange_free(exchange);
	if (half && is_bye)
		half_raise(half, ON_DONE, 0, SIDE_CALLEE, NULL);
	return 0;
}

/* Sends EXCHANGE's request on its way, PEER being where it came from. */
static int forward(struct exchange *exchange, const struct peer *peer)
{
	msg_t *msg = message_copy(exchange->request);

	if (!msg || prepare_forward(exchange->agent, msg) < 0) {
		msg_destroy(msg);
		return -ENOMEM;
	}
	exchange->client = send_request(exchange->agent, msg,
					&(struct sending){
						.peer = peer,
						.exchange = exchange,
						.callback = on_forward_response,
					});
	return exchange->client ? 0 : -EIO;
}

/* ACK of a 2xx: one datagram, no transaction.  Borrows ACK. */
static int forward_ack(struct agent *agent, const struct peer *peer, msg_t *ack)
{
	msg_t *msg = message_copy(ack);
	nta_outgoing_t *client;

	if (!msg || prepare_forward(agent, msg) < 0) {
		msg_destroy(msg);
		return -ENOMEM;
	}
	client = send_request(agent, msg,
			      &(struct sending){ .peer = peer, .is_stateless = true });
	nta_outgoing_destroy(client);
	return client ? 0 : -EIO;
}

static int proxy_ack(struct call *call)
{
	struct half_call *half = half_of(call);
	const struct exchange *exchange = call->event->message;

	if (!exchange || !exchange->second)
		return 0;
	return forward_ack(half->in.agent, half->in.peer, exchange->second);
}

static int proxy_relay(struct call *call)
{
	return forward(call->event->message, half_of(call)->in.peer);
}

/* A dialog that is not ours cannot be ended by us. */
static int proxy_bye(struct call *call, enum call_side side)
{
	(void)call;
	(void)side;
	return 0;
}

const struct call_port proxy_port = {
	.invite = proxy_invite,
	.progress = proxy_progress,
	.answer = proxy_answer,
	.act = confirm_act,
	.confirm = confirm_answer,
	.reject = proxy_reject,
	.cancel = proxy_cancel,
	.ack = proxy_ack,
	.relay = proxy_relay,
	.reply = relay_reply,
	.bye = proxy_bye,
	.arm = half_arm,
	.note = half_note,
	.ended = half_ended,
};

/*
 * The half call SIP, a request inside a dialog, belongs to, or NULL.  Both halves of a call
 * have the same Call-ID here; our Record-Route, come back as Route, says which it is.  A
 * peer that dropped it gets the newer one.
 */
static struct half_call *half_named(struct agent *agent, const sip_t *sip)
{
	char value[24];
	const sip_route_t *top = sip->sip_route;
	uint64_t handle = 0;

	if (top && route_is_ours(agent, top->r_url) &&
	    message_param(top->r_url->url_params, handle_param, value, sizeof value))
		handle = strtoull(value, NULL, 16);
	return half_find(agent, sip->sip_call_id->i_id, handle);
}

/* Whether SIP goes no further: inside the early dialog of a 181 of ours, the only one that
 * has our Contact. */
static bool is_for_us(const struct agent *agent, const sip_t *sip)
{
	const sip_route_t *route = sip->sip_route;

	while (route && route_is_ours(agent, route->r_url))
		route = route->r_next;
	return !route && route_is_ours(agent, sip->sip_request->rq_url);
}

/* The callee's tag in SIP, a request inside a dialog. */
static const char *callee_tag(const sip_t *sip, enum call_side from)
{
	return from == SIDE_CALLER ? sip->sip_to->a_tag : sip->sip_from->a_tag;
}

static void receive_ack(struct agent *agent, struct half_call *half,
			const struct peer *peer, enum call_side from, msg_t *msg)
{
	struct exchange ack = {
		.agent = agent, .half = half, .from = from, .second = msg
	};

	if (half) {
		if (from == SIDE_CALLER)
			answers_add(&half->answers, &half->in.arena,
				    callee_tag(sip_object(msg), from));
		half_raise(half, ON_ACK, 0, from, &ack);
	} else {
		forward_ack(agent, peer, msg);
	}
	msg_destroy(msg);
}

void proxy_receive(struct agent *agent, const struct peer *peer, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	sip_method_t method = sip->sip_request->rq_method;
	struct half_call *half = half_named(agent, sip);
	enum call_side from = SIDE_CALLER;
	struct exchange *exchange;
	nta_incoming_t *server;

	if (half && sip->sip_from->a_tag &&
	    strcasecmp(sip->sip_from->a_tag, half->in.caller_tag) != 0)
		from = SIDE_CALLEE;
	if (method == sip_method_ack) {
		receive_ack(agent, half, peer, from, msg);
		return;
	}
	if (is_for_us(agent, sip)) {
		reply_refuse_stateless(agent, msg, &(struct refusal){ .status = 481 });
		return;
	}
	server = nta_incoming_create(agent->nta, NULL, msg, sip_object(msg), TAG_END());
	if (!server)
		return;
	exchange = exchange_new(agent, half, server, from);
	if (!exchange) {
		nta_incoming_destroy(server);	/* answers 500 */
		return;
	}
	if (exchange->is_invite)
		nta_incoming_bind(server, receive_ack_cancel, exchange);
	if (half) {
		/* That of a fork is the end of its own dialog alone. */
		if (exchange->is_bye)
			exchange->is_bye = answers_end(&half->answers, &half->in.arena,
						       callee_tag(sip, from));
		half_raise(half, exchange->is_bye ? ON_BYE : ON_REQUEST, 0, from,
			   exchange);
	} else if (forward(exchange, peer) < 0) {
		reply_refuse(agent, server, &(struct refusal){ .status = 481 });
		exchange_free(exchange);
	}
}
