/* SPDX-License-Identifier: MIT */
#include "half/proxy.h"

#include "base/clock.h"
#include "half/confirm.h"
#include "half/relay.h"
#include "invite/invite.h"
#include "wire/forward.h"
#include "wire/message.h"
#include "wire/reply.h"
#include "wire/uri.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* The parameter of our Record-Route whose value is the handle of the half call. */
static const char handle_param[] = "hc";

static enum call_on event_of(struct half_call *half, int status, const sip_t *response)
{
	if (status < 200)
		return ON_PROGRESS;
	if (status >= 300 || !response)
		return call_on_final(status);
	answers_add(&half->answers, half->in->arena, response->sip_to->a_tag);
	return ON_ANSWER;
}

static void on_response(void *context, struct uac *client, int status, msg_t *response)
{
	struct half_call *half = context;

	half->heard = response;
	half->silence = uac_why(client);
	half_raise(half, event_of(half, status, response ? sip_object(response) : NULL),
		   status, SIDE_CALLEE, NULL);
	half->heard = NULL;
	half->silence = NULL;
	if (status < 200)
		return;
	/* A 2xx that the callee repeats has no transaction; dispatch_response() forwards it. */
	if (half->invite.client == client)
		half->invite.client = NULL;
	uac_free(client);
}

static int proxy_invite(struct call *call, const struct target *target)
{
	struct half_call *half = half_of(call);
	struct exchange *exchange = &half->invite;
	msg_t *msg = message_copy(half->in->request);
	char handle[32];
	struct way way;
	int err;

	half->phase_out = invite_phase(half->in, target);
	invite_write(half->in, msg, target);
	/* The To tag is that of the 183 to off-hook: it means nothing beyond this program. */
	if (sip_object(msg)->sip_to->a_tag)
		message_set_to_tag(msg, NULL);
	err = half_way(half, msg, &way);
	if (err < 0) {
		msg_destroy(msg);
		return err;
	}
	snprintf(handle, sizeof handle, "%s=%016" PRIx64, handle_param, half->handle);
	forward_record(msg, way.listener, handle);
	half_abandon_invite(half);
	exchange->client = uac_send(half->stock->wire, &way, msg, on_response, half);
	return exchange->client ? 0 : half_cannot_send(half, &way);
}

static int proxy_progress(struct call *call, int status)
{
	struct half_call *half = half_of(call);

	if (call->event->on == ON_PROGRESS && half->heard)
		return uas_forward(half->invite.server, half->heard);
	return relay_progress(half, status);
}

static int proxy_answer(struct call *call)
{
	struct half_call *half = half_of(call);
	int err = half->invite.server ? uas_forward(half->invite.server, half->heard)
				      : -ENOENT;

	if (!half->answered_ms)
		half->answered_ms = clock_mono_ms();
	exchange_drop_server(&half->invite);
	return err;
}

static int proxy_reject(struct call *call, int status, const struct verdict *why)
{
	struct half_call *half = half_of(call);
	int err;

	if (!half->invite.server)
		return -ENOENT;
	if (why || call->event->status != status || !half->heard)
		return half_refuse(half, status, why);
	err = uas_forward(half->invite.server, half->heard);
	exchange_drop_server(&half->invite);
	return err;
}

static void on_forward_response(void *context, struct uac *client, int status,
				msg_t *response)
{
	struct exchange *exchange = context;
	struct half_call *half = exchange->half;
	bool is_bye = exchange->is_bye;

	(void)client;
	if (response)
		uas_forward(exchange->server, response);
	else
		uas_reply(exchange->server, status, NULL);
	if (status < 200)
		return;
	exchange_free(exchange);
	if (half && is_bye)
		half_raise(half, ON_DONE, 0, SIDE_CALLEE, NULL);
}

/* Forwards EXCHANGE's request, which came from PEER; 0, or -errno with a sentence in FAULT. */
static int forward(struct exchange *exchange, const struct peer *peer,
		   struct fault *fault)
{
	struct wire *wire = exchange->stock->wire;
	msg_t *msg = message_copy(exchange->request);
	struct way way;
	int err;

	forward_prepare(wire, msg);
	err = way_find(wire, peer, sip_object(msg), NULL, &way, fault);
	if (err < 0) {
		msg_destroy(msg);
		return err;
	}
	exchange->client = uac_send(wire, &way, msg, on_forward_response, exchange);
	return exchange->client ? 0 : -EIO;
}

/* Forwards the ACK of a 2xx, which has no transaction; borrows ACK. */
static int forward_ack(struct stock *stock, const struct peer *peer, msg_t *ack,
		       struct fault *fault)
{
	msg_t *msg = message_copy(ack);
	struct way way;
	int err;

	forward_prepare(stock->wire, msg);
	err = way_find(stock->wire, peer, sip_object(msg), NULL, &way, fault);
	if (err < 0) {
		msg_destroy(msg);
		return err;
	}
	return forward_request(stock->wire, &way, msg, NULL);
}

static int proxy_ack(struct call *call)
{
	struct half_call *half = half_of(call);
	const struct exchange *exchange = call->event->message;
	int err;

	if (!exchange || !exchange->second)
		return 0;
	err = forward_ack(half->stock, half->in->peer, exchange->second, &half->broken);
	return err < 0 ? half_break(half, err) : 0;
}

static int proxy_relay(struct call *call)
{
	struct half_call *half = half_of(call);
	int err = forward(call->event->message, half->in->peer, &half->broken);

	return err < 0 ? half_break(half, err) : 0;
}

/* Does nothing: a proxy is no party of the dialog and cannot end it. */
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
	.cancel = relay_cancel,
	.ack = proxy_ack,
	.relay = proxy_relay,
	.reply = relay_reply,
	.bye = proxy_bye,
	.arm = half_arm,
	.note = half_note,
	.ended = half_ended,
};

/*
 * The half call that SIP, a request inside a dialog, belongs to, or NULL.  Both halves of a call
 * have the same Call-ID in this model; the handle in our Record-Route, which returns as Route,
 * tells them apart.  Without that Route the request belongs to the newer half call.
 */
static struct half_call *half_named(struct stock *stock, const sip_t *sip)
{
	char value[24];
	const sip_route_t *top = sip->sip_route;
	uint64_t handle = 0;

	if (top && wire_is_here(stock->wire, top->r_url) &&
	    uri_param(top->r_url->url_params, handle_param, value, sizeof value))
		handle = strtoull(value, NULL, 16);
	return half_find(stock, sip->sip_call_id->i_id, handle);
}

/* Whether SIP is addressed to this program itself: only a 181 that it makes has its Contact. */
static bool is_for_us(const struct stock *stock, const sip_t *sip)
{
	const sip_route_t *route = sip->sip_route;

	while (route && wire_is_here(stock->wire, route->r_url))
		route = route->r_next;
	return !route && wire_is_here(stock->wire, sip->sip_request->rq_url);
}

/* The callee's tag in SIP, a request inside a dialog that the side FROM sent. */
static const char *callee_tag(const sip_t *sip, enum call_side from)
{
	return from == SIDE_CALLER ? sip->sip_to->a_tag : sip->sip_from->a_tag;
}

static enum call_side side_of(const struct half_call *half, const sip_t *sip)
{
	const char *tag = sip->sip_from->a_tag;

	return half && tag && strcasecmp(tag, half->in->caller_tag) != 0 ? SIDE_CALLEE
									 : SIDE_CALLER;
}

static void pass_ack(struct stock *stock, struct half_call *half, const struct peer *peer,
		     msg_t *msg)
{
	enum call_side from = side_of(half, sip_object(msg));
	struct exchange ack = {
		.stock = stock, .half = half, .from = from, .second = msg
	};

	if (half) {
		if (from == SIDE_CALLER)
			answers_add(&half->answers, half->in->arena,
				    callee_tag(sip_object(msg), from));
		half_raise(half, ON_ACK, 0, from, &ack);
	} else {
		forward_ack(stock, peer, msg, NULL);
	}
	msg_destroy(msg);
}

/* Raises EXCHANGE's request as an event of HALF. */
static void raise_request(struct half_call *half, struct exchange *exchange)
{
	const sip_t *sip = sip_object(exchange->request);

	exchange->half = half;
	/* If several telephones answered, only the BYE of the last dialog ends the call. */
	if (exchange->is_bye)
		exchange->is_bye = answers_end(&half->answers, half->in->arena,
					       callee_tag(sip, exchange->from));
	half_raise(half, exchange->is_bye ? ON_BYE : ON_REQUEST, 0, exchange->from,
		   exchange);
}

/* Forwards EXCHANGE's request, which came from PEER and belongs to no half call. */
static void pass_stray(struct exchange *exchange, const struct peer *peer)
{
	struct fault fault = { "" };

	if (forward(exchange, peer, &fault) == 0)
		return;
	reply_refuse(exchange->stock->wire, exchange->server,
		     &(struct refusal){
			     .status = 481,
			     .sentence = *fault.text ? fault.text : NULL,
		     });
	exchange_free(exchange);
}

void proxy_receive(struct stock *stock, const struct peer *peer, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	struct half_call *half = half_named(stock, sip);
	enum call_side from = side_of(half, sip);
	struct exchange *exchange;
	struct uas *server;

	if (sip->sip_request->rq_method == sip_method_ack) {
		pass_ack(stock, half, peer, msg);
		return;
	}
	if (is_for_us(stock, sip)) {
		reply_refuse_stateless(stock->wire, msg,
				       &(struct refusal){ .status = 481 });
		return;
	}
	server = uas_new(stock->wire, msg);
	if (!server)
		return;
	exchange = exchange_new(stock, half ? &half->exchanges : &stock->strays, server,
				from);
	relay_listen(exchange);
	if (half)
		raise_request(half, exchange);
	else
		pass_stray(exchange, peer);
}
