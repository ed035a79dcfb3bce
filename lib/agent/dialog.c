/* SPDX-License-Identifier: MIT */
#include "agent/dialog.h"

#include "agent/message.h"
#include "agent/receive.h"
#include "agent/route.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

int dialog_open_caller(struct half_call *half)
{
	struct dialog *dialog = &half->dialog[SIDE_CALLER];
	const sip_t *sip = sip_object(half->in.request);
	nta_incoming_t *server = half->invite.server;
	sip_to_t to = *sip->sip_to;
	const char *tag;

	if (dialog->leg)
		return 0;
	dialog->agent = half->in.agent;
	dialog->half = half;
	dialog->call_id = half->in.sip_call_id;
	/* A To tag may be there already: the peer's guess, or that of an older dialog. */
	tag = nta_incoming_tag(server, NULL);
	if (!tag)
		return -ENOMEM;
	to.a_params = NULL;
	to.a_tag = NULL;
	dialog->leg =
		nta_leg_tcreate(half->in.agent->nta, receive_in_dialog, dialog,
				SIPTAG_CALL_ID(sip->sip_call_id), SIPTAG_FROM(&to),
				SIPTAG_TO(sip->sip_from),
				NTATAG_REMOTE_CSEQ(sip->sip_cseq->cs_seq), TAG_END());
	if (!dialog->leg || !nta_leg_tag(dialog->leg, tag))
		return -ENOMEM;
	if (nta_leg_server_route(dialog->leg, sip->sip_record_route, sip->sip_contact) <
	    0)
		return -ENOMEM;
	return 0;
}

/* The leg that finds the dialog of our INVITE in MSG; its From has our tag already. */
static nta_leg_t *callee_leg(struct half_call *half, const sip_t *invite)
{
	struct dialog *dialog = &half->dialog[SIDE_CALLEE];

	return nta_leg_tcreate(half->in.agent->nta, receive_in_dialog, dialog,
			       SIPTAG_CALL_ID(invite->sip_call_id),
			       SIPTAG_FROM((const sip_from_t *)invite->sip_from),
			       SIPTAG_TO(invite->sip_to), TAG_END());
}

int dialog_open_callee(struct half_call *half, msg_t *msg)
{
	struct dialog *dialog = &half->dialog[SIDE_CALLEE];
	struct agent *agent = half->in.agent;
	su_home_t *home = msg_home(msg);
	sip_call_id_t *call_id;
	uint64_t random;
	char tag[32];
	int err;

	nta_leg_destroy(dialog->leg);
	dialog->leg = NULL;
	dialog->agent = agent;
	dialog->half = half;
	dialog->cseq = 1;

	su_randmem(&random, sizeof random);
	dialog->call_id = arena_printf(&half->in.arena, "hc-%s-%016" PRIx64 "@%s",
				       half->in.id, random, half->in.listener->host);
	su_randmem(&random, sizeof random);
	snprintf(tag, sizeof tag, "%016" PRIx64, random);

	call_id = sip_call_id_make(home, dialog->call_id);
	if (!call_id)
		return -ENOMEM;
	if ((err = message_set_call_id(msg, call_id)) ||
	    (err = message_set_from_tag(msg, tag)) ||
	    (err = message_set_to_tag(msg, NULL)) ||
	    (err = message_set_cseq(msg, dialog->cseq)))
		return err;
	dialog->leg = callee_leg(half, sip_object(msg));
	return dialog->leg ? 0 : -ENOMEM;
}

int dialog_learn_callee(struct half_call *half, const sip_t *response)
{
	struct dialog *dialog = &half->dialog[SIDE_CALLEE];
	const char *tag = response->sip_to->a_tag, *known;
	bool is_answer = response->sip_status->st_status >= 200;

	if (!tag)
		return 0;
	known = nta_leg_get_rtag(dialog->leg);
	if (known && strcasecmp(known, tag) != 0) {
		if (!is_answer)
			return 0;	/* the dialog stays with the first fork until one answers */
		nta_leg_destroy(dialog->leg);
		dialog->leg = callee_leg(half, response);
		if (!dialog->leg)
			return -ENOMEM;
	} else if (!known && !nta_leg_rtag(dialog->leg, tag)) {
		return -ENOMEM;
	}
	if (nta_leg_client_reroute(dialog->leg, response->sip_record_route,
				   response->sip_contact, is_answer) < 0)
		return -ENOMEM;
	return 0;
}

void dialog_refresh_target(struct half_call *half, enum call_side side, const sip_t *sip)
{
	nta_leg_t *leg = half->dialog[side].leg;

	if (leg && sip->sip_contact)
		nta_leg_client_reroute(leg, NULL, sip->sip_contact, 0);
}

void dialog_forget_cseq(struct dialog *dialog)
{
	struct half_call *half = dialog->half;
	bool is_caller = dialog == &half->dialog[SIDE_CALLER];
	const sip_t *invite = sip_object(half->in.request);
	sip_addr_t local = *(is_caller ? invite->sip_to : invite->sip_from);
	sip_addr_t remote = *(is_caller ? invite->sip_from : invite->sip_to);
	const sip_route_t *route = NULL;
	const sip_contact_t *target = NULL;
	const char *rtag = nta_leg_get_rtag(dialog->leg);
	nta_leg_t *leg;

	nta_leg_get_route(dialog->leg, &route, &target);
	local.a_params = remote.a_params = NULL;
	local.a_tag = remote.a_tag = NULL;
	leg = nta_leg_tcreate(dialog->agent->nta, receive_in_dialog, dialog,
			      SIPTAG_CALL_ID_STR(dialog->call_id), SIPTAG_FROM(&local),
			      SIPTAG_TO(&remote), TAG_IF(route, SIPTAG_ROUTE(route)),
			      TAG_IF(target, NTATAG_TARGET(target)), TAG_END());
	if (leg && nta_leg_tag(leg, nta_leg_get_tag(dialog->leg)) &&
	    (!rtag || nta_leg_rtag(leg, rtag))) {
		nta_leg_destroy(dialog->leg);
		dialog->leg = leg;
	} else {
		nta_leg_destroy(leg);
	}
}

int dialog_address(struct half_call *half, enum call_side side, msg_t *msg, uint32_t seq)
{
	struct dialog *dialog = &half->dialog[side];
	const sip_route_t *route = NULL;
	const sip_contact_t *target = NULL;
	sip_call_id_t call_id[1];
	int err;

	if (!dialog->leg)
		return -ENOTCONN;
	sip_call_id_init(call_id);
	call_id->i_id = dialog->call_id;
	call_id->i_hash = (uint32_t)msg_hash_string(call_id->i_id);
	nta_leg_get_route(dialog->leg, &route, &target);

	message_strip_hops(msg);
	if ((err = message_set_call_id(msg, call_id)) ||
	    (err = message_set_from_tag(msg, nta_leg_get_tag(dialog->leg))) ||
	    (err = message_set_to_tag(msg, nta_leg_get_rtag(dialog->leg))) ||
	    (err = message_set_cseq(msg, seq)) || (err = message_set_route(msg, route)) ||
	    (err = message_count_hop(msg)))
		return err;
	return target ? message_set_uri(msg, target->m_url) : 0;
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
