/* SPDX-License-Identifier: MIT */
#include "lab/lamp.h"

#include "base/fault.h"
#include "base/memory.h"
#include "lab/inside.h"
#include "wire/ask.h"
#include "wire/loop.h"
#include "wire/message.h"

#include <stdlib.h>
#include <string.h>

struct lamp {
	struct list node;		/* in phone->lamps */
	struct phone *phone;
	const char *extension, *call_id;
	bool is_known;
	struct lamp_state *states;	/* owned */
	size_t count, room;
};

static struct lamp_state *last_of(struct lamp *lamp, const char *id)
{
	for (size_t i = lamp->count; i > 0; i--)
		if (strcmp(lamp->states[i - 1].id, id) == 0)
			return &lamp->states[i - 1];
	return NULL;
}

static bool is_terminated(const struct lamp_state *state)
{
	return strcmp(state->name, "terminated") == 0;
}

static void note(struct lamp *lamp, const struct lamp_state *state)
{
	const struct lamp_state *last = last_of(lamp, state->id);

	if (last ? strcmp(last->name, state->name) == 0 : is_terminated(state))
		return;
	if (lamp->count == lamp->room) {
		lamp->room = lamp->room ? 2 * lamp->room : 16;
		lamp->states = memory_checked(
			reallocarray(lamp->states, lamp->room, sizeof *lamp->states));
	}
	lamp->states[lamp->count++] = *state;
	lamp->phone->lab->heard++;
}

/* Reading dialog-info: elements by name, as the event servers in question write them --------- */

/* The value of attribute NAME in the tag at TAG; NULL = none. */
static const char *attribute(struct arena *arena, const char *tag, const char *name)
{
	const char *end = tag + strcspn(tag, ">"), *at = tag, *close;
	size_t length = strlen(name);

	while ((at = strstr(at, name)) && at < end) {
		if ((at[-1] == ' ' || at[-1] == '\n' || at[-1] == '\t') &&
		    at[length] == '=' &&
		    (at[length + 1] == '"' || at[length + 1] == '\'')) {
			close = strchr(at + length + 2, at[length + 1]);
			return close ? arena_strndup(arena, at + length + 2,
						     (size_t)(close - at) - length - 2)
				     : NULL;
		}
		at += length;
	}
	return NULL;
}

/* The next element NAME at or behind TEXT, NULL = none. */
static const char *element(const char *text, const char *name)
{
	size_t length = strlen(name);

	while ((text = strchr(text, '<'))) {
		text++;
		if (strncmp(text, name, length) == 0 && strchr(" >/\t\r\n", text[length]))
			return text;
	}
	return NULL;
}

static void read_dialog(struct lamp *lamp, const char *dialog)
{
	struct arena *arena = &lamp->phone->arena;
	const char *state = element(dialog, "state"), *text;
	struct lamp_state noted = { .id = attribute(arena, dialog, "id") };

	if (!state || !noted.id)
		return;
	text = strchr(state, '>');
	if (!text)
		return;
	text++;
	text += strspn(text, " \t\r\n");
	noted.name = arena_strndup(arena, text, strcspn(text, " \t\r\n<"));
	noted.event = attribute(arena, state, "event");
	noted.code = attribute(arena, state, "code");
	noted.at_us = loop_now_us(lamp->phone->lab->loop);
	note(lamp, &noted);
}

/* Full state: a dialog that is not in the document is over. */
static void end_missing(struct lamp *lamp, const char *text)
{
	struct arena *arena = &lamp->phone->arena;
	size_t count = lamp->count;

	for (size_t i = 0; i < count; i++) {
		const char *id = lamp->states[i].id, *at = text;
		bool is_there = false;

		while (!is_there && (at = element(at, "dialog"))) {
			const char *said = attribute(arena, at, "id");

			is_there = said && strcmp(said, id) == 0;
		}
		if (!is_there)
			note(lamp, &(struct lamp_state){
					   .id = id,
					   .name = "terminated",
					   .at_us = loop_now_us(lamp->phone->lab->loop),
				   });
	}
}

static void read_document(struct lamp *lamp, const char *text)
{
	struct arena *arena = &lamp->phone->arena;
	const char *info = element(text, "dialog-info");
	const char *state = info ? attribute(arena, info, "state") : NULL;

	for (const char *at = element(text, "dialog"); at; at = element(at, "dialog"))
		read_dialog(lamp, at);
	if (state && strcmp(state, "full") == 0)
		end_missing(lamp, text);
}

bool lamp_notify(struct phone *phone, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	struct uas *uas;

	if (sip->sip_request->rq_method != sip_method_notify)
		return false;
	for (struct list *at = phone->lamps.next; at != &phone->lamps; at = at->next) {
		struct lamp *lamp = container_of(at, struct lamp, node);

		if (strcmp(lamp->call_id, sip->sip_call_id->i_id) != 0)
			continue;
		lamp->is_known = true;
		if (sip->sip_payload)
			read_document(lamp, arena_strndup(&phone->arena,
							  sip->sip_payload->pl_data,
							  sip->sip_payload->pl_len));
		uas = uas_new(phone->wire, msg);
		if (uas)
			uas_reply(uas, 200, NULL);
		uas_free(uas);
		return true;
	}
	return false;
}

/* Subscribing ------------------------------------------------------------------------------- */

static msg_t *subscribe(struct phone *phone, const char *extension)
{
	struct arena *arena = &phone->arena;
	const char *uri = arena_printf(arena, "sip:%s@%s", extension, phone->lab->domain);
	msg_t *msg = ask_request(
		phone->wire,
		&(struct ask){
			.method = sip_method_subscribe,
			.method_name = "SUBSCRIBE",
			.uri = uri,
			.from = arena_printf(arena, "<sip:%s@%s>", phone->is.user,
					     phone->lab->domain),
			.to = arena_printf(arena, "<%s>", uri),
		});
	static const struct extra_header headers[] = {
		{ "Event", "dialog" },
		{ "Accept", "application/dialog-info+xml" },
		{ "Expires", "3600" },
	};

	if (msg)
		extra_apply(&(struct extra){ .headers = headers, .count = 3 }, msg);
	return msg;
}

struct errand *lamp_watch(struct phone *phone, const char *extension, struct fault *fault)
{
	msg_t *msg = phone->wire ? subscribe(phone, extension) : NULL;
	struct sending *sending;
	struct lamp *lamp;
	struct way way;

	if (!msg || sending_way(phone, false, &way, fault) < 0) {
		msg_destroy(msg);
		return NULL;
	}
	message_set_contact(msg, phone->is.user, way.listener);
	lamp = memory_new(sizeof *lamp);
	lamp->phone = phone;
	lamp->extension = arena_strdup(&phone->arena, extension);
	lamp->call_id = arena_strdup(&phone->arena, sip_object(msg)->sip_call_id->i_id);
	list_append(&phone->lamps, &lamp->node);
	sending = sending_new(phone, NULL, &way, msg, fault);
	if (!sending)
		return NULL;
	sending->next_proxy = 1;
	sending->errand = errand_new(phone);
	return sending->errand;
}

void lamp_clear(struct phone *phone)
{
	while (!list_is_empty(&phone->lamps)) {
		struct lamp *lamp = container_of(phone->lamps.next, struct lamp, node);

		list_remove(&lamp->node);
		free(lamp->states);
		free(lamp);
	}
}

/* Asking ------------------------------------------------------------------------------------- */

struct lamp *lamp_find(struct phone *phone, const char *extension)
{
	for (struct list *at = phone->lamps.next; at != &phone->lamps; at = at->next) {
		struct lamp *lamp = container_of(at, struct lamp, node);

		if (strcmp(lamp->extension, extension) == 0)
			return lamp;
	}
	return NULL;
}

size_t lamp_count(const struct lamp *lamp)
{
	return lamp->count;
}

const struct lamp_state *lamp_state(const struct lamp *lamp, size_t i)
{
	return &lamp->states[i];
}

bool lamp_is_lit(const struct lamp *lamp)
{
	for (size_t i = 0; i < lamp->count; i++) {
		bool is_last = true;

		for (size_t j = i + 1; j < lamp->count; j++)
			is_last &= strcmp(lamp->states[i].id, lamp->states[j].id) != 0;
		if (is_last && !is_terminated(&lamp->states[i]))
			return true;
	}
	return false;
}

bool lamp_is_known(const struct lamp *lamp)
{
	return lamp->is_known;
}

const char *lamp_lit(struct phone *phone)
{
	for (struct list *at = phone->lamps.next; at != &phone->lamps; at = at->next) {
		const struct lamp *lamp = container_of(at, struct lamp, node);

		if (lamp_is_lit(lamp))
			return lamp->extension;
	}
	return NULL;
}
