/* SPDX-License-Identifier: MIT */
/* PUBLISH (RFC 3903) to the first proxy: outside any call, one transaction each. */
#include "agent/half.h"
#include "agent/identity.h"
#include "agent/message.h"
#include "agent/send.h"

#include <errno.h>
#include <stdlib.h>

static int on_response(struct exchange *exchange, nta_outgoing_t *client,
		       const sip_t *sip)
{
	struct agent *agent = exchange->agent;
	void *ticket = exchange->ticket;
	struct agent_published response = { .status = 408 };
	msg_t *msg;

	if (sip && sip->sip_status->st_status < 200)
		return 0;
	msg = nta_outgoing_getresponse(client);
	exchange_free(exchange);
	if (sip) {
		response.status = sip->sip_status->st_status;
		response.etag = sip->sip_etag ? sip->sip_etag->g_string : NULL;
		if (sip->sip_expires)
			response.expires_s = (unsigned)sip->sip_expires->ex_delta;
		if (sip->sip_min_expires)
			response.min_expires_s = (unsigned)sip->sip_min_expires->me_delta;
		if (sip->sip_retry_after)
			response.retry_after_s = (unsigned)sip->sip_retry_after->af_delta;
	}
	agent->hooks->published(agent->context, ticket, &response);
	msg_destroy(msg);
	return 0;
}

static msg_t *message_of(struct agent *agent, const struct agent_publish *publish)
{
	msg_t *msg = nta_msg_create(agent->nta, 0);
	sip_t *sip = sip_object(msg);
	su_home_t *home = msg_home(msg);
	struct arena arena = { 0 };
	const char *aor = arena_printf(&arena, "sip:%s@%s",
				       identity_escape(&arena, publish->extension),
				       agent->settings->domain);
	const char *party = arena_printf(&arena, "<%s>", aor);
	const char *expires = arena_printf(&arena, "%u", publish->expires_s);
	sip_route_t route[1];
	sip_payload_t *body = NULL;
	sip_request_t *line;
	sip_cseq_t *cseq;
	int err;

	if (!msg)
		return NULL;
	line = sip_request_create(home, SIP_METHOD_PUBLISH,
				  (const url_string_t *)(const void *)aor, NULL);
	cseq = sip_cseq_create(home, 1, SIP_METHOD_PUBLISH);
	sip_route_init(route);
	*route->r_url = *agent->peers[0].url;
	err = sip_add_tl(
		      msg, sip, SIPTAG_ROUTE(route), SIPTAG_FROM_STR(party),
		      SIPTAG_TO_STR(party), SIPTAG_MAX_FORWARDS_STR("70"),
		      SIPTAG_EVENT_STR("dialog"), SIPTAG_EXPIRES_STR(expires),
		      TAG_IF(*agent->settings->product,
			     SIPTAG_USER_AGENT_STR(agent->settings->product)),
		      TAG_IF(publish->if_match, SIPTAG_IF_MATCH_STR(publish->if_match)),
		      TAG_IF(publish->body,
			     SIPTAG_CONTENT_TYPE_STR("application/dialog-info+xml")),
		      TAG_END()) < 0;
	if (publish->body)
		body = sip_payload_create(home, publish->body,
					  (issize_t)publish->body_length);
	err = err || (publish->body && message_insert(msg, (sip_header_t *)body)) ||
	      message_insert(msg, (sip_header_t *)sip_call_id_create(home, NULL)) ||
	      message_insert(msg, (sip_header_t *)cseq) ||
	      message_insert(msg, (sip_header_t *)line) ||
	      message_set_from_tag(msg, nta_agent_newtag(home, NULL, agent->nta));
	arena_clear(&arena);
	if (err) {
		msg_destroy(msg);
		return NULL;
	}
	return msg;
}

int agent_publish(struct agent *agent, const struct agent_publish *publish, void *ticket)
{
	msg_t *msg = message_of(agent, publish);
	struct exchange *exchange =
		msg ? exchange_new(agent, NULL, NULL, SIDE_CALLER) : NULL;

	if (!exchange) {
		msg_destroy(msg);
		return -ENOMEM;
	}
	exchange->ticket = ticket;
	exchange->client = send_request(agent, msg,
					&(struct sending){
						.peer = &agent->peers[0],
						.exchange = exchange,
						.callback = on_response,
					});
	if (exchange->client)
		return 0;
	exchange_free(exchange);
	return -EIO;
}
