/* SPDX-License-Identifier: MIT */
/* Sends PUBLISH (RFC 3903) to the first proxy, outside any dialog. */
#include "agent/face.h"
#include "base/memory.h"
#include "wire/ask.h"
#include "wire/message.h"
#include "wire/peer.h"
#include "wire/uri.h"

#include <errno.h>
#include <stdlib.h>

/* A PUBLISH that has no final response yet. */
struct publishing {
	struct list node;		/* in agent->publishings */
	struct agent *agent;
	void *ticket;
};

static void answered(void *context, int status, msg_t *response)
{
	struct publishing *publishing = context;
	struct agent *agent = publishing->agent;
	void *ticket = publishing->ticket;
	const sip_t *sip = response ? sip_object(response) : NULL;
	struct agent_published answer = { .status = status };

	list_remove(&publishing->node);
	free(publishing);
	if (sip) {
		answer.etag = sip->sip_etag ? sip->sip_etag->g_string : NULL;
		if (sip->sip_expires)
			answer.expires_s = (unsigned)sip->sip_expires->ex_delta;
		if (sip->sip_min_expires)
			answer.min_expires_s = (unsigned)sip->sip_min_expires->me_delta;
		if (sip->sip_retry_after)
			answer.retry_after_s = (unsigned)sip->sip_retry_after->af_delta;
	}
	agent->hooks->published(agent->context, ticket, &answer);
}

static void add_headers(msg_t *msg, const struct agent_publish *publish,
			const char *product)
{
	struct arena arena = { 0 };
	const char *expires = arena_printf(&arena, "%u", publish->expires_s);

	if (sip_add_tl(msg, sip_object(msg), SIPTAG_EVENT_STR("dialog"),
		       SIPTAG_EXPIRES_STR(expires),
		       TAG_IF(*product, SIPTAG_USER_AGENT_STR(product)),
		       TAG_IF(publish->if_match, SIPTAG_IF_MATCH_STR(publish->if_match)),
		       TAG_IF(publish->body,
			      SIPTAG_CONTENT_TYPE_STR("application/dialog-info+xml")),
		       TAG_END()) < 0)
		memory_out();
	if (publish->body)
		message_insert(msg, (sip_header_t *)sip_payload_create(
					    msg_home(msg), publish->body,
					    (issize_t)publish->body_length));
	arena_clear(&arena);
}

/* A new PUBLISH; NULL = no URI can be made of the extension. */
static msg_t *request_of(struct agent *agent, const struct agent_publish *publish)
{
	struct arena arena = { 0 };
	const char *aor =
		arena_printf(&arena, "sip:%s@%s", uri_escape(&arena, publish->extension),
			     wire_domain(agent->wire));
	const char *party = arena_printf(&arena, "<%s>", aor);
	msg_t *msg = ask_request(agent->wire,
				 &(struct ask){
					 .method = sip_method_publish,
					 .method_name = "PUBLISH",
					 .uri = aor,
					 .from = party,
					 .to = party,
					 .route = peer_url(peer_first(agent->wire)),
				 });

	arena_clear(&arena);
	return msg;
}

int agent_publish(struct agent *agent, const struct agent_publish *publish, void *ticket)
{
	msg_t *msg = request_of(agent, publish);
	struct publishing *publishing;
	struct way way;
	int err;

	if (!msg)
		return -EINVAL;
	add_headers(msg, publish, agent->product);
	err = way_find(agent->wire, peer_first(agent->wire), sip_object(msg), NULL, &way,
		       NULL);
	if (err < 0) {
		msg_destroy(msg);
		return err;
	}
	publishing = memory_new(sizeof *publishing);
	publishing->agent = agent;
	publishing->ticket = ticket;
	list_init(&publishing->node);
	err = ask_send(agent->wire, &way, msg, answered, publishing);
	if (err < 0)
		free(publishing);
	else
		list_append(&agent->publishings, &publishing->node);
	return err;
}

void publication_forget_all(struct agent *agent)
{
	while (!list_is_empty(&agent->publishings)) {
		struct publishing *publishing =
			container_of(agent->publishings.next, struct publishing, node);

		list_remove(&publishing->node);
		free(publishing);
	}
}
