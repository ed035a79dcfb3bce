/* SPDX-License-Identifier: MIT */
/*
 * The way of a call through the built-in proxy.  Each time it is sent to CM or an application, the
 * Route that leads back has a number (odi) of its own; what comes back by it is told by that
 * number where in which sequence it stands, and by CM's phase which half is done.
 */
#include "base/memory.h"
#include "lab/carry.h"
#include "lab/registrar.h"
#include "lab/sm.h"
#include "lab/sm_inside.h"
#include "model/phase.h"
#include "wire/forward.h"
#include "wire/listener.h"
#include "wire/loop.h"
#include "wire/message.h"
#include "wire/origin.h"
#include "wire/uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SILENCE_MS = 4000 };		/* Timer B towards an entity */

struct hop {
	struct list node;		/* in sm->hops */
	unsigned long id;
	const char *user;		/* whose sequence it is */
	bool is_orig, is_implicit;
	size_t index;			/* of the application it was sent to */
};

/* One INVITE that is being sent on. */
struct passing {
	struct sm *sm;
	struct arena arena;
	const struct listener *listener;	/* where it came in */
	struct carry *carry;
	msg_t *msg;			/* to be sent; owned */
};

static const char *const cm_alone[] = { "cm" };

void passage_clear(struct sm *sm)
{
	while (!list_is_empty(&sm->hops)) {
		struct hop *hop = container_of(sm->hops.next, struct hop, node);

		list_remove(&hop->node);
		free(hop);
	}
}

static struct hop *hop_new(struct sm *sm, const char *user, bool is_orig,
			   bool is_implicit, size_t index)
{
	struct hop *hop = memory_new(sizeof *hop);

	hop->id = ++sm->hop_count;
	hop->user = user;
	hop->is_orig = is_orig;
	hop->is_implicit = is_implicit;
	hop->index = index;
	list_append(&sm->hops, &hop->node);
	return hop;
}

static struct hop *hop_of(struct sm *sm, const sip_t *sip)
{
	char text[40];
	unsigned long id;

	if (!sip->sip_route ||
	    !uri_param(sip->sip_route->r_url->url_params, "odi", text, sizeof text))
		return NULL;
	id = strtoul(text, NULL, 16);
	for (struct list *at = sm->hops.next; at != &sm->hops; at = at->next) {
		struct hop *hop = container_of(at, struct hop, node);

		if (hop->id == id)
			return hop;
	}
	return NULL;
}

static size_t sequence_of(const struct sm *sm, const char *user, bool is_orig,
			  const char *const **apps)
{
	size_t count = 1;

	*apps = cm_alone;
	for (size_t i = 0; i < sm->is->sequence_count; i++) {
		const struct sm_sequence *sequence = &sm->is->sequences[i];

		if (sequence->is_orig != is_orig || strcmp(sequence->user, user) != 0)
			continue;
		*apps = sequence->apps;
		count = sequence->count;
	}
	return count;
}

static const char *uri_of(const struct sm *sm, const char *app)
{
	if (strcmp(app, "cm") == 0)
		return sm->is->cm;
	for (size_t i = 0; i < sm->is->app_count; i++)
		if (strcmp(sm->is->apps[i].name, app) == 0)
			return sm->is->apps[i].uri;
	return NULL;
}

/* Sending ------------------------------------------------------------------------------------ */

/* RFC 5658: both addresses of a call that changes its transport. */
static void record(struct passing *passing, msg_t *msg, const struct way *way)
{
	if (way->listener != passing->listener)
		forward_record(msg, passing->listener, NULL);
	forward_record(msg, way->listener, NULL);
}

static void send_to(struct passing *passing, msg_t *msg, const char *uri,
		    unsigned silent_ms)
{
	struct sm *sm = passing->sm;
	struct way way;
	int rc = uri ? lab_way(sm->wire, uri, &way, NULL)
		     : way_find(sm->wire, NULL, sip_object(msg), NULL, &way, NULL);

	if (rc < 0) {
		msg_destroy(msg);
		return;
	}
	record(passing, msg, &way);
	carry_branch(passing->carry, &way, msg, silent_ms);
}

static bool is_broken(const struct sm *sm, const char *name)
{
	return sm->is->broken && strcmp(sm->is->broken, name) == 0;
}

/* The tag on the Route to CM; the wrong ones are deliberate faults. */
static const char *tag_of(struct passing *passing, const struct hop *hop)
{
	const struct sm *sm = passing->sm;
	const char *phase = hop->is_orig ? "imsorig" : "imsterm";
	const char *seq = hop->is_implicit ? "implicit" : "explicit";

	if (is_broken(sm, "lose-seq"))
		return arena_printf(&passing->arena, ";phase=%s", phase);
	if (is_broken(sm, "no-phase"))
		return arena_printf(&passing->arena, ";seq=%s", seq);
	if (is_broken(sm, "unknown-phase"))
		phase = "sideways";
	if (is_broken(sm, "cm-only-phase"))
		phase = "origdone";
	if (is_broken(sm, "two-phases"))
		phase = "imsorig;phase=imsterm";
	return arena_printf(&passing->arena, ";phase=%s;seq=%s", phase, seq);
}

static void send_to_app(struct passing *passing, const struct hop *hop, const char *app)
{
	struct sm *sm = passing->sm;
	bool is_cm = strcmp(app, "cm") == 0;
	const char *uri = uri_of(sm, app);
	msg_t *msg = passing->msg;
	su_home_t *home = msg_home(msg);
	sip_route_t *route, *rest = sip_object(msg)->sip_route;
	struct way way;

	if (is_cm && sm->cm_is_down) {
		carry_go(passing->carry, 503);
		return;
	}
	if (!uri || lab_way(sm->wire, uri, &way, NULL) < 0) {
		carry_go(passing->carry, 500);
		return;
	}
	route = memory_checked(sip_route_format(home, "<%s;lr%s>, <sip:%s;lr;odi=%lx>",
						uri, is_cm ? tag_of(passing, hop) : "",
						listener_address(way.listener), hop->id));
	if (is_broken(sm, "lose-way-back"))
		route->r_next = NULL;
	if (rest) {
		sip_route_t *last = route->r_next ? route->r_next : route;

		last->r_next = memory_checked(sip_route_dup(home, rest));
	}
	message_set_route(msg, route);
	passing->msg = NULL;
	send_to(passing, msg, uri, SILENCE_MS);
	carry_go(passing->carry, 503);
}

static void send_to_trunk(struct passing *passing)
{
	msg_t *msg = passing->msg;

	if (passing->sm->is->trunk) {
		passing->msg = NULL;
		send_to(passing, msg, passing->sm->is->trunk, 0);
	}
	carry_go(passing->carry, 404);
}

/* Deliberate faults of what goes to telephones. */
static void spoil(struct passing *passing)
{
	const struct sm *sm = passing->sm;
	sip_t *sip = sip_object(passing->msg);

	if (is_broken(sm, "lose-header"))
		message_remove_all(passing->msg, (sip_header_t *)sip->sip_subject);
	if (is_broken(sm, "change-body") && sip->sip_payload && sip->sip_payload->pl_len)
		sip->sip_payload->pl_data[0] ^= 1;
}

/* To every telephone of USER. */
static void deliver(struct passing *passing, const char *user)
{
	const struct sm *sm = passing->sm;
	int64_t now_us = loop_now_us(sm->lab->loop);
	const char *contact;

	message_set_route(passing->msg, NULL);
	if (is_broken(sm, "leak-tag"))
		message_set_route(passing->msg,
				  sip_route_make(msg_home(passing->msg),
						 "<sip:127.0.0.1;lr;phase=termdone>"));
	spoil(passing);
	for (size_t i = 0; (contact = registrar_contact(sm->is->users, user, i, now_us));
	     i++) {
		msg_t *copy;

		if (is_broken(sm, "last-contact-only") &&
		    registrar_contact(sm->is->users, user, i + 1, now_us))
			continue;
		copy = message_copy(passing->msg);
		message_set_uri(copy, memory_checked(url_make(msg_home(copy), contact)));
		send_to(passing, copy, NULL, 0);
	}
	carry_go(passing->carry, 480);
}

static const char *called(struct passing *passing)
{
	return uri_user(&passing->arena, sip_object(passing->msg)->sip_request->rq_url);
}

/* Going on ------------------------------------------------------------------------------------ */

static void go_on(struct passing *passing, const char *user, bool is_orig,
		  bool is_implicit, size_t index);

static void terminate(struct passing *passing)
{
	bool is_number;
	const char *user =
		registrar_find(passing->sm->is->users, called(passing), &is_number);

	if (user && is_broken(passing->sm, "skip-termination"))
		deliver(passing, user);
	else if (user)
		go_on(passing, user, false, is_number, 0);
	else
		send_to_trunk(passing);
}

static void go_out(struct passing *passing)
{
	bool is_number;
	const char *user =
		registrar_find(passing->sm->is->users, called(passing), &is_number);

	if (user)
		deliver(passing, user);
	else
		send_to_trunk(passing);
}

/* To application INDEX of the sequence, or, behind the last, on. */
static void go_on(struct passing *passing, const char *user, bool is_orig,
		  bool is_implicit, size_t index)
{
	const char *const *apps;
	size_t count = sequence_of(passing->sm, user, is_orig, &apps);

	bool again =
		is_orig && index == count && is_broken(passing->sm, "repeat-origination");

	if (index < count || (again && count))
		send_to_app(passing,
			    hop_new(passing->sm, user, is_orig, is_implicit, index),
			    apps[is_broken(passing->sm, "sequence-backwards")
					 ? count - 1 - index
				 : again ? count - 1
					 : index]);
	else if (is_orig)
		terminate(passing);
	else
		go_out(passing);
}

static enum phase phase_of(struct passing *passing)
{
	const sip_route_t *route = sip_object(passing->msg)->sip_route;

	return route ? phase_read(&passing->arena, route->r_url->url_params,
				  route->r_params)
			       .phase
		     : PHASE_NONE;
}

/* What came without a number of ours: from CM by its phase, else from the caller. */
static void begin(struct passing *passing, msg_t *received, enum phase phase)
{
	struct sm *sm = passing->sm;
	const sip_t *sip = sip_object(passing->msg);
	struct sockaddr_storage from = emit_to(&origin_of(received)->back);
	bool is_number,
		is_trunk = sm->is->trunk_host && lab_is_host(&from, sm->is->trunk_host);
	const char *user = registrar_find(sm->is->users,
					  uri_user(&passing->arena, sip->sip_from->a_url),
					  &is_number);

	if (phase == PHASE_TERMDONE)
		go_out(passing);
	else if (phase == PHASE_ORIGDONE || !user || is_trunk ||
		 lab_is_host(&from, sm->is->cm_host))
		terminate(passing);
	else
		go_on(passing, user, true, is_number, 0);
}

/* What any proxy does, unless that is the deliberate fault. */
static void prepare(struct passing *passing)
{
	sip_t *sip = sip_object(passing->msg);
	sip_header_t *kept = NULL;
	unsigned long hops = sip->sip_max_forwards ? sip->sip_max_forwards->mf_count : 0;

	if (is_broken(passing->sm, "pass-credentials") && sip->sip_proxy_authorization)
		kept = sip_header_dup(msg_home(passing->msg),
				      (sip_header_t *)sip->sip_proxy_authorization);
	forward_prepare(passing->sm->wire, passing->msg);
	if (kept)
		message_insert(passing->msg, kept);
	if (is_broken(passing->sm, "keep-hops") && hops) {
		sip->sip_max_forwards->mf_count = hops;
		sip_fragment_clear(sip->sip_max_forwards->mf_common);
	}
	if (is_broken(passing->sm, "lose-feature-name")) {
		sip->sip_request->rq_url->url_params = NULL;
		sip_fragment_clear(sip->sip_request->rq_common);
		sip->sip_to->a_url->url_params = NULL;
		sip_fragment_clear(sip->sip_to->a_common);
	}
}

static void pass(struct passing *passing, msg_t *received)
{
	struct hop *hop = hop_of(passing->sm, sip_object(passing->msg));
	enum phase phase = phase_of(passing);

	prepare(passing);
	if (!hop)
		begin(passing, received, phase);
	else if (phase == PHASE_ORIGDONE && !hop->is_orig)
		terminate(passing);
	else
		go_on(passing, hop->user, hop->is_orig, hop->is_implicit, hop->index + 1);
}

void passage_take(struct sm *sm, const struct listener *listener, msg_t *msg)
{
	struct passing passing = { .sm = sm, .listener = listener };
	struct uas *uas = uas_new(sm->wire, msg);

	if (!uas)
		return;
	uas_trying(uas);
	passing.carry = carry_new(sm->carrier, uas);
	passing.msg = message_copy(uas_request(uas));
	pass(&passing, uas_request(uas));
	msg_destroy(passing.msg);
	arena_clear(&passing.arena);
}

void passage_direct(struct sm *sm, const struct listener *listener, msg_t *msg)
{
	struct passing passing = { .sm = sm, .listener = listener };
	struct uas *uas = uas_new(sm->wire, msg);

	if (!uas)
		return;
	passing.carry = carry_new(sm->carrier, uas);
	passing.msg = message_copy(uas_request(uas));
	forward_prepare(sm->wire, passing.msg);
	go_out(&passing);
	msg_destroy(passing.msg);
	arena_clear(&passing.arena);
}
