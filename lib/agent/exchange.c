/* SPDX-License-Identifier: MIT */
#include "agent/half.h"

#include <stdlib.h>

struct exchange *exchange_new(struct agent *agent, struct half_call *half,
			      nta_incoming_t *server, enum call_side from)
{
	struct exchange *exchange = calloc(1, sizeof *exchange);

	if (!exchange)
		return NULL;
	exchange->agent = agent;
	exchange->half = half;
	exchange->server = server;
	exchange->from = from;
	if (server) {
		const sip_t *sip;

		exchange->request = nta_incoming_getrequest(server);
		sip = sip_object(exchange->request);
		exchange->is_invite = sip->sip_request->rq_method == sip_method_invite;
		exchange->is_bye = sip->sip_request->rq_method == sip_method_bye;
	}
	list_init(&exchange->node);
	list_append(half ? &half->exchanges : &agent->strays, &exchange->node);
	return exchange;
}

void exchange_drop(struct exchange *exchange)
{
	if (exchange->server)
		nta_incoming_destroy(exchange->server);
	if (exchange->client)
		nta_outgoing_destroy(exchange->client);
	msg_destroy(exchange->sent);
	exchange->server = NULL;
	exchange->client = NULL;
	exchange->sent = NULL;
}

void exchange_free(struct exchange *exchange)
{
	if (!exchange)
		return;
	exchange_drop(exchange);
	msg_destroy(exchange->request);
	list_remove(&exchange->node);
	free(exchange);
}
