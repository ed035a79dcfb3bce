/* SPDX-License-Identifier: MIT */
#include "agent/receive.h"

#include "agent/dialog.h"
#include "agent/message.h"
#include "agent/peer.h"
#include "agent/proxy.h"
#include "agent/relay.h"
#include "agent/reply.h"
#include "agent/reservation.h"
#include "agent/shortcut.h"
#include "base/log.h"

#include <string.h>

/* A request from an address that is none of our proxies'; takes MSG over. */
static void refuse_stranger(struct agent *agent, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	char from[64];
	struct event line = {
		.event = "stranger",
		.to = sip->sip_request->rq_url->url_user,
		.from = peer_text(msg, from),
		.status = agent->settings->ignores_strangers ? 0 : 403,
		.reason = "the address is no configured proxy",
		.sip_call_id = sip->sip_call_id ? sip->sip_call_id->i_id : NULL,
	};

	if (sip->sip_request->rq_method == sip_method_ack) {
		msg_destroy(msg);
		return;
	}
	agent->hooks->note(agent->context, &line);
	if (agent->settings->ignores_strangers)
		msg_destroy(msg);
	else
		reply_refuse_stateless(
			agent, msg,
			&(struct refusal){
				.status = 403,
				.sentence =
					"requests are taken from configured proxies only",
			});
}

static bool is_out_of_hops(const sip_t *sip)
{
	return sip->sip_max_forwards && sip->sip_max_forwards->mf_count == 0;
}

/* Whether the number of this telephone call was dialled before its off-hook came in. */
static bool is_overtaken(struct agent *agent, const struct arrival *in, uint32_t cseq)
{
	const struct half_call *half = half_find(agent, in->sip_call_id, 0);

	return half && strcmp(half->in.caller_tag, in->caller_tag) == 0 &&
	       sip_object(half->in.request)->sip_cseq->cs_seq > cseq;
}

/* Begins what the new INVITE of SERVER asks for: a reservation or a half call; takes IN over. */
static void begin(struct arrival *in, nta_incoming_t *server)
{
	struct agent *agent = in->agent;
	struct reservation *reservation;
	struct half_call *half;

	if (in->facts.half == HALF_LINE) {
		if (is_overtaken(agent, in, sip_object(in->request)->sip_cseq->cs_seq)) {
			arrival_note(in, "overtaken", 484, NULL, NULL, PHASE_NONE);
			reply_refuse(agent, server, &(struct refusal){ .status = 484 });
			nta_incoming_destroy(server);
			arrival_clear(in);
		} else {
			reservation_begin(in, server);
		}
		return;
	}
	reservation = reservation_find(agent, in->sip_call_id, in->caller_tag);
	if (reservation && in->facts.half == HALF_ORIG)
		reservation_dialled(reservation, in);
	half = half_new(agent, server, in);
	nta_incoming_bind(server, receive_ack_cancel, &half->invite);
	half_begin(half);
}

/* Begins a call or a reservation for the INVITE in MSG; takes MSG over. */
static void receive_invite(struct agent *agent, const struct peer *peer, msg_t *msg)
{
	struct arrival in = { 0 };
	nta_incoming_t *server;

	if (agent->is_draining) {
		reply_refuse_stateless(agent, msg,
				       &(struct refusal){
					       .status = 503,
					       .sentence = "halfcalld is about to stop",
					       .retry_after_s = RETRY_AFTER_S,
				       });
		return;
	}
	arrival_read(&in, agent, msg, peer);
	if (shortcut_take(&in)) {
		arrival_clear(&in);
		msg_destroy(msg);
		return;
	}
	server = nta_incoming_create(agent->nta, NULL, msg, sip_object(msg), TAG_END());
	if (server)
		begin(&in, server);
	else
		arrival_clear(&in);
}

/* A number dialled after off-hook may carry the To tag of our 183 (protocol.md section 2). */
static bool is_dialled(struct agent *agent, const sip_t *sip)
{
	const struct reservation *reservation;

	if (sip->sip_request->rq_method != sip_method_invite)
		return false;
	reservation =
		reservation_find(agent, sip->sip_call_id->i_id, sip->sip_from->a_tag);
	return reservation && reservation_has_tag(reservation, sip->sip_to->a_tag);
}

/* The INVITE of HALF's that a request from SIDE with this CSeq acknowledges, or NULL. */
static struct exchange *invite_acknowledged(struct half_call *half, enum call_side side,
					    uint32_t cseq)
{
	struct list *node;

	if (side == SIDE_CALLER && half->invite.server &&
	    sip_object(half->in.request)->sip_cseq->cs_seq == cseq)
		return &half->invite;
	for (node = half->exchanges.next; node != &half->exchanges; node = node->next) {
		struct exchange *exchange = container_of(node, struct exchange, node);

		if (exchange->is_invite && exchange->from == side && exchange->request &&
		    sip_object(exchange->request)->sip_cseq->cs_seq == cseq)
			return exchange;
	}
	return NULL;
}

/* An ACK inside DIALOG that no transaction waits for any more, or Sofia knows none of. */
static void receive_ack(struct dialog *dialog, msg_t *msg)
{
	enum call_side side = dialog_side(dialog);
	struct exchange *exchange = invite_acknowledged(
		dialog->half, side, sip_object(msg)->sip_cseq->cs_seq);

	if (exchange) {
		exchange->second = msg;
		half_raise(dialog->half, ON_ACK, 0, side, exchange);
	}
	msg_destroy(msg);
}

/* A request inside DIALOG; takes MSG over. */
static void receive_in_dialog(struct dialog *dialog, msg_t *msg)
{
	struct half_call *half = dialog->half;
	struct agent *agent = half->in.agent;
	enum call_side side = dialog_side(dialog);
	struct exchange *exchange;
	nta_incoming_t *server;

	if (!dialog_is_in_order(dialog, sip_object(msg))) {
		reply_refuse_stateless(agent, msg,
				       &(struct refusal){
					       .status = 500,
					       .sentence = "CSeq is lower than before",
				       });
		return;
	}
	server = nta_incoming_create(agent->nta, NULL, msg, sip_object(msg), TAG_END());
	exchange = server ? exchange_new(agent, half, server, side) : NULL;
	if (!exchange) {
		nta_incoming_destroy(server);	/* answers 500 */
		return;
	}
	if (exchange->is_invite)
		nta_incoming_bind(server, receive_ack_cancel, exchange);
	half_raise(half, exchange->is_bye ? ON_BYE : ON_REQUEST, 0, side, exchange);
}

static void refuse(struct agent *agent, msg_t *msg, int status, const char *sentence)
{
	reply_refuse_stateless(
		agent, msg, &(struct refusal){ .status = status, .sentence = sentence });
}

/* The header that may come once and came more often, or NULL. */
static const char *repeated_header(const sip_t *sip)
{
	const sip_header_t *header = (const sip_header_t *)sip->sip_error;

	for (; header; header = header->sh_next)
		if (header->sh_class->hc_kind == msg_kind_single &&
		    header->sh_class->hc_name)
			return header->sh_class->hc_name;
	return NULL;
}

static bool is_only_in_dialogs(sip_method_t method)
{
	return method == sip_method_bye || method == sip_method_prack ||
	       method == sip_method_update || method == sip_method_info;
}

static void receive_outside(struct agent *agent, const struct peer *peer, msg_t *msg)
{
	sip_method_t method = sip_object(msg)->sip_request->rq_method;

	if (method == sip_method_invite)
		receive_invite(agent, peer, msg);
	else if (method == sip_method_options && agent->is_draining)
		refuse(agent, msg, 503, "halfcalld is about to stop");
	else if (method == sip_method_options && agent->settings->plays_dead)
		refuse(agent, msg, 503, "halfcalld plays dead: monitor.alive is false");
	else if (method == sip_method_options)
		reply_options(agent, msg);
	else
		refuse(agent, msg, is_only_in_dialogs(method) ? 481 : 405, NULL);
}

static void receive_request(struct agent *agent, msg_t *msg)
{
	const struct peer *peer = peer_of(agent, msg);
	const sip_t *sip = sip_object(msg);
	sip_method_t method = sip->sip_request->rq_method;
	bool is_in_dialog = sip->sip_to->a_tag != NULL && !is_dialled(agent, sip);
	bool is_proxied = agent->settings->is_proxy_model;
	/* A proxy has none of its own but those that confirm features. */
	struct dialog *dialog = is_in_dialog ? dialog_find(agent, sip) : NULL;
	const char *repeated = repeated_header(sip);

	if (!peer) {
		refuse_stranger(agent, msg);
	} else if (method == sip_method_ack) {
		if (dialog)
			receive_ack(dialog, msg);
		else if (!is_out_of_hops(sip) && !repeated &&
			 shortcut_follow(agent, peer, msg))
			msg_destroy(msg);
		else if (is_proxied && is_in_dialog && !is_out_of_hops(sip) && !repeated)
			proxy_receive(agent, peer, msg);
		else
			msg_destroy(msg);
	} else if (repeated) {
		struct arena arena = { 0 };

		refuse(agent, msg, 400,
		       arena_printf(&arena, "%s appears more than once", repeated));
		arena_clear(&arena);
	} else if (is_out_of_hops(sip)) {
		refuse(agent, msg, 483, NULL);
	} else if (method == sip_method_cancel) {
		if (shortcut_follow(agent, peer, msg))
			msg_destroy(msg);
		else
			refuse(agent, msg, 481, NULL);
	} else if (dialog && method != sip_method_prack) {
		receive_in_dialog(dialog, msg);
	} else if (is_in_dialog && is_proxied) {
		proxy_receive(agent, peer, msg);
	} else if (is_in_dialog) {
		refuse(agent, msg, 481, NULL);
	} else {
		receive_outside(agent, peer, msg);
	}
}

int receive_any(struct agent *agent, nta_agent_t *nta, msg_t *msg, sip_t *sip)
{
	if (sip->sip_request)
		receive_request(agent, msg);
	else if (sip->sip_via && sip->sip_via->v_next &&
		 (agent->settings->is_proxy_model || shortcut_is_answered(sip)))
		nta_msg_tsend(nta, msg, NULL, TAG_END());	/* RFC 3261 section 16.11 */
	else
		msg_destroy(msg);
	return 0;
}

int receive_ack_cancel(struct exchange *exchange, nta_incoming_t *server,
		       const sip_t *sip)
{
	struct half_call *half = exchange->half;
	bool is_initial = half && exchange == &half->invite;
	msg_t *msg;

	if (exchange->reservation) {
		if (sip && sip->sip_request->rq_method == sip_method_cancel)
			reservation_cancelled(exchange->reservation);
		return 0;
	}
	if (!sip) {
		/* Nobody acknowledged; the call's own timer ends the first INVITE's call. */
		if (!is_initial)
			exchange_free(exchange);
		return 0;
	}
	msg = nta_incoming_getrequest_ackcancel(server);
	exchange->second = msg;
	if (sip->sip_request->rq_method == sip_method_ack) {
		if (half)
			half_raise(half, ON_ACK, 0, exchange->from, exchange);
		/* The exchange may be gone now. */
		msg_destroy(msg);
		return 0;
	}
	if (is_initial)
		half_raise(half, ON_CANCEL, 0, SIDE_CALLER, exchange);
	else
		relay_cancel(exchange, NULL);
	exchange->second = NULL;
	msg_destroy(msg);
	return 0;
}
