/* SPDX-License-Identifier: MIT */
#include "wire/forward.h"

#include "wire/listener.h"
#include "wire/message.h"
#include "wire/send.h"

#include <errno.h>
#include <stdio.h>

void forward_prepare(const struct wire *wire, msg_t *msg)
{
	sip_t *sip = sip_object(msg);

	while (sip->sip_route && wire_is_here(wire, sip->sip_route->r_url))
		sip_header_remove(msg, sip, (sip_header_t *)sip->sip_route);
	message_remove_all(msg, (sip_header_t *)sip->sip_proxy_authorization);
	message_count_hop(msg);
}

void forward_record(msg_t *msg, const struct listener *listener, const char *param)
{
	char uri[160];

	snprintf(uri, sizeof uri, "<sip:%s;lr%s%s>", listener_address(listener),
		 param ? ";" : "", param ? param : "");
	message_insert(msg, (sip_header_t *)sip_record_route_make(msg_home(msg), uri));
}

int forward_request(struct wire *wire, const struct way *way, msg_t *request,
		    const char *branch)
{
	nta_outgoing_t *client =
		send_request(wire, way, request,
			     &(struct sending){ .branch = branch, .is_stateless = true });

	nta_outgoing_destroy(client);
	return client ? 0 : -EIO;
}

void forward_response(struct wire *wire, msg_t *response)
{
	if (sip_object(response)->sip_via && sip_object(response)->sip_via->v_next)
		nta_msg_tsend(wire->nta, response, NULL, TAG_END());
	else
		msg_destroy(response);
}
