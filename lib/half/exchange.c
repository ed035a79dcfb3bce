/* SPDX-License-Identifier: MIT */
#include "half/exchange.h"

#include "base/memory.h"

#include <stdlib.h>

static void end(struct life *life)
{
	exchange_free(container_of(life, struct exchange, life));
}

struct exchange *exchange_new(struct stock *stock, struct list *list, struct uas *server,
			      enum call_side from)
{
	struct exchange *exchange = memory_new(sizeof *exchange);

	exchange->stock = stock;
	exchange->server = server;
	exchange->from = from;
	if (server) {
		sip_method_t method;

		exchange->request = msg_ref_create(uas_request(server));
		method = sip_object(exchange->request)->sip_request->rq_method;
		exchange->is_invite = method == sip_method_invite;
		exchange->is_bye = method == sip_method_bye;
	}
	exchange->life.free = end;
	list_init(&exchange->life.node);
	list_append(list, &exchange->life.node);
	return exchange;
}

void exchange_drop_server(struct exchange *exchange)
{
	uas_free(exchange->server);
	exchange->server = NULL;
}

void exchange_drop_client(struct exchange *exchange)
{
	uac_free(exchange->client);
	exchange->client = NULL;
}

void exchange_free(struct exchange *exchange)
{
	if (!exchange)
		return;
	exchange_drop_server(exchange);
	exchange_drop_client(exchange);
	msg_destroy(exchange->request);
	list_remove(&exchange->life.node);
	free(exchange);
}
