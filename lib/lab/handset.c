/* SPDX-License-Identifier: MIT */
#include "lab/phone.h"

#include "base/fault.h"
#include "base/memory.h"
#include "lab/carry.h"
#include "lab/inside.h"
#include "wire/forward.h"
#include "wire/listener.h"
#include "wire/loop.h"

#include <stdlib.h>
#include <string.h>

static void on_request(void *context, const struct peer *peer,
		       const struct listener *listener, msg_t *msg)
{
	(void)peer;
	(void)listener;
	ear_request(context, msg);
}

static void on_response(void *context, msg_t *msg)
{
	struct phone *phone = context;

	if (phone->carrier)
		forward_response(phone->wire, msg);
	else
		msg_destroy(msg);
}

static void on_seen(void *context, const struct wire_frame *frame)
{
	struct phone *phone = context;

	bool is_of_cancel = frame->length > 12 &&
			    memcmp(frame->bytes, "SIP/2.0 ", 8) == 0 &&
			    memmem(frame->bytes, frame->length, " CANCEL\r\n", 9);

	lab_note_frame(phone->lab, phone->is.name, frame);
	/* The wire answers CANCEL before it tells it. */
	if (frame->is_out && !is_of_cancel)
		phone->sent_us = frame->at_us;
	if (!frame->is_out && is_of_cancel)
		sending_cancel_heard(phone, frame->bytes, frame->length,
				     atoi(frame->bytes + 8));
}

/* Where the value of branch= begins in BYTES, and its length. */
static const char *branch_of(const char *bytes, size_t size, size_t *length)
{
	const char *at = memmem(bytes, size, "branch=", 7);

	if (!at)
		return NULL;
	at += 7;
	*length = 0;
	while (at + *length < bytes + size && !strchr(";, \t\r\n", at[*length]))
		++*length;
	return at;
}

/* The phone's raw bytes with the branch of FRAME, which the wire knows the answers by. */
static void put_branch(struct phone *phone, const struct wire_frame *frame)
{
	size_t ours, theirs, before;
	const char *mine = branch_of(phone->raw, phone->raw_length, &ours);
	const char *wires = branch_of(frame->bytes, frame->length, &theirs);

	free(phone->raw_bytes);
	phone->raw_bytes = memory_new(phone->raw_length + frame->length + 1);
	phone->distortion = (struct wire_distortion){ .bytes = phone->raw_bytes };
	if (!mine || !wires) {
		memcpy(phone->raw_bytes, phone->raw, phone->raw_length);
		phone->distortion.length = phone->raw_length;
		return;
	}
	before = (size_t)(mine - phone->raw);
	memcpy(phone->raw_bytes, phone->raw, before);
	memcpy(phone->raw_bytes + before, wires, theirs);
	memcpy(phone->raw_bytes + before + theirs, mine + ours,
	       phone->raw_length - before - ours);
	phone->distortion.length = phone->raw_length - ours + theirs;
}

/* Whether FRAME is the message that the raw bytes stand for, or a repetition of it. */
static bool is_raw_branch(struct phone *phone, const struct wire_frame *frame)
{
	size_t length;
	const char *branch = branch_of(frame->bytes, frame->length, &length);

	if (!branch || length >= sizeof phone->raw_branch)
		return false;
	if (!phone->raw_branch[0]) {
		memcpy(phone->raw_branch, branch, length);
		phone->raw_branch[length] = '\0';
	}
	return strlen(phone->raw_branch) == length &&
	       memcmp(phone->raw_branch, branch, length) == 0;
}

static const struct wire_distortion *on_distort(void *context,
						const struct wire_frame *frame)
{
	static const struct wire_distortion silence = { .is_dropped = true };
	struct phone *phone = context;
	size_t method;

	if (phone->is_mute)
		return &silence;
	if (!phone->raw)
		return NULL;
	method = strcspn(phone->raw, " ");
	if (method >= frame->length || memcmp(frame->bytes, phone->raw, method) != 0 ||
	    !is_raw_branch(phone, frame))
		return NULL;
	put_branch(phone, frame);
	return &phone->distortion;
}

static const struct wire_events events = {
	.request = on_request,
	.response = on_response,
	.seen = on_seen,
	.distort = on_distort,
};

static int open_wire(struct phone *phone, struct fault *fault)
{
	return wire_open(phone->lab->loop, &phone->wire_settings, &events, phone,
			 &phone->wire, fault);
}

static void copy_settings(struct phone *phone, const struct phone_settings *settings)
{
	struct arena *arena = &phone->arena;
	const char **proxies =
		arena_alloc(arena, (settings->proxy_count + 1) * sizeof *proxies);

	phone->is = *settings;
	phone->is.name = arena_strdup(arena, settings->name);
	phone->is.user = arena_strdup(arena, settings->user);
	phone->is.password = arena_strdup(arena, settings->password);
	phone->is.host = arena_strdup(arena, settings->host);
	phone->is.transport = arena_strdup(arena, settings->transport);
	phone->is.supported = arena_strdup(arena, settings->supported);
	phone->is.cm = arena_strdup(arena, settings->cm);
	for (size_t i = 0; i < settings->proxy_count; i++)
		proxies[i] = arena_strdup(arena, settings->proxies[i]);
	phone->is.proxies = proxies;
}

int phone_open(struct lab *lab, const struct phone_settings *settings,
	       struct phone **result, struct fault *fault)
{
	struct phone *phone = memory_new(sizeof *phone);
	int rc;

	phone->lab = lab;
	phone->obey = obey;
	copy_settings(phone, settings);
	list_init(&phone->queue);
	list_init(&phone->errands);
	list_init(&phone->talks);
	list_init(&phone->sendings);
	list_init(&phone->lamps);
	list_init(&phone->rules);
	phone->listen = (struct wire_address){ phone->is.host, phone->is.port,
					       phone->is.transport };
	phone->wire_settings = (struct wire_settings){
		.listen = &phone->listen,
		.listen_count = 1,
		.domain = lab->domain,
		.strangers = WIRE_STRANGERS_PASS,
		.is_proxy = phone->is.role == PHONE_APP,
	};
	rc = open_wire(phone, fault);
	if (rc == 0) {
		*result = phone;
		if (phone->is.role == PHONE_APP)
			phone->carrier = carrier_new(phone->wire);
	} else {
		phone_free(phone);
	}
	return rc;
}

/* Ends what uses the wire: no transaction is left in it. */
static void let_go(struct phone *phone)
{
	phone->is_mute = true;
	carrier_free(phone->carrier);
	phone->carrier = NULL;
	while (!list_is_empty(&phone->sendings))
		sending_free(container_of(phone->sendings.next, struct sending, node));
	for (struct list *at = phone->talks.next; at != &phone->talks; at = at->next) {
		struct talk *talk = container_of(at, struct talk, node);

		uas_free(talk->uas);
		talk->uas = NULL;
	}
	wire_close(phone->wire);
	phone->wire = NULL;
	phone->is_mute = false;
}

void phone_free(struct phone *phone)
{
	if (!phone)
		return;
	loop_timer_free(phone->refresh);
	if (phone->wire)
		let_go(phone);
	lamp_clear(phone);
	while (!list_is_empty(&phone->talks))
		talk_free(container_of(phone->talks.next, struct talk, node));
	free(phone->raw_bytes);
	arena_clear(&phone->arena);
	free(phone);
}

void phone_die(struct phone *phone)
{
	if (phone->wire)
		let_go(phone);
}

int phone_revive(struct phone *phone, struct fault *fault)
{
	int rc = phone->wire ? 0 : open_wire(phone, fault);

	if (rc == 0 && phone->is.role == PHONE_APP && !phone->carrier)
		phone->carrier = carrier_new(phone->wire);
	return rc;
}

void phone_forget(struct phone *phone)
{
	phone->is_mute = true;
	for (struct list *at = phone->talks.next; at != &phone->talks; at = at->next) {
		struct talk *talk = container_of(at, struct talk, node);

		sending_free(talk->calling);
		sending_free(talk->off_hook);
		uas_free(talk->uas);
		talk->uas = NULL;
		talk->is_reserved = false;
		talk->state = TALK_OVER;
		talk->is_forgotten = true;
	}
	phone->is_mute = false;
}

const char *phone_name(const struct phone *phone)
{
	return phone->is.name;
}

const char *phone_user(const struct phone *phone)
{
	return phone->is.user;
}

const char *phone_host(const struct phone *phone)
{
	return phone->is.host;
}

unsigned phone_port(const struct phone *phone)
{
	return phone->is.port;
}

int64_t phone_taken_us(const struct phone *phone)
{
	return phone->taken_us;
}

static const char *state_text(const struct talk *talk)
{
	if (talk->state == TALK_OVER)
		return talk->uas ? "the ACK of a refused call never came"
				 : "an INVITE is under way";
	if (talk->is_reserved)
		return "a line is reserved";
	switch (talk->state) {
	case TALK_CALLING:
		return "a call is being set up";
	case TALK_RUNG:
		return "a call rings";
	case TALK_ANSWERED:
		return "an answered call has no ACK";
	case TALK_CONFIRMED:
	case TALK_OVER:
		break;
	}
	return "a call goes on";
}

const char *phone_what_is_left(struct phone *phone)
{
	for (struct list *at = phone->talks.next; at != &phone->talks; at = at->next) {
		const struct talk *talk = container_of(at, struct talk, node);

		if (!talk_is_idle(talk) || talk->uas)
			return arena_printf(&phone->arena, "%s (appearance %u)",
					    state_text(talk), talk->appearance);
	}
	return NULL;
}

static bool is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static bool is_in(const struct talk *talk, unsigned appearance)
{
	return talk->state == TALK_CONFIRMED &&
	       (!appearance || talk->appearance == appearance);
}

bool phone_is_talking(const struct phone *a, unsigned appearance_a, const struct phone *b,
		      unsigned appearance_b)
{
	for (struct list *i = a->talks.next; i != &a->talks; i = i->next) {
		const struct talk *one = container_of(i, struct talk, node);

		for (struct list *j = b->talks.next; j != &b->talks; j = j->next) {
			const struct talk *two = container_of(j, struct talk, node);

			if (is_in(one, appearance_a) && is_in(two, appearance_b) &&
			    is_same(one->heard_body, two->sent_body) &&
			    is_same(two->heard_body, one->sent_body))
				return true;
		}
	}
	return false;
}
