/* SPDX-License-Identifier: MIT */
#include "lab/sm.h"

#include "base/fault.h"
#include "base/memory.h"
#include "lab/carry.h"
#include "lab/registrar.h"
#include "lab/sm_inside.h"
#include "wire/ask.h"
#include "wire/forward.h"
#include "wire/loop.h"
#include "wire/message.h"
#include "wire/origin.h"
#include "wire/reply.h"
#include "wire/uri.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool sm_can_break(const char *name)
{
	static const char *const names[] = {
		"no-phase",
		"unknown-phase",
		"cm-only-phase",
		"two-phases",
		"skip-termination",
		"repeat-origination",
		"leak-tag",
		"lose-seq",
		"lose-way-back",
		"lose-header",
		"change-body",
		"ignore-cancel",
		"cancel-first-branch",
		"last-contact-only",
		"any-password",
		"keep-bindings",
		"pass-credentials",
		"keep-hops",
		"sequence-backwards",
		"stale-lamp",
		"lose-retry-after",
		"lose-warning",
		"lose-feature-name",
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool is_broken(const struct sm *sm, const char *name)
{
	return sm->is->broken && strcmp(sm->is->broken, name) == 0;
}

/* Credentials -------------------------------------------------------------------------------- */

static bool wants_credentials(const struct sm *sm, const sip_t *sip)
{
	for (size_t i = 0; i < sm->is->auth_count; i++)
		if (strcmp(sm->is->auth[i], sip->sip_request->rq_method_name) == 0)
			return true;
	return false;
}

/* Whether MSG comes from CM, the trunk or an application. */
static bool is_trusted(const struct sm *sm, msg_t *msg)
{
	struct sockaddr_storage from = emit_to(&origin_of(msg)->back);

	if (lab_is_host(&from, sm->is->cm_host) ||
	    (sm->is->trunk_host && lab_is_host(&from, sm->is->trunk_host)))
		return true;
	return sip_object(msg)->sip_route &&
	       uri_param(sip_object(msg)->sip_route->r_url->url_params, "odi",
			 (char[40]){ 0 }, 40);
}

static void challenge(struct sm *sm, msg_t *msg, bool is_proxy)
{
	struct arena arena = { 0 };
	struct uas *uas = uas_new(sm->wire, msg);
	struct extra_header header = {
		is_proxy ? "Proxy-Authenticate" : "WWW-Authenticate",
		credential_challenge(&arena, sm->lab->domain, sm->nonce, "SHA-256")
	};
	msg_t *response;

	if (uas) {
		response = memory_checked(uas_response(uas, is_proxy ? 407 : 401, NULL));
		extra_apply(&(struct extra){ .headers = &header, .count = 1 }, response);
		header.value =
			credential_challenge(&arena, sm->lab->domain, sm->nonce, "MD5");
		message_insert(response,
			       is_proxy ? (sip_header_t *)sip_proxy_authenticate_make(
						  msg_home(response), header.value)
					: (sip_header_t *)sip_www_authenticate_make(
						  msg_home(response), header.value));
		uas_send(uas, response);
		uas_free(uas);
	}
	arena_clear(&arena);
}

static void refuse(struct sm *sm, msg_t *msg, int status)
{
	struct uas *uas = uas_new(sm->wire, msg);

	if (uas)
		uas_reply(uas, status, NULL);
	uas_free(uas);
}

/* Whether it may pass; else MSG has been answered and is gone. */
static bool is_admitted(struct sm *sm, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	bool is_proxy = sip->sip_request->rq_method != sip_method_register;
	struct arena arena = { 0 };
	const char *password;

	if (!wants_credentials(sm, sip) || is_trusted(sm, msg))
		return true;
	password = registrar_password(
		sm->is->users,
		uri_user(&arena, is_proxy ? sip->sip_from->a_url : sip->sip_to->a_url));
	arena_clear(&arena);
	if (!password) {
		refuse(sm, msg, 403);
		return false;
	}
	if (is_broken(sm, "any-password") &&
	    (sip->sip_authorization || sip->sip_proxy_authorization))
		return true;
	if (credential_is_right(sip, is_proxy, sm->nonce, password))
		return true;
	if (is_proxy ? sip->sip_proxy_authorization != NULL
		     : sip->sip_authorization != NULL)
		refuse(sm, msg, 403);
	else
		challenge(sm, msg, is_proxy);
	return false;
}

/* Requests ------------------------------------------------------------------------------------- */

static void do_register(struct sm *sm, msg_t *msg)
{
	struct uas *uas = uas_new(sm->wire, msg);
	struct arena arena = { 0 };
	struct extra_header header = { "Contact", NULL };
	const sip_t *sip;
	msg_t *response;
	int status;

	if (!uas)
		return;
	sip = sip_object(uas_request(uas));
	if (is_broken(sm, "keep-bindings") && sip->sip_contact &&
	    sip->sip_contact->m_url->url_type == url_any) {
		uas_reply(uas, 200, NULL);
		uas_free(uas);
		return;
	}
	status = registrar_register(sm->is->users, uri_user(&arena, sip->sip_to->a_url),
				    sip, loop_now_us(sm->lab->loop), &arena,
				    &header.value);
	response = memory_checked(uas_response(uas, status, NULL));
	if (header.value)
		extra_apply(&(struct extra){ .headers = &header, .count = 1 }, response);
	uas_send(uas, response);
	uas_free(uas);
	arena_clear(&arena);
}

static bool is_for_me(const struct sm *sm, const sip_t *sip)
{
	const url_t *url = sip->sip_request->rq_url;

	return wire_is_here(sm->wire, url) && (!url->url_user || !*url->url_user);
}

static void outside(struct sm *sm, const struct listener *listener, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	sip_method_t method = sip->sip_request->rq_method;

	if (method == sip_method_options && is_for_me(sm, sip))
		reply_options(sm->wire, msg);
	else if (sip->sip_max_forwards && sip->sip_max_forwards->mf_count == 0)
		refuse(sm, msg, 483);
	else if (!is_admitted(sm, msg))
		return;
	else if (method == sip_method_register)
		do_register(sm, msg);
	else if (method == sip_method_publish)
		bulletin_publish(sm->bulletin, msg);
	else if (method == sip_method_subscribe)
		bulletin_subscribe(sm->bulletin, listener, msg);
	else if (method == sip_method_invite)
		passage_take(sm, listener, msg);
	else
		passage_direct(sm, listener, msg);
}

static void on_request(void *context, const struct peer *peer,
		       const struct listener *listener, msg_t *msg)
{
	struct sm *sm = context;
	const sip_t *sip = sip_object(msg);
	sip_method_t method = sip->sip_request->rq_method;

	(void)peer;
	if (method == sip_method_subscribe && sip->sip_to->a_tag &&
	    wire_is_listener(sm->wire, sip->sip_request->rq_url))
		bulletin_subscribe(sm->bulletin, listener, msg);
	else if (sip->sip_to->a_tag || method == sip_method_ack)
		carry_along(sm->carrier, msg);
	else if (method == sip_method_cancel)
		refuse(sm, msg, 481);
	else
		outside(sm, listener, msg);
}

static void on_response(void *context, msg_t *msg)
{
	struct sm *sm = context;

	forward_response(sm->wire, msg);
}

static void on_seen(void *context, const struct wire_frame *frame)
{
	struct sm *sm = context;

	lab_note_frame(sm->lab, sm->is->name, frame);
	if (!frame->is_out && sm->carrier)
		carry_see(sm->carrier, frame->bytes, frame->length);
}

static const struct wire_events events = {
	.request = on_request,
	.response = on_response,
	.seen = on_seen,
};

/* Watching CM ------------------------------------------------------------------------------------ */

/* What counts as down (halfcall-protocol(7), REST OF SIP). */
static bool is_down(int status, const sip_t *response)
{
	const char *phrase = response ? response->sip_status->st_phrase : "";

	if (status == 503)
		return !phrase || !strchr(phrase, '(') ||
		       strstr(phrase, "(no media resources)");
	return status == 408 || status == 504 ||
	       (status == 500 && phrase && strstr(phrase, "Destination Unreachable"));
}

static void on_pulse_answer(void *context, int status, msg_t *response)
{
	struct sm *sm = context;

	sm->cm_is_down = is_down(status, response ? sip_object(response) : NULL);
}

static void on_pulse(void *context)
{
	struct sm *sm = context;
	struct arena arena = { 0 };
	struct way way;
	msg_t *msg;

	loop_timer_set(sm->pulse, sm->is->monitor_s * 1000);
	if (lab_way(sm->wire, sm->is->cm, &way, NULL) == 0) {
		msg = ask_request(
			sm->wire,
			&(struct ask){
				.method = sip_method_options,
				.method_name = "OPTIONS",
				.uri = sm->is->cm,
				.from = arena_printf(&arena, "<sip:%s>", sm->lab->domain),
				.to = arena_printf(&arena, "<%s>", sm->is->cm),
			});
		if (msg)
			ask_send(sm->wire, &way, msg, on_pulse_answer, sm);
	}
	arena_clear(&arena);
}

/* Its life ------------------------------------------------------------------------------------------ */

struct sm *sm_new(struct lab *lab, const struct sm_settings *settings)
{
	struct sm *sm = memory_new(sizeof *sm);
	unsigned char random[16];

	sm->lab = lab;
	sm->is = settings;
	list_init(&sm->hops);
	RAND_bytes(random, sizeof random);
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(sm->nonce + 2 * i, 3, "%02x", random[i]);
	sm->listen[0] = (struct wire_address){ settings->host, settings->port, "udp" };
	sm->listen[1] = (struct wire_address){ settings->host, settings->port, "tcp" };
	sm->wire_settings = (struct wire_settings){
		.listen = sm->listen,
		.listen_count = 2,
		.domain = lab->domain,
		.strangers = WIRE_STRANGERS_PASS,
		.is_proxy = true,
		.limits = { .address_connections = 1000 },
	};
	return sm;
}

int sm_start(struct sm *sm, struct fault *fault)
{
	int rc;

	if (sm->wire)
		return 0;
	rc = wire_open(sm->lab->loop, &sm->wire_settings, &events, sm, &sm->wire, fault);
	if (rc < 0)
		return rc;
	sm->carrier = carrier_new(sm->wire);
	carrier_break(sm->carrier, sm->is->broken);
	sm->bulletin = bulletin_new(sm);
	sm->cm_is_down = false;
	if (sm->is->monitor_s) {
		sm->pulse = loop_timer_new(sm->lab->loop, on_pulse, sm);
		loop_timer_set(sm->pulse, 1);
	}
	return 0;
}

void sm_stop(struct sm *sm)
{
	if (!sm->wire)
		return;
	loop_timer_free(sm->pulse);
	sm->pulse = NULL;
	carrier_free(sm->carrier);
	sm->carrier = NULL;
	bulletin_free(sm->bulletin);
	sm->bulletin = NULL;
	passage_clear(sm);
	wire_close(sm->wire);
	sm->wire = NULL;
	registrar_clear(sm->is->users);
}

bool sm_is_running(const struct sm *sm)
{
	return sm->wire != NULL;
}

void sm_free(struct sm *sm)
{
	if (!sm)
		return;
	sm_stop(sm);
	arena_clear(&sm->arena);
	free(sm);
}

const char *sm_lit(const struct sm *sm)
{
	return sm->bulletin ? bulletin_lit(sm->bulletin) : NULL;
}

size_t sm_count(const struct sm *sm)
{
	return sm->carrier ? carrier_count(sm->carrier) : 0;
}
