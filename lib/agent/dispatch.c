/* SPDX-License-Identifier: MIT */
#include "agent/dispatch.h"

#include "agent/face.h"
#include "half/bypass.h"
#include "half/proxy.h"
#include "half/receive.h"
#include "wire/forward.h"
#include "wire/loop.h"
#include "wire/option.h"
#include "wire/peer.h"
#include "wire/reply.h"
#include "wire/uri.h"

#include <stdio.h>
#include <string.h>

enum {
	STRANGER_NOTES = 8,		/* places in the journal at once; all again after STRANGER_REST */
	STRANGER_REST_S = 3600,
};

void dispatch_know_strangers(struct agent *agent, int64_t now_us)
{
	agent->stranger_notes = STRANGER_NOTES;
	agent->stranger_noted_us = now_us;
}

/* They must not push what matters out of the journal's ring. */
static bool may_note_stranger(struct agent *agent, int64_t now_us)
{
	if (now_us - agent->stranger_noted_us > STRANGER_REST_S * INT64_C(1000000)) {
		agent->stranger_notes = STRANGER_NOTES;
		agent->stranger_noted_us = now_us;
	}
	if (!agent->stranger_notes)
		return false;
	agent->stranger_notes--;
	return true;
}

/* The user part of the Request-URI URI, of which a copy is cut up. */
static const char *user_of(char *uri)
{
	char *user = strchr(uri, ':'), *end = user ? strpbrk(user, "@;?") : NULL;

	if (!end || *end != '@')
		return NULL;
	*end = '\0';
	return user + 1;
}

void dispatch_stranger(void *context, const struct wire_stranger *stranger)
{
	struct agent *agent = context;
	char uri[128];
	struct event line = {
		.event = "stranger",
		.from = stranger->address,
		.status = stranger->status,
		.reason = "the address is no configured proxy",
		.sip_call_id = *stranger->call_id ? stranger->call_id : NULL,
	};

	snprintf(uri, sizeof uri, "%s", stranger->uri);
	line.to = user_of(uri);
	if (may_note_stranger(agent, loop_now_us(wire_loop(agent->wire))))
		agent->hooks->note(agent->context, &line);
}

static void dispatch_refuse(struct agent *agent, msg_t *msg, int status,
			    const char *sentence)
{
	reply_refuse_stateless(
		agent->wire, msg,
		&(struct refusal){ .status = status, .sentence = sentence });
}

static bool is_out_of_hops(const sip_t *sip)
{
	return sip->sip_max_forwards && sip->sip_max_forwards->mf_count == 0;
}

/* The name of a header that may appear once and appears more often in SIP, or NULL. */
static const char *repeated_header(const sip_t *sip)
{
	const sip_header_t *header = (const sip_header_t *)sip->sip_error;

	for (; header; header = header->sh_next)
		if (header->sh_class->hc_kind == msg_kind_single &&
		    header->sh_class->hc_name)
			return header->sh_class->hc_name;
	return NULL;
}

static void refuse_repeated(struct agent *agent, msg_t *msg, const char *name)
{
	struct arena arena = { 0 };

	dispatch_refuse(agent, msg, 400,
			arena_printf(&arena, "%s appears more than once", name));
	arena_clear(&arena);
}

/* Whether MSG is refused because it requires what is not known here for USE; takes it over then. */
static bool refuse_required(struct agent *agent, msg_t *msg, enum option_use use)
{
	struct arena arena = { 0 };
	const char *unsupported = option_unknown(&arena, sip_object(msg), use);

	if (unsupported)
		reply_refuse_stateless(
			agent->wire, msg,
			&(struct refusal){ .status = 420, .unsupported = unsupported });
	arena_clear(&arena);
	return unsupported != NULL;
}

/* It needs no further hop (RFC 3261 section 11). */
static bool is_for_this_program(const sip_t *sip, bool is_in_dialog)
{
	return sip->sip_request->rq_method == sip_method_options && !is_in_dialog;
}

static bool is_only_in_dialogs(sip_method_t method)
{
	return method == sip_method_bye || method == sip_method_prack ||
	       method == sip_method_update || method == sip_method_info;
}

static void receive_new_call(struct agent *agent, const struct peer *peer,
			     const struct listener *listener, msg_t *msg)
{
	if (!agent->is_draining)
		receive_invite(agent->stock, peer, listener, msg);
	else
		reply_refuse_stateless(agent->wire, msg,
				       &(struct refusal){
					       .status = 503,
					       .sentence = "halfcalld is about to stop",
					       .retry_after_s = RETRY_AFTER_S,
				       });
}

static void answer_options(struct agent *agent, msg_t *msg)
{
	const url_t *uri = sip_object(msg)->sip_request->rq_url;

	if (!uri_is_reachable(uri))
		dispatch_refuse(agent, msg, 416,
				"the Request-URI is neither sip:, sips: nor tel:");
	else if (refuse_required(agent, msg, OPTION_ANSWERED))
		return;
	else if (agent->is_draining)
		dispatch_refuse(agent, msg, 503, "halfcalld is about to stop");
	else if (agent->plays_dead)
		dispatch_refuse(agent, msg, 503,
				"halfcalld plays dead: monitor.alive is false");
	else
		reply_options(agent->wire, msg);
}

static void receive_outside(struct agent *agent, const struct peer *peer,
			    const struct listener *listener, msg_t *msg)
{
	sip_method_t method = sip_object(msg)->sip_request->rq_method;

	if (method == sip_method_invite)
		receive_new_call(agent, peer, listener, msg);
	else if (method == sip_method_options)
		answer_options(agent, msg);
	else
		dispatch_refuse(agent, msg, is_only_in_dialogs(method) ? 481 : 405, NULL);
}

/* LEG is the one the ACK belongs to; NULL = the dialog is not one of this program. */
static void dispatch_ack(struct agent *agent, const struct peer *peer,
			 const struct listener *listener, struct leg *leg, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	bool may_pass = !is_out_of_hops(sip) && !repeated_header(sip);

	if (leg)
		receive_ack(leg, msg);
	else if (may_pass && bypass_follow(agent->stock, peer, listener, msg))
		msg_destroy(msg);
	else if (may_pass && wire_is_proxy(agent->wire) && sip->sip_to->a_tag)
		proxy_receive(agent->stock, peer, msg);
	else
		msg_destroy(msg);
}

static void dispatch_cancel(struct agent *agent, const struct peer *peer,
			    const struct listener *listener, msg_t *msg)
{
	if (bypass_follow(agent->stock, peer, listener, msg))
		msg_destroy(msg);
	else
		dispatch_refuse(agent, msg, 481, NULL);
}

void dispatch_request(void *context, const struct peer *peer,
		      const struct listener *listener, msg_t *msg)
{
	struct agent *agent = context;
	const sip_t *sip = sip_object(msg);
	sip_method_t method = sip->sip_request->rq_method;
	bool is_in_dialog = sip->sip_to->a_tag && !receive_is_dialled(agent->stock, sip);
	/* In the proxy model the only legs are those of dialogs that confirm a feature. */
	struct leg *leg = is_in_dialog ? leg_find(agent->stock, sip) : NULL;
	const char *repeated = repeated_header(sip);

	if (!peer)
		msg_destroy(msg);	/* the door lets no stranger in */
	else if (method == sip_method_ack)
		dispatch_ack(agent, peer, listener, leg, msg);
	else if (repeated)
		refuse_repeated(agent, msg, repeated);
	else if (is_out_of_hops(sip) && !is_for_this_program(sip, is_in_dialog))
		dispatch_refuse(agent, msg, 483, NULL);
	else if (method == sip_method_cancel)
		dispatch_cancel(agent, peer, listener, msg);
	else if (leg && method != sip_method_prack)
		receive_in_dialog(leg, msg);
	else if (is_in_dialog && wire_is_proxy(agent->wire) &&
		 refuse_required(agent, msg, OPTION_FORWARDED))
		return;
	else if (is_in_dialog && wire_is_proxy(agent->wire))
		proxy_receive(agent->stock, peer, msg);
	else if (is_in_dialog)
		dispatch_refuse(agent, msg, 481, NULL);
	else
		receive_outside(agent, peer, listener, msg);
}

void dispatch_response(void *context, msg_t *msg)
{
	struct agent *agent = context;
	const sip_t *sip = sip_object(msg);

	/* A stateless proxy forwards by the second Via (RFC 3261 section 16.11). */
	if (sip->sip_via && (wire_is_proxy(agent->wire) || bypass_is_answered(sip)))
		forward_response(agent->wire, msg);
	else
		msg_destroy(msg);
}
