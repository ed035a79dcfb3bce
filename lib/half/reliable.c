/* SPDX-License-Identifier: MIT */
#include "half/reliable.h"

#include "base/memory.h"
#include "half/half.h"

#include <stdlib.h>
#include <strings.h>

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

/* RFC 3262 section 3: numbers are those of a dialog. */
static struct reliable *find(struct half_call *half, struct uas *prack, uint32_t ours)
{
	const char *tag = sip_object(uas_request(prack))->sip_to->a_tag;
	struct list *node;

	for (node = half->reliables.next; node != &half->reliables; node = node->next) {
		struct reliable *reliable = container_of(node, struct reliable, node);

		if (reliable->ours == ours && tag &&
		    strcasecmp(reliable->fork->ours, tag) == 0)
			return reliable;
	}
	return NULL;
}

void reliable_acknowledged(struct half_call *half, struct uas *prack, uint32_t ours)
{
	struct reliable *reliable = find(half, prack, ours);
	struct exchange *exchange;

	if (!reliable || reliable->fork->is_left) {
		uas_reply(prack, 200, NULL);
		uas_free(prack);
	} else {
		exchange =
			exchange_new(half->stock, &half->exchanges, prack, SIDE_CALLER);
		exchange->half = half;
		exchange->rack_rseq = reliable->rseq;
		exchange->rack_cseq = reliable->cseq;
		exchange->fork = reliable->fork;
		half_raise(half, ON_REQUEST, 0, SIDE_CALLER, exchange);
	}
	if (reliable) {
		list_remove(&reliable->node);
		free(reliable);
	}
}

int reliable_pass(struct half_call *half, struct fork *fork, msg_t *msg,
		  const sip_t *response)
{
	struct reliable *reliable;
	uint32_t ours;
	int err = uas_send_reliably(half->invite.server, msg, &ours);

	if (err < 0)
		return err;
	reliable = memory_new(sizeof *reliable);
	reliable->fork = fork;
	reliable->ours = ours;
	reliable->rseq = (uint32_t)response->sip_rseq->rs_response;
	reliable->cseq = response->sip_cseq->cs_seq;
	list_init(&reliable->node);
	list_append(&half->reliables, &reliable->node);
	return 0;
}
