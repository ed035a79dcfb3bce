/* SPDX-License-Identifier: MIT */
#include "agent/dialog.h"

#include "agent/message.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

static void open_dialog(struct dialog *dialog)
{
	struct agent *agent = dialog->half->in.agent;

	index_insert(&agent->dialog_index, &dialog->by_call_id, dialog->call_id);
	agent->dialog_count++;
}

void dialog_close(struct dialog *dialog)
{
	if (!dialog->call_id)
		return;
	index_remove(&dialog->by_call_id);
	dialog->half->in.agent->dialog_count--;
	dialog->call_id = dialog->local_tag = dialog->remote_tag = NULL;
}

enum call_side dialog_side(const struct dialog *dialog)
{
	return dialog == &dialog->half->dialog[SIDE_CALLER] ? SIDE_CALLER : SIDE_CALLEE;
}

static bool is_tag(const char *known, const char *said)
{
	return known && said && strcasecmp(known, said) == 0;
}

struct dialog *dialog_find(struct agent *agent, const sip_t *request)
{
	struct index_entry *entry = NULL;

	while ((entry = index_find(&agent->dialog_index, request->sip_call_id->i_id,
				   entry))) {
		struct dialog *dialog = container_of(entry, struct dialog, by_call_id);

		if (is_tag(dialog->local_tag, request->sip_to->a_tag) &&
		    is_tag(dialog->remote_tag, request->sip_from->a_tag))
			return dialog;
	}
	return NULL;
}

bool dialog_is_in_order(struct dialog *dialog, const sip_t *request)
{
	uint32_t cseq = request->sip_cseq->cs_seq;

	if (cseq < dialog->remote_cseq)
		return false;
	dialog->remote_cseq = cseq;
	return true;
}

static int set_target(struct dialog *dialog, const url_t *url)
{
	su_home_t *home = dialog->half->home;
	sip_contact_t one[1], *target;

	sip_contact_init(one);
	*one->m_url = *url;
	one->m_url->url_headers = NULL;
	target = sip_contact_dup(home, one);
	if (!target)
		return -ENOMEM;
	su_free(home, dialog->target);
	dialog->target = target;
	return 0;
}

/* A copy of RECORDED alone, a Route; one written without <> has its URI's parameters outside. */
static sip_route_t *route_of(su_home_t *home, const sip_record_route_t *recorded)
{
	const msg_param_t *params = recorded->r_params;
	sip_route_t route[1];

	sip_route_init(route);
	*route->r_url = *recorded->r_url;
	route->r_params = params;
	if (!route->r_url->url_params && params && params[0] &&
	    (strcasecmp(params[0], "lr") == 0 || strncasecmp(params[0], "lr=", 3) == 0)) {
		route->r_url->url_params = params[0];
		route->r_params = params + 1;
	}
	return sip_route_dup(home, route);
}

sip_route_t *dialog_route_set(su_home_t *home, const sip_record_route_t *recorded,
			      bool is_reversed)
{
	sip_route_t *set = NULL, **end = &set;

	for (; recorded; recorded = recorded->r_next) {
		sip_route_t *route = route_of(home, recorded);

		if (!route)
			return NULL;
		if (is_reversed) {
			route->r_next = set;
			set = route;
		} else {
			*end = route;
			end = &route->r_next;
		}
	}
	return set;
}

int dialog_open_caller(struct half_call *half)
{
	struct dialog *dialog = &half->dialog[SIDE_CALLER];
	const sip_t *sip = sip_object(half->in.request);
	const char *tag;

	if (dialog->call_id)
		return 0;
	tag = nta_incoming_tag(half->invite.server, NULL);
	if (!tag)
		return -ENOMEM;
	dialog->call_id = half->in.sip_call_id;
	dialog->local_tag = arena_strdup(&half->in.arena, tag);
	dialog->remote_tag = half->in.caller_tag;
	dialog->remote_cseq = sip->sip_cseq->cs_seq;
	open_dialog(dialog);
	if (sip->sip_record_route) {
		dialog->route =
			dialog_route_set(half->home, sip->sip_record_route, false);
		if (!dialog->route)
			return -ENOMEM;
	}
	/* An INVITE without Contact breaks RFC 3261 section 8.1.1.8; its From is a good guess. */
	return set_target(dialog, sip->sip_contact ? sip->sip_contact->m_url
						   : sip->sip_from->a_url);
}

int dialog_open_callee(struct half_call *half, msg_t *msg)
{
	struct dialog *dialog = &half->dialog[SIDE_CALLEE];
	struct arena *arena = &half->in.arena;
	sip_call_id_t *call_id;
	uint64_t random[2];
	int err;

	dialog_close(dialog);
	su_randmem(random, sizeof random);
	dialog->call_id = arena_printf(arena, "hc-%s-%016" PRIx64 "@%s", half->in.id,
				       random[0], half->in.listener->host);
	dialog->local_tag = arena_printf(arena, "%016" PRIx64, random[1]);
	dialog->cseq = 1;
	dialog->remote_cseq = 0;
	dialog->route = NULL;
	dialog->target = NULL;
	open_dialog(dialog);

	call_id = sip_call_id_make(msg_home(msg), dialog->call_id);
	if (!call_id)
		return -ENOMEM;
	if ((err = message_set_call_id(msg, call_id)) ||
	    (err = message_set_from_tag(msg, dialog->local_tag)) ||
	    (err = message_set_to_tag(msg, NULL)))
		return err;
	return message_set_cseq(msg, dialog->cseq);
}

int dialog_learn_callee(struct half_call *half, const sip_t *response)
{
	struct dialog *dialog = &half->dialog[SIDE_CALLEE];
	const char *tag = response->sip_to->a_tag;
	bool is_answer = response->sip_status->st_status >= 200;

	if (!tag)
		return 0;
	/* The dialog stays with the first fork until one answers. */
	if (dialog->remote_tag && !is_tag(dialog->remote_tag, tag) && !is_answer)
		return 0;
	if (!is_tag(dialog->remote_tag, tag))
		dialog->remote_tag = arena_strdup(&half->in.arena, tag);
	if (response->sip_record_route && (is_answer || !dialog->route)) {
		dialog->route =
			dialog_route_set(half->home, response->sip_record_route, true);
		if (!dialog->route)
			return -ENOMEM;
	}
	return response->sip_contact ? set_target(dialog, response->sip_contact->m_url)
				     : 0;
}

void dialog_refresh_target(struct half_call *half, enum call_side side, const sip_t *sip)
{
	/* Out of memory, the old target is as good a guess as any. */
	if (half->dialog[side].call_id && sip->sip_contact)
		set_target(&half->dialog[side], sip->sip_contact->m_url);
}

int dialog_address(struct half_call *half, enum call_side side, msg_t *msg, uint32_t seq)
{
	struct dialog *dialog = &half->dialog[side];
	sip_call_id_t call_id[1];
	int err;

	if (!dialog->call_id)
		return -ENOTCONN;
	sip_call_id_init(call_id);
	call_id->i_id = dialog->call_id;
	call_id->i_hash = (uint32_t)msg_hash_string(call_id->i_id);

	message_strip_hops(msg);
	if ((err = message_set_call_id(msg, call_id)) ||
	    (err = message_set_from_tag(msg, dialog->local_tag)) ||
	    (err = message_set_to_tag(msg, dialog->remote_tag)) ||
	    (err = message_set_cseq(msg, seq)) ||
	    (err = message_set_route(msg, dialog->route)) ||
	    (err = message_count_hop(msg)))
		return err;
	return dialog->target ? message_set_uri(msg, dialog->target->m_url) : 0;
}

msg_t *dialog_request(struct half_call *half, enum call_side side, sip_method_t method,
		      const char *name)
{
	const sip_t *invite = sip_object(half->in.request);
	msg_t *msg = nta_msg_create(half->in.agent->nta, 0);
	sip_t *sip = sip_object(msg);
	su_home_t *home = msg_home(msg);
	const sip_addr_t *us = side == SIDE_CALLEE ? invite->sip_from : invite->sip_to;
	const sip_addr_t *them = side == SIDE_CALLEE ? invite->sip_to : invite->sip_from;
	sip_request_t *line;
	sip_cseq_t *cseq;
	int err;

	if (!msg)
		return NULL;
	line = sip_request_create(home, method, name,
				  (const url_string_t *)invite->sip_request->rq_url,
				  NULL);
	cseq = sip_cseq_create(home, 1, method, name);
	err = sip_add_tl(msg, sip, SIPTAG_FROM(us), SIPTAG_TO(them),
			 SIPTAG_CALL_ID(invite->sip_call_id), TAG_END()) < 0 ||
	      message_insert(msg, (sip_header_t *)cseq) ||
	      message_insert(msg, (sip_header_t *)line);
	if (err) {
		msg_destroy(msg);
		return NULL;
	}
	return msg;
}
