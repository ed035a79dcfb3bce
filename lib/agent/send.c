/* SPDX-License-Identifier: MIT */
#include "agent/send.h"

#include "agent/half.h"
#include "agent/peer.h"
#include "agent/route.h"

nta_outgoing_t *send_request(struct agent *agent, msg_t *msg, const struct sending *how)
{
	const url_t *first = route_first(sip_object(msg));
	const url_t *hop = route_next_hop(how->peer, first);
	const struct listener *listener = peer_listener(agent, hop, how->preferred);
	nta_outgoing_t *client = NULL;

	if (how->exchange &&
	    sip_object(msg)->sip_request->rq_method == sip_method_invite) {
		msg_destroy(how->exchange->sent);
		how->exchange->sent = msg_ref_create(msg);
	}
	/* A request that would come straight back to us goes nowhere. */
	if (listener && !route_is_listener(agent, first))
		client = nta_outgoing_mcreate(
			agent->nta, how->callback, how->exchange,
			(const url_string_t *)hop, msg, NTATAG_PASS_100(1),
			TAG_IF(how->ack_branch, NTATAG_ACK_BRANCH(how->ack_branch)),
			TAG_IF(how->cancel_branch, NTATAG_BRANCH_KEY(how->cancel_branch)),
			NTATAG_STATELESS(how->is_stateless), TPTAG_IDENT(listener->ident),
			TAG_END());
	if (!client)
		msg_destroy(msg);
	return client;
}
