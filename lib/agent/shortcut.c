/* SPDX-License-Identifier: MIT */
#include "agent/shortcut.h"

#include "agent/message.h"
#include "agent/reply.h"
#include "agent/route.h"
#include "agent/send.h"
#include "agent/shown.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* How the branches begin by which responses are known. */
static const char branch_prefix[] = "z9hG4bK-hc-short-";

/* Whether PARAM is atrp=shortcut: of any case, quoted or not, with + or without. */
static bool is_shortcut_param(const char *param)
{
	static const char name[] = "atrp=", value[] = "shortcut";

	param += *param == '+';
	if (strncasecmp(param, name, sizeof name - 1) != 0)
		return false;
	param += sizeof name - 1;
	if (*param != '"')
		return strcasecmp(param, value) == 0;
	param++;
	return strncasecmp(param, value, sizeof value - 1) == 0 &&
	       strcmp(param + sizeof value - 1, "\"") == 0;
}

static bool is_shortcut(const sip_accept_contact_t *accept)
{
	const msg_param_t *param = accept->cp_params;

	for (; param && *param; param++)
		if (is_shortcut_param(*param))
			return true;
	return false;
}

bool shortcut_is_asked(const sip_t *sip)
{
	const sip_accept_contact_t *accept = sip->sip_accept_contact;

	while (accept && !is_shortcut(accept))
		accept = accept->cp_next;
	return accept != NULL;
}

int shortcut_write(msg_t *msg, bool is_announced)
{
	sip_t *sip = sip_object(msg);
	sip_accept_contact_t *accept, *next;
	bool is_removed = shortcut_is_asked(sip);

	for (accept = sip->sip_accept_contact; is_removed && accept; accept = next) {
		next = accept->cp_next;
		/* The text of a whole line may hang on one of its values. */
		sip_fragment_clear(accept->cp_common);
		if (is_shortcut(accept))
			sip_header_remove(msg, sip, (sip_header_t *)accept);
	}
	if (!is_announced)
		return 0;
	accept = sip_accept_contact_make(msg_home(msg), "*;atrp=shortcut");
	return message_insert(msg, (sip_header_t *)accept);
}

/*
 * The same for an INVITE, its retransmissions, its CANCEL and the ACK of its failure, and
 * for nothing else (RFC 3261 section 16.11).
 */
static const char *branch_of(struct arrival *in, const sip_t *sip)
{
	const sip_via_t *via = sip->sip_via;
	const char *key = arena_printf(&in->arena, "%s %s:%s %s %s %u",
				       via->v_branch ? via->v_branch : "", via->v_host,
				       via->v_port ? via->v_port : "", in->sip_call_id,
				       in->caller_tag, (unsigned)sip->sip_cseq->cs_seq);

	return arena_printf(&in->arena, "%s%016llx", branch_prefix,
			    (unsigned long long)index_hash(key));
}

/* 0, or -errno when it cannot be sent. */
static int send_back(struct arrival *in)
{
	msg_t *msg = message_copy(in->request);
	sip_t *sip = sip_object(msg);
	const char *branch = branch_of(in, sip_object(in->request));
	nta_outgoing_t *client;
	int err;

	if (!msg)
		return -ENOMEM;
	message_remove_all(msg, (sip_header_t *)sip->sip_proxy_authorization);
	err = message_count_hop(msg);
	if (!err)
		err = route_write(in, msg, phase_done(in->facts.phase));
	if (err) {
		msg_destroy(msg);
		return err;
	}
	client = send_request(in->agent, msg,
			      &(struct sending){
				      .peer = in->peer,
				      .preferred = in->listener,
				      .cancel_branch = branch,
				      .is_stateless = true,
			      });
	nta_outgoing_destroy(client);
	return client ? 0 : -EIO;
}

bool shortcut_take(struct arrival *in)
{
	int err;

	if (!in->facts.asks_shortcut)
		return false;
	arrival_decide(in);
	if (!in->verdict.is_shortcut) {
		in->facts.asks_shortcut = false;
		return false;
	}
	err = send_back(in);
	if (!err)
		half_take_called_line(in);
	arrival_note(in, err ? "broken" : "pass", err ? 500 : 0, in->verdict.rule, NULL,
		     phase_done(in->facts.phase));
	if (err)
		reply_refuse_stateless(
			in->agent, msg_ref_create(in->request),
			&(struct refusal){ .status = 500,
					   .retry_after_s = RETRY_AFTER_S });
	return true;
}

bool shortcut_follow(struct agent *agent, const struct peer *peer, msg_t *msg)
{
	struct arrival in = { 0 };
	bool is_ours;

	if (!agent->settings->is_evolution)
		return false;
	arrival_read(&in, agent, msg, peer);
	is_ours = in.facts.phase == PHASE_IMSTERM && in.tag.phases == 1;
	/* One that cannot be sent is lost; its sender will say it again, or give up. */
	if (is_ours)
		send_back(&in);
	arrival_clear(&in);
	return is_ours;
}

bool shortcut_is_answered(const sip_t *sip)
{
	return sip->sip_via->v_branch && strncmp(sip->sip_via->v_branch, branch_prefix,
						 sizeof branch_prefix - 1) == 0;
}
