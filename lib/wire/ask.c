/* SPDX-License-Identifier: MIT */
#include "wire/ask.h"

#include "base/memory.h"
#include "wire/message.h"
#include "wire/core.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A request that was sent and has no final response yet. */
struct asking {
	struct list node;		/* in wire->asks */
	struct uac *uac;
	ask_answered_f *answered;
	void *context;
};

static bool add_headers(struct wire *wire, const struct ask *ask, msg_t *msg)
{
	su_home_t *home = msg_home(msg);
	sip_t *sip = sip_object(msg);
	sip_request_t *line =
		sip_request_create(home, ask->method, ask->method_name,
				   (const url_string_t *)(const void *)ask->uri, NULL);
	sip_from_t *from = sip_from_make(home, ask->from);
	sip_to_t *to = sip_to_make(home, ask->to);
	sip_route_t route[1];
	char tag[20];

	if (!line || !from || !to)
		return false;
	sip_route_init(route);
	if (ask->route)
		*route->r_url = *ask->route;
	if (sip_add_tl(msg, sip, TAG_IF(ask->route, SIPTAG_ROUTE(route)),
		       SIPTAG_MAX_FORWARDS_STR("70"), TAG_END()) < 0)
		memory_out();
	message_insert(msg, (sip_header_t *)from);
	message_insert(msg, (sip_header_t *)to);
	message_insert(msg, (sip_header_t *)sip_call_id_create(home, NULL));
	message_insert(msg,
		       (sip_header_t *)sip_cseq_create(home, ask->cseq ? ask->cseq : 1,
						       ask->method, ask->method_name));
	message_insert(msg, (sip_header_t *)line);
	if (ask->call_id)
		message_set_call_id(msg, ask->call_id);
	snprintf(tag, sizeof tag, "%016" PRIx64, core_unique(wire));
	message_set_from_tag(msg, ask->from_tag ? ask->from_tag : tag);
	return true;
}

msg_t *ask_request(struct wire *wire, const struct ask *ask)
{
	msg_t *msg = wire_message(wire);

	if (add_headers(wire, ask, msg))
		return msg;
	msg_destroy(msg);
	return NULL;
}

static void asking_free(struct asking *asking)
{
	list_remove(&asking->node);
	uac_free(asking->uac);
	free(asking);
}

static void heard(void *context, struct uac *uac, int status, msg_t *response)
{
	struct asking *asking = context;
	ask_answered_f *answered = asking->answered;
	void *user = asking->context;

	(void)uac;
	if (status < 200)
		return;
	msg_ref_create(response);
	asking_free(asking);
	answered(user, status, response);
	msg_destroy(response);
}

/* Called when the wire is closed: frees the requests without calling their users. */
static void end_all(struct wire *wire)
{
	while (!list_is_empty(&wire->asks))
		asking_free(container_of(wire->asks.next, struct asking, node));
}

int ask_send(struct wire *wire, const struct way *way, msg_t *request,
	     ask_answered_f *answered, void *context)
{
	struct asking *asking = memory_new(sizeof *asking);

	asking->answered = answered;
	asking->context = context;
	list_init(&asking->node);
	asking->uac = uac_send(wire, way, request, heard, asking);
	if (!asking->uac) {
		free(asking);
		return -EIO;
	}
	list_append(&wire->asks, &asking->node);
	wire->end_asks = end_all;
	return 0;
}
