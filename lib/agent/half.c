/* SPDX-License-Identifier: MIT */
#include "agent/half.h"

#include "agent/dialog.h"
#include "agent/history.h"
#include "agent/identity.h"
#include "agent/message.h"
#include "agent/peer.h"
#include "agent/route.h"
#include "agent/shortcut.h"
#include "agent/shown.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct half_call *half_find(struct agent *agent, const char *sip_call_id, uint64_t handle)
{
	struct index_entry *entry = NULL;

	while ((entry = index_find(&agent->half_index, sip_call_id, entry))) {
		struct half_call *half =
			container_of(entry, struct half_call, by_call_id);

		if (!handle || half->handle == handle)
			return half;
	}
	return NULL;
}

struct half_call *half_new(struct agent *agent, nta_incoming_t *server,
			   struct arrival *in)
{
	struct half_call *half = calloc(1, sizeof *half);

	if (!half) {
		log_error("out of memory");
		abort();
	}
	half->in = *in;
	su_home_init(half->home);
	half->dialog[SIDE_CALLER].half = half->dialog[SIDE_CALLEE].half = half;
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
	index_insert(&agent->half_index, &half->by_call_id, half->in.sip_call_id);
	do
		su_randmem(&half->handle, sizeof half->handle);
	while (!half->handle);
	agent->half_count++;
	agent->calls++;
	return half;
}

/* A call that is let through takes a trunk member, as long as there is one; a feature is no
 * call. */
static void take_member(struct half_call *half)
{
	struct agent *agent = half->in.agent;
	struct verdict *verdict = &half->in.verdict;
	unsigned members = agent->settings->trunk_members;

	if (verdict->kind == VERDICT_REJECT || verdict->kind == VERDICT_FEATURE)
		return;
	if (members && agent->member_count >= members && !verdict->is_emergency) {
		*verdict = (struct verdict){
			.kind = VERDICT_REJECT,
			.status = 503,
			.rule = "trunk-members",
			.sentence =
				arena_printf(&half->in.arena,
					     "all %u trunk members are in use", members),
		};
		return;
	}
	agent->member_count++;
	half->is_member = true;
}

static void release_member(struct half_call *half)
{
	half->in.agent->member_count -= half->is_member;
	half->is_member = false;
}

void half_begin(struct half_call *half)
{
	bool is_proxied;

	arrival_decide(&half->in);
	take_member(half);
	/* Nobody but us can end the dialog that confirms a feature. */
	is_proxied = half->in.agent->settings->is_proxy_model &&
		     half->in.verdict.kind != VERDICT_FEATURE;
	call_init(&half->call, is_proxied ? &proxy_port : &b2bua_port, &half->in.verdict,
		  is_proxied);
	half_take_line(half);
	half_raise(half, ON_INVITE, 0, SIDE_CALLER, NULL);
}

void half_raise(struct half_call *half, enum call_on on, int status, enum call_side from,
		void *message)
{
	struct call_event event = {
		.on = on, .status = status, .from = from, .message = message
	};

	call_handle(&half->call, &event);
	half_show(half);
}

int half_refuse(struct half_call *half, int status, const struct verdict *why)
{
	return arrival_refuse(&half->in, &half->invite.server, status, why);
}

enum phase half_phase_out(const struct half_call *half, const struct target *target)
{
	if (target->destination && half->in.facts.phase == PHASE_IMSTERM &&
	    half->in.agent->settings->forwards_as_origdone)
		return PHASE_ORIGDONE;
	return phase_done(half->in.facts.phase);
}

/* Makes USER the one who is called. */
static int write_called(struct half_call *half, msg_t *msg, const char *user)
{
	url_t uri = *sip_object(msg)->sip_request->rq_url;

	if (!uri.url_host) {	/* tel: */
		uri.url_type = url_sip;
		uri.url_scheme = "sip";
		uri.url_host = half->in.agent->settings->domain;
	}
	uri.url_user = identity_escape(&half->in.arena, user);
	uri.url_password = NULL;
	uri.url_params = NULL;
	uri.url_headers = NULL;
	return message_set_uri(msg, &uri);
}

/*
 * Not where the proxy is to run the features of the one it was forwarded to, nor where that
 * is somebody whose features are not ours to run.
 */
static bool announces_shortcut(const struct half_call *half, const struct target *target)
{
	bool is_outside = half->call.at && half->call.at->is_outside;

	return half->in.verdict.is_shortcut && !is_outside &&
	       !(target->destination && half->in.agent->settings->forwards_as_origdone);
}

int half_write_invite(struct half_call *half, msg_t *msg, const struct target *target)
{
	const struct agent_settings *settings = half->in.agent->settings;
	int err = 0;

	half->phase_out = half_phase_out(half, target);
	if (target->destination) {
		err = write_called(half, msg, target->destination);
		if (!err && settings->writes_history_info)
			err = history_write_forward(half, msg, target);
		if (!err && settings->writes_diversion)
			err = history_write_diversion(half, msg, target);
	} else {
		if (half->in.verdict.number)
			err = write_called(half, msg, half->in.verdict.number);
		if (!err && settings->writes_history_info)
			err = history_write_plain(half, msg);
	}
	if (!err)
		err = identity_write(half, msg);
	if (!err && half->in.facts.is_full_call)
		err = shortcut_write(msg, announces_shortcut(half, target));
	if (!err)
		err = message_count_hop(msg);
	message_remove_all(msg, (sip_header_t *)sip_object(msg)->sip_proxy_authorization);
	return err ? err : route_write(&half->in, msg, half->phase_out);
}

const struct listener *half_listener(const struct half_call *half, const url_t *url)
{
	return peer_listener(half->in.agent, url, half->in.listener);
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

	if (half->timer)
		su_timer_reset(half->timer);
	if (!seconds)
		return;
	if (!half->timer)
		half->timer = su_timer_create(su_root_task(half->in.agent->root), 0);
	if (!half->timer ||
	    su_timer_set_interval(half->timer, timer_fired, half, seconds * 1000u) < 0)
		log_error("call=%s cannot set a timer", half->in.id);
}

void half_note(struct call *call, enum call_note what, int status, const char *rule,
	       const char *to)
{
	struct half_call *half = half_of(call);

	half_remember(half, what, status);
	half->in.reason = call->why;
	arrival_note(&half->in, call_note_name(what), status, rule, to, half->phase_out);
}

void half_ended(struct call *call)
{
	struct half_call *half = half_of(call);
	struct agent *agent = half->in.agent;
	int64_t now = clock_mono_ms();
	double talked = half->answered_ms ? (double)(now - half->answered_ms) / 1000 : 0;

	log_info("call=%s half=%s from=%s to=%s status=%d rule=%s total=%.3f talked=%.3f",
		 half->in.id, half_name(half->in.facts.half), half->in.facts.caller.user,
		 half->in.facts.called.user, call->status,
		 half->in.verdict.rule && *half->in.verdict.rule ? half->in.verdict.rule
								 : "-",
		 (double)(now - half->in.begun_ms) / 1000, talked);
	half_release_lines(half);
	release_member(half);
	list_remove(&half->node);
	list_append(&agent->graves, &half->node);
	agent_reap_soon(agent);
}

void half_free(struct half_call *half)
{
	struct agent *agent = half->in.agent;

	while (!list_is_empty(&half->reliables)) {
		struct reliable *reliable =
			container_of(half->reliables.next, struct reliable, node);

		nta_reliable_destroy(reliable->response);
		list_remove(&reliable->node);
		free(reliable);
	}
	while (!list_is_empty(&half->exchanges))
		exchange_free(container_of(half->exchanges.next, struct exchange, node));
	exchange_drop(&half->invite);
	dialog_close(&half->dialog[SIDE_CALLER]);
	dialog_close(&half->dialog[SIDE_CALLEE]);
	su_home_deinit(half->home);
	su_timer_destroy(half->timer);
	su_timer_destroy(half->resender);
	msg_destroy(half->confirmation);
	half_release_lines(half);
	release_member(half);
	index_remove(&half->by_call_id);
	list_remove(&half->node);
	agent->half_count--;
	arrival_clear(&half->in);
	free(half);
}
