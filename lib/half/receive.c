/* SPDX-License-Identifier: MIT */
#include "half/receive.h"

#include "half/begin.h"
#include "half/bypass.h"
#include "half/fork.h"
#include "half/half.h"
#include "half/relay.h"
#include "half/reservation.h"
#include "invite/read.h"
#include "wire/option.h"
#include "wire/reply.h"

#include <string.h>

/* Whether SIP, an off-hook INVITE, arrives after the INVITE with the number that was dialled. */
static bool is_overtaken(struct stock *stock, const sip_t *sip)
{
	const struct half_call *half = half_find(stock, sip->sip_call_id->i_id, 0);
	const char *tag = sip->sip_from->a_tag ? sip->sip_from->a_tag : "";

	return half && strcmp(half->in->caller_tag, tag) == 0 &&
	       sip_object(half->in->request)->sip_cseq->cs_seq > sip->sip_cseq->cs_seq;
}

static void begin(struct stock *stock, struct arrival *in, struct uas *server)
{
	struct held held = { 0 };
	struct reservation *reservation;

	if (in->facts.half == HALF_LINE) {
		reservation_begin(stock, in, server);
		return;
	}
	reservation = reservation_find(stock, in->sip_call_id, in->caller_tag);
	if (reservation && in->facts.half == HALF_ORIG)
		reservation_dialled(reservation, in->arena, &held);
	begin_half(stock, server, in, &held);
}

/* Refuses what a proxy is required to know and this one does not; takes MSG over. */
static void refuse_required(struct stock *stock, const struct arrival *in,
			    const char *unsupported, msg_t *msg)
{
	const struct refusal refusal = {
		.status = 420,
		.unsupported = unsupported,
		.sentence = "Proxy-Require asks for what is not known here",
	};
	struct uas *server = uas_new(stock->wire, msg);

	if (!server)
		return;
	reply_refuse(stock->wire, server, &refusal);
	arrival_note(in, &(struct arrival_note){ .event = "reject",
						 .status = refusal.status,
						 .rule = "proxy-require",
						 .reason = refusal.sentence });
	uas_free(server);
}

void receive_invite(struct stock *stock, const struct peer *peer,
		    const struct listener *listener, msg_t *msg)
{
	const struct read_scene scene = {
		.members = stock->member_count,
		.is_overtaken = is_overtaken(stock, sip_object(msg)),
	};
	struct arrival *in = read_invite(stock->desk, msg, peer, listener, &scene);
	const char *unsupported =
		option_unknown(in->arena, sip_object(msg), OPTION_FORWARDED);
	bool is_bypassed = bypass_takes(in);
	struct uas *server;

	/* RFC 3261 section 16.3: a proxy, which this program is on the short way in any case. */
	if (unsupported && (is_bypassed || wire_is_proxy(stock->wire))) {
		refuse_required(stock, in, unsupported, msg);
		arrival_free(in);
		return;
	}
	if (is_bypassed) {
		bypass_send(stock, in);
		arrival_free(in);
		msg_destroy(msg);
		return;
	}
	server = uas_new(stock->wire, msg);
	if (server)
		begin(stock, in, server);
	else
		arrival_free(in);
}

bool receive_is_dialled(struct stock *stock, const sip_t *sip)
{
	const struct reservation *reservation;

	if (sip->sip_request->rq_method != sip_method_invite)
		return false;
	reservation =
		reservation_find(stock, sip->sip_call_id->i_id, sip->sip_from->a_tag);
	return reservation && reservation_has_tag(reservation, sip->sip_to->a_tag);
}

/* The exchange whose INVITE an ACK from SIDE with this CSeq acknowledges, or NULL. */
static struct exchange *invite_acknowledged(struct half_call *half, enum call_side side,
					    uint32_t cseq)
{
	struct list *node;

	if (side == SIDE_CALLER && half->invite.server &&
	    sip_object(half->in->request)->sip_cseq->cs_seq == cseq)
		return &half->invite;
	for (node = half->exchanges.next; node != &half->exchanges; node = node->next) {
		struct exchange *exchange =
			container_of(node, struct exchange, life.node);

		if (exchange->is_invite && exchange->from == side && exchange->request &&
		    sip_object(exchange->request)->sip_cseq->cs_seq == cseq)
			return exchange;
	}
	return NULL;
}

void receive_ack(struct leg *leg, msg_t *msg)
{
	struct exchange *exchange = invite_acknowledged(
		leg->half, leg->side, sip_object(msg)->sip_cseq->cs_seq);

	if (exchange) {
		exchange->second = msg;
		if (exchange->server)
			uas_acknowledged(exchange->server);
		half_raise(leg->half, ON_ACK, 0, leg->side, exchange);
	}
	msg_destroy(msg);
}

void receive_in_dialog(struct leg *leg, msg_t *msg)
{
	struct half_call *half = leg->half;
	struct exchange *exchange;
	struct uas *server;

	if (!dialog_is_in_order(leg->dialog, sip_object(msg))) {
		reply_refuse_stateless(half->stock->wire, msg,
				       &(struct refusal){
					       .status = 500,
					       .sentence = "CSeq is lower than before",
				       });
		return;
	}
	server = uas_new(half->stock->wire, msg);
	if (!server)
		return;
	exchange = exchange_new(half->stock, &half->exchanges, server, leg->side);
	exchange->half = half;
	exchange->fork = fork_find(leg);
	/* RFC 3261 section 15: the BYE of one of several early dialogs ends that one alone. */
	if (exchange->fork && leg->side == SIDE_CALLER)
		exchange->is_bye = false;
	relay_listen(exchange);
	half_raise(half, exchange->is_bye ? ON_BYE : ON_REQUEST, 0, leg->side, exchange);
}
