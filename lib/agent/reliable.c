/* SPDX-License-Identifier: MIT */
#include "agent/reliable.h"

#include <errno.h>
#include <stdlib.h>

bool reliable_is_asked(const sip_t *response)
{
	return response->sip_rseq && sip_has_feature(response->sip_require, "100rel");
}

bool reliable_is_new(struct fork *fork, const sip_t *response)
{
	if (!reliable_is_asked(response))
		return true;
	if (response->sip_rseq->rs_response <= fork->rseq)
		return false;
	fork->rseq = (uint32_t)response->sip_rseq->rs_response;
	return true;
}

static struct reliable *find(struct half_call *half, const nta_reliable_t *response)
{
	struct list *node;

	for (node = half->reliables.next; node != &half->reliables; node = node->next) {
		struct reliable *reliable = container_of(node, struct reliable, node);

		if (reliable->response == response)
			return reliable;
	}
	return NULL;
}

/* The caller's PRACK, or (PRACK NULL) nobody will acknowledge any more. */
static int on_prack(struct half_call *half, nta_reliable_t *response,
		    nta_incoming_t *prack, const sip_t *sip)
{
	struct reliable *reliable = find(half, response);
	struct exchange *exchange = NULL;

	(void)sip;
	if (reliable && prack && !reliable->fork->is_left &&
	    (exchange = exchange_new(half->in.agent, half, prack, SIDE_CALLER))) {
		exchange->rack_rseq = reliable->rseq;
		exchange->rack_cseq = reliable->cseq;
		exchange->fork = reliable->fork;
	}
	if (reliable) {
		list_remove(&reliable->node);
		free(reliable);
	}
	nta_reliable_destroy(response);
	if (exchange)
		half_raise(half, ON_REQUEST, 0, SIDE_CALLER, exchange);
	return exchange || !prack ? 0 : 200;
}

int reliable_pass(struct half_call *half, msg_t *msg, const sip_t *response)
{
	struct fork *fork = fork_of(half, response);
	struct reliable *reliable = fork ? calloc(1, sizeof *reliable) : NULL;

	if (!reliable) {
		msg_destroy(msg);
		return -ENOMEM;
	}
	reliable->fork = fork;
	reliable->rseq = (uint32_t)response->sip_rseq->rs_response;
	reliable->cseq = response->sip_cseq->cs_seq;
	list_init(&reliable->node);
	list_append(&half->reliables, &reliable->node);
	reliable->response =
		nta_reliable_mreply(half->invite.server, on_prack, half, msg);
	if (reliable->response)
		return 0;
	list_remove(&reliable->node);
	free(reliable);
	return -EIO;
}
