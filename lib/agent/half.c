/* SPDX-License-Identifier: MIT */
#include "agent/half.h"

#include "agent/history.h"
#include "agent/identity.h"
#include "agent/message.h"
#include "agent/peer.h"
#include "agent/reply.h"
#include "agent/route.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* FNV-1a. */
static uint64_t hash_text(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	return hash;
}

/*
 * The id of a call over both halves.  Call-IDs of ours carry it (hc-ID-...), so a proxy
 * that keeps them shows us the second half as the same call; any other Call-ID is hashed,
 * which also joins the off-hook and the dialled INVITE of one reservation.
 */
static const char *call_id_of(struct arena *arena, const char *sip_call_id)
{
	enum { ID = 16 };

	if (strncmp(sip_call_id, "hc-", 3) == 0 &&
	    strspn(sip_call_id + 3, "0123456789abcdef") == ID && sip_call_id[3 + ID] == '-')
		return arena_strndup(arena, sip_call_id + 3, ID);
	return arena_printf(arena, "%016" PRIx64, hash_text(sip_call_id));
}

static struct half_call **bucket_of(struct agent *agent, const char *sip_call_id)
{
	return &agent->buckets[hash_text(sip_call_id) % AGENT_BUCKETS];
}

static void bucket_insert(struct half_call *half)
{
	struct half_call **bucket = bucket_of(half->agent, half->sip_call_id);

	do
		su_randmem(&half->handle, sizeof half->handle);
	while (!half->handle);
	half->next_in_bucket = *bucket;
	*bucket = half;
}

static void bucket_remove(struct half_call *half)
{
	struct half_call **at = bucket_of(half->agent, half->sip_call_id);

	while (*at && *at != half)
		at = &(*at)->next_in_bucket;
	if (*at)
		*at = half->next_in_bucket;
}

struct half_call *half_find(struct agent *agent, const char *sip_call_id, uint64_t handle)
{
	struct half_call *half = *bucket_of(agent, sip_call_id);

	while (half && ((handle && half->handle != handle) ||
			strcmp(half->sip_call_id, sip_call_id) != 0))
		half = half->next_in_bucket;
	return half;
}

static const struct listener *arrival_listener(const struct agent *agent, nta_incoming_t *server,
					       msg_t *msg)
{
	tport_t *tport = nta_incoming_transport(agent->nta, server, msg);
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

static void read_facts(struct half_call *half, const sip_t *sip)
{
	struct facts *facts = &half->facts;
	const sip_route_t *rest;

	half->tag = route_read(half->agent, sip, &half->arena, &rest);
	facts->domain = half->agent->settings->domain;
	facts->phase = half->tag.phase;
	facts->half = facts->phase == PHASE_IMSORIG ? HALF_ORIG : HALF_TERM;
	identity_read(sip, &half->arena, facts);
	history_read(sip, &half->arena, facts);
}

struct half_call *half_new(struct agent *agent, nta_incoming_t *server, const sip_t *sip,
			   const struct peer *peer)
{
	struct half_call *half = calloc(1, sizeof *half);

	if (!half) {
		log_error("out of memory");
		abort();
	}
	half->agent = agent;
	half->peer = peer;
	half->request = nta_incoming_getrequest(server);
	half->listener = arrival_listener(agent, server, half->request);
	half->invite.agent = agent;
	half->invite.half = half;
	half->invite.server = server;
	half->invite.from = SIDE_CALLER;
	half->invite.is_invite = true;
	list_init(&half->invite.node);
	list_init(&half->exchanges);
	list_init(&half->reliables);
	list_init(&half->node);
	list_append(&agent->halves, &half->node);
	half->sip_call_id = arena_strdup(&half->arena, sip->sip_call_id->i_id);
	half->id = call_id_of(&half->arena, half->sip_call_id);
	half->caller_tag = arena_strdup(&half->arena, sip->sip_from->a_tag);
	half->begun_ms = clock_mono_ms();
	bucket_insert(half);
	agent->half_count++;
	agent->calls++;
	read_facts(half, sip);
	return half;
}

void half_begin(struct half_call *half)
{
	struct agent *agent = half->agent;
	struct fault fault = { "" };
	bool is_proxied = agent->settings->is_proxy_model;
	int err;

	err = agent->hooks->decide(agent->context, &half->facts, &half->arena, &half->served,
				   &half->verdict, &fault);
	if (err < 0) {
		half->verdict = (struct verdict){
			.kind = VERDICT_REJECT,
			.status = 500,
			.rule = "database",
			.sentence = arena_strdup(&half->arena, fault.text),
		};
		log_warning("call=%s %s", half->id, fault.text);
	}
	call_init(&half->call, is_proxied ? &proxy_port : &b2bua_port, &half->verdict, is_proxied);
	half_raise(half, ON_INVITE, 0, SIDE_CALLER, NULL);
}

void half_raise(struct half_call *half, enum call_on on, int status, enum call_side from,
		void *message)
{
	struct call_event event = { .on = on, .status = status, .from = from,
				    .message = message };

	call_handle(&half->call, &event);
}

int half_refuse(struct half_call *half, int status, const struct verdict *why)
{
	struct refusal refusal = {
		.status = status,
		.cause = why ? why->cause : 0,
		.sentence = why ? why->sentence : NULL,
		.retry_after_s = status == 500 || status == 503 ? RETRY_AFTER_S : 0,
	};
	int err;

	if (!half->invite.server)
		return -ENOENT;
	err = reply_refuse(half->agent, half->invite.server, &refusal);
	nta_incoming_destroy(half->invite.server);
	half->invite.server = NULL;
	return err;
}

enum phase half_phase_out(const struct half_call *half, const struct target *target)
{
	if (target->destination && half->facts.phase == PHASE_IMSTERM &&
	    half->agent->settings->forwards_as_origdone)
		return PHASE_ORIGDONE;
	return phase_done(half->facts.phase);
}

int half_write_invite(struct half_call *half, msg_t *msg, const struct target *target)
{
	const struct agent_settings *settings = half->agent->settings;
	url_t uri = *sip_object(msg)->sip_request->rq_url;
	int err = 0;

	half->phase_out = half_phase_out(half, target);
	if (target->destination) {
		uri.url_user = identity_escape(&half->arena, target->destination);
		uri.url_params = NULL;
		err = message_set_uri(msg, &uri);
		if (!err && settings->writes_history_info)
			err = history_write_forward(half, msg, target);
		if (!err && settings->writes_diversion)
			err = history_write_diversion(half, msg, target);
	} else if (settings->writes_history_info) {
		err = history_write_plain(half, msg);
	}
	if (!err)
		err = identity_write(half, msg);
	if (!err)
		err = message_count_hop(msg);
	message_remove_all(msg, (sip_header_t *)sip_object(msg)->sip_proxy_authorization);
	return err ? err : route_write(half, msg, half->phase_out);
}

const struct listener *half_listener(const struct half_call *half, const url_t *url)
{
	return peer_listener(half->agent, url, half->listener);
}

static void timer_fired(su_root_magic_t *magic, su_timer_t *timer, su_timer_arg_t *arg)
{
	struct half_call *half = arg;

	(void)magic;
	(void)timer;
	half_raise(half, ON_TIMEOUT, 0, SIDE_CALLER, NULL);
}

void half_arm(struct call *call, unsigned seconds)
{
	struct half_call *half = half_of(call);

	if (!seconds) {
		if (half->timer)
			su_timer_reset(half->timer);
		return;
	}
	if (!half->timer)
		half->timer = su_timer_create(su_root_task(half->agent->root), 0);
	if (!half->timer ||
	    su_timer_set_interval(half->timer, timer_fired, half, seconds * 1000u) < 0)
		log_error("call=%s cannot set a timer", half->id);
}

void half_note(struct call *call, const char *event, int status, const char *rule,
	       const char *to)
{
	struct half_call *half = half_of(call);
	const char *called = half->facts.called.user;
	struct event line = {
		.event = event,
		.call = half->id,
		.half = half->facts.half,
		.extension = half->served ? half->served->extension : NULL,
		.from = half->facts.caller.user,
		.to = to ? to : called,
		.phase_in = half->facts.phase,
		.phase_out = half->phase_out,
		.rule = rule && *rule ? rule : NULL,
		.status = status,
		.proxy = half->peer->name,
		.sip_call_id = half->sip_call_id,
	};

	if (half->verdict.kind == VERDICT_REJECT)
		line.reason = half->verdict.sentence;
	half->agent->hooks->note(half->agent->context, &line);
}

/* Runs on the root's thread, after whatever callback ended the calls has returned. */
static void reap(su_root_magic_t *magic, su_timer_t *timer, su_timer_arg_t *arg)
{
	struct agent *agent = arg;

	(void)magic;
	(void)timer;
	while (!list_is_empty(&agent->graves))
		half_free(container_of(agent->graves.next, struct half_call, node));
	if (agent->is_draining && agent->half_count == 0)
		agent->hooks->idle(agent->context);
}

void half_ended(struct call *call)
{
	struct half_call *half = half_of(call);
	struct agent *agent = half->agent;
	int64_t now = clock_mono_ms();
	double talked = half->answered_ms ? (double)(now - half->answered_ms) / 1000 : 0;

	log_info("call=%s half=%s from=%s to=%s status=%d rule=%s total=%.3f talked=%.3f",
		 half->id, half_name(half->facts.half), half->facts.caller.user,
		 half->facts.called.user, call->status,
		 half->verdict.rule && *half->verdict.rule ? half->verdict.rule : "-",
		 (double)(now - half->begun_ms) / 1000, talked);
	if (list_is_empty(&agent->graves))
		su_timer_set_interval(agent->reaper, reap, agent, 1);
	list_remove(&half->node);
	list_append(&agent->graves, &half->node);
}

void half_free(struct half_call *half)
{
	struct agent *agent = half->agent;

	while (!list_is_empty(&half->reliables)) {
		struct reliable *reliable = container_of(half->reliables.next, struct reliable,
							 node);

		nta_reliable_destroy(reliable->response);
		list_remove(&reliable->node);
		free(reliable);
	}
	while (!list_is_empty(&half->exchanges))
		exchange_free(container_of(half->exchanges.next, struct exchange, node));
	exchange_drop(&half->invite);
	for (size_t i = 0; i < sizeof half->dialog / sizeof *half->dialog; i++)
		nta_leg_destroy(half->dialog[i].leg);
	su_timer_destroy(half->timer);
	msg_destroy(half->request);
	bucket_remove(half);
	list_remove(&half->node);
	agent->half_count--;
	arena_clear(&half->arena);
	free(half);
}
