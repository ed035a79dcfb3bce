/* SPDX-License-Identifier: MIT */
#include "agent/arrival.h"

#include "agent/history.h"
#include "agent/identity.h"
#include "agent/reply.h"
#include "agent/route.h"
#include "agent/shortcut.h"
#include "base/clock.h"
#include "base/index.h"
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * The id of a call over both halves.  Call-IDs of ours carry it (hc-ID-...), so a proxy
 * that keeps them shows us the second half as the same call; any other Call-ID is hashed,
 * which also joins the off-hook and the dialled INVITE of one reservation.
 */
static const char *call_id_of(struct arena *arena, const char *sip_call_id)
{
	enum { ID = 16 };

	if (strncmp(sip_call_id, "hc-", 3) == 0 &&
	    strspn(sip_call_id + 3, "0123456789abcdef") == ID &&
	    sip_call_id[3 + ID] == '-')
		return arena_strndup(arena, sip_call_id + 3, ID);
	return arena_printf(arena, "%016llx", index_hash(sip_call_id));
}

static const struct listener *listener_of(const struct agent *agent, msg_t *msg)
{
	tport_t *tport = nta_incoming_transport(agent->nta, NULL, msg);
	const char *ident = NULL;
	const struct listener *found = NULL;

	if (tport)
		ident = tport_name(tport_parent(tport))->tpn_ident;
	for (size_t i = 0; ident && i < agent->settings->listen_count && !found; i++)
		if (strcmp(agent->listeners[i].ident, ident) == 0)
			found = &agent->listeners[i];
	tport_unref(tport);
	return found ? found : &agent->listeners[0];
}

/* Off-hook is no call yet: it reserves a line (protocol.md section 2). */
static enum half half_of_facts(const struct facts *facts)
{
	if (facts->phase != PHASE_IMSORIG)
		return HALF_TERM;
	return facts->fnu && strcasecmp(facts->fnu, "off-hook") == 0 ? HALF_LINE
								     : HALF_ORIG;
}

/* The line key pressed; one nobody can read is one no station has. */
static unsigned appearance_of(const sip_t *sip)
{
	const char *value =
		sip->sip_contact && sip->sip_contact->m_params
			? msg_params_find(sip->sip_contact->m_params, "+avaya-cm-line=")
			: NULL;
	char *end;
	unsigned long number;

	if (!value)
		return 0;
	value += *value == '"';
	number = strtoul(value, &end, 10);
	return end == value || number == 0 || number > UINT_MAX ? UINT_MAX
								: (unsigned)number;
}

const char *arrival_shown_id(struct arrival *in)
{
	unsigned long long random;

	su_randmem(&random, sizeof random);
	return arena_printf(&in->arena, "%016llx", random);
}

void arrival_read(struct arrival *in, struct agent *agent, msg_t *request,
		  const struct peer *peer)
{
	const sip_t *sip = sip_object(request);
	const sip_route_t *rest;

	in->agent = agent;
	in->peer = peer;
	in->request = msg_ref_create(request);
	in->listener = listener_of(agent, request);
	in->sip_call_id = arena_strdup(&in->arena, sip->sip_call_id->i_id);
	in->id = call_id_of(&in->arena, in->sip_call_id);
	in->caller_tag = arena_strdup(&in->arena,
				      sip->sip_from->a_tag ? sip->sip_from->a_tag : "");
	in->begun_ms = clock_mono_ms();
	in->tag = route_read(agent, sip, &in->arena, &rest);
	in->facts.domain = agent->settings->domain;
	in->facts.phase = in->tag.phase;
	identity_read(sip, &in->arena, &in->facts);
	history_read(sip, &in->arena, &in->facts);
	in->facts.half = half_of_facts(&in->facts);
	in->facts.is_full_call =
		agent->settings->is_evolution && in->facts.half == HALF_ORIG;
	in->facts.asks_shortcut = agent->settings->is_evolution &&
				  in->facts.phase == PHASE_IMSTERM &&
				  shortcut_is_asked(sip);
	in->appearance = appearance_of(sip);
}

/* What is wrong with the tag itself; NULL = nothing. */
static const char *tag_fault(struct arrival *in, int *status)
{
	const struct route_tag *tag = &in->tag;
	bool routes_untagged = in->agent->settings->routes_untagged;

	*status = 400;
	if (tag->phases > 1)
		return arena_printf(&in->arena,
				    "the Route carries %u phases, the last of them %s",
				    tag->phases, tag->text);
	switch (tag->phase) {
	case PHASE_IMSORIG:
	case PHASE_IMSTERM:
		return NULL;
	case PHASE_ORIGDONE:
	case PHASE_TERMDONE:
		return arena_printf(&in->arena,
				    "phase=%s is ours to send, not to receive",
				    tag->text);
	case PHASE_TERMINATING:
		return routes_untagged
			       ? NULL
			       : "phase=terminating marks an ordinary last hop, not a half call";
	case PHASE_NONE:
		*status = 403;
		return routes_untagged
			       ? NULL
			       : "the Route carries no phase, and call.untagged is \"reject\"";
	case PHASE_UNKNOWN:
		break;
	}
	return arena_printf(&in->arena, "phase=%s is unknown", tag->text);
}

/* The Request-URI must be one whose user means somebody to us. */
static const char *uri_fault(const struct arrival *in, int *status)
{
	*status = 416;
	switch (sip_object(in->request)->sip_request->rq_url->url_type) {
	case url_sip:
	case url_sips:
	case url_tel:
		return NULL;
	default:
		return "the Request-URI is neither sip:, sips: nor tel:";
	}
}

/* We answer it ourselves, so it may not require of us what we do not know. */
static void check_extensions(struct arrival *in)
{
	bool is_ours = in->facts.half == HALF_LINE || in->verdict.kind == VERDICT_FEATURE;
	const char *unsupported;

	if (!is_ours || in->verdict.kind == VERDICT_REJECT)
		return;
	unsupported = reply_unsupported(&in->arena, in->request);
	if (unsupported)
		in->verdict = (struct verdict){
			.kind = VERDICT_REJECT,
			.status = 420,
			.rule = "require",
			.sentence = arena_printf(&in->arena,
						 "what is required is not known here: %s",
						 unsupported),
		};
}

void arrival_decide(struct arrival *in)
{
	struct agent *agent = in->agent;
	struct fault fault = { "" };
	const char *rule = "phase", *sentence;
	int status;

	sentence = tag_fault(in, &status);
	if (!sentence) {
		rule = "uri";
		sentence = uri_fault(in, &status);
	}
	if (!sentence) {
		if (agent->hooks->decide(agent->context, &in->facts, &in->arena,
					 &in->served, &in->verdict, &fault) >= 0) {
			if (in->verdict.number)
				in->facts.called.user = in->verdict.number;
			if (in->facts.asks_shortcut && !in->verdict.is_shortcut)
				arrival_note(in, "shortcut", 0, "shortcut:no-station",
					     NULL, PHASE_NONE);
			check_extensions(in);
			return;
		}
		rule = "database";
		status = 500;
		sentence = arena_strdup(&in->arena, fault.text);
		log_warning("call=%s %s", in->id, fault.text);
	}
	in->verdict = (struct verdict){
		.kind = VERDICT_REJECT,
		.status = status,
		.rule = rule,
		.sentence = sentence,
	};
}

int arrival_refuse(struct arrival *in, nta_incoming_t **server, int status,
		   const struct verdict *why)
{
	struct refusal refusal = {
		.status = status,
		.cause = why ? why->cause : 0,
		.sentence = why ? why->sentence : NULL,
		.retry_after_s = status == 500 || status == 503 ? RETRY_AFTER_S : 0,
	};
	int err;

	if (!*server)
		return -ENOENT;
	if (status == 420)
		refusal.unsupported = reply_unsupported(&in->arena, in->request);
	err = reply_refuse(in->agent, *server, &refusal);
	nta_incoming_destroy(*server);
	*server = NULL;
	return err;
}

void arrival_note(const struct arrival *in, const char *event, int status,
		  const char *rule, const char *to, enum phase phase_out)
{
	struct event line = {
		.event = event,
		.call = in->id,
		.half = in->facts.half,
		.extension = in->served ? in->served->extension : NULL,
		.from = in->facts.caller.user,
		.to = to ? to : in->facts.called.user,
		.phase_in = in->facts.phase,
		.phase_out = phase_out,
		.rule = rule && *rule ? rule : NULL,
		.status = status,
		.reason = in->reason,
		.proxy = in->peer->name,
		.sip_call_id = in->sip_call_id,
	};

	if (in->verdict.kind == VERDICT_REJECT && !line.reason)
		line.reason = in->verdict.sentence;
	in->agent->hooks->note(in->agent->context, &line);
}

void arrival_clear(struct arrival *in)
{
	msg_destroy(in->request);
	in->request = NULL;
	arena_clear(&in->arena);
}
