/* SPDX-License-Identifier: MIT */
#include "lab/talk.h"

#include "base/fault.h"
#include "base/memory.h"
#include "lab/inside.h"
#include "wire/body.h"
#include "wire/message.h"
#include "wire/sdp.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct talk *talk_new(struct phone *phone, bool is_caller)
{
	struct talk *talk = memory_new(sizeof *talk);

	talk->phone = phone;
	talk->home = memory_checked(su_home_new(sizeof *talk->home));
	talk->is_caller = is_caller;
	talk->state = is_caller ? TALK_CALLING : TALK_RUNG;
	talk->media_port = ++phone->lab->media_port * 2 % 60000;
	if (talk->media_port < 1024)
		talk->media_port += 2048;
	list_append(&phone->talks, &talk->node);
	return talk;
}

void talk_free(struct talk *talk)
{
	list_remove(&talk->node);
	su_home_unref(talk->home);
	free(talk);
}

static bool is_tag(const char *a, const char *b)
{
	return a && b && strcasecmp(a, b) == 0;
}

struct talk *talk_of(struct phone *phone, const sip_t *sip)
{
	for (struct list *at = phone->talks.next; at != &phone->talks; at = at->next) {
		struct talk *talk = container_of(at, struct talk, node);

		if (talk->call_id && !talk->is_forgotten &&
		    strcmp(talk->call_id, sip->sip_call_id->i_id) == 0 &&
		    is_tag(talk->local_tag, sip->sip_to->a_tag))
			return talk;
	}
	return NULL;
}

bool talk_is_idle(const struct talk *talk)
{
	bool is_calling = (talk->calling && !talk->calling->is_done) ||
			  (talk->off_hook && !talk->off_hook->is_done);

	return talk->state == TALK_OVER && !is_calling;
}

bool phone_is_idle(const struct phone *phone, unsigned appearance)
{
	for (struct list *at = phone->talks.next; at != &phone->talks; at = at->next) {
		const struct talk *talk = container_of(at, struct talk, node);

		if ((!appearance || talk->appearance == appearance) &&
		    !talk_is_idle(talk))
			return false;
	}
	return true;
}

unsigned talk_idle_appearance(const struct phone *phone)
{
	unsigned appearance = 1;

	while (!phone_is_idle(phone, appearance))
		appearance++;
	return appearance;
}

struct talk *talk_pick(struct phone *phone, unsigned appearance,
		       bool (*fits)(const struct talk *talk), const char *what,
		       struct fault *fault)
{
	struct talk *found = NULL;

	for (struct list *at = phone->talks.next; at != &phone->talks; at = at->next) {
		struct talk *talk = container_of(at, struct talk, node);

		if ((appearance && talk->appearance != appearance) || !fits(talk))
			continue;
		if (found && !appearance) {
			fault_say(fault, 1,
				  "%s has more than one call that it could be: name the "
				  "appearance",
				  phone->is.name);
			return NULL;
		}
		found = talk;
	}
	if (!phone->wire)
		found = NULL;
	if (!found && appearance)
		fault_say(fault, 1, "%s has %s on appearance %u", phone->is.name, what,
			  appearance);
	else if (!found)
		fault_say(fault, 1, "%s has %s", phone->is.name, what);
	return found;
}

/* Session descriptions ------------------------------------------------------------------ */

const char *talk_offer_text(struct talk *talk, bool is_held)
{
	const char *host = talk->phone->is.host;
	const char *family = strchr(host, ':') ? "IP6" : "IP4";

	return memory_checked(
		su_sprintf(talk->home,
			   "v=0\r\no=- %u %u IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n"
			   "m=audio %u RTP/AVP 0 8\r\n%s",
			   talk->media_port, ++talk->media_version, family, host, family,
			   host, talk->media_port, is_held ? "a=sendonly\r\n" : ""));
}

const char *talk_answer_text(struct talk *talk, const sip_t *sip)
{
	struct arena *arena = &talk->phone->arena;
	struct way way;

	if (lab_way(talk->phone->wire,
		    arena_printf(arena, "sip:127.0.0.1:9;transport=%s",
				 talk->phone->is.transport),
		    &way, NULL) < 0)
		return NULL;
	return sdp_answer(arena, sip, way.listener, talk->media_port);
}

void talk_set_body(msg_t *msg, const char *type, const char *body)
{
	su_home_t *home = msg_home(msg);

	message_insert(msg, (sip_header_t *)sip_content_type_make(home, type));
	message_insert(msg, (sip_header_t *)sip_payload_create(home, body,
							       (isize_t)strlen(body)));
}

static const char *body_of(struct talk *talk, const sip_t *sip)
{
	const sip_payload_t *body = sip->sip_payload;

	return body && body->pl_len
		       ? su_strndup(talk->home, body->pl_data, (isize_t)body->pl_len)
		       : NULL;
}

/* A body that is, or has, a session description. */
static bool is_session(const sip_t *sip)
{
	struct arena arena = { 0 };
	bool is = sip->sip_payload && body_session(&arena, sip) != NULL;

	arena_clear(&arena);
	return is;
}

void talk_note_sent(struct talk *talk, msg_t *msg)
{
	if (is_session(sip_object(msg)))
		talk->sent_body = body_of(talk, sip_object(msg));
}

void talk_note_heard(struct talk *talk, const sip_t *sip)
{
	if (is_session(sip))
		talk->heard_body = body_of(talk, sip);
}

/* Requests inside the call --------------------------------------------------------------- */

static bool is_open(const struct talk *talk)
{
	return talk->dialog && talk->state != TALK_OVER;
}

static sip_method_t method_of(const char *name)
{
	static const struct {
		const char *name;
		sip_method_t method;
	} methods[] = {
		{ "INVITE", sip_method_invite },   { "BYE", sip_method_bye },
		{ "ACK", sip_method_ack },	   { "PRACK", sip_method_prack },
		{ "UPDATE", sip_method_update },   { "REFER", sip_method_refer },
		{ "NOTIFY", sip_method_notify },   { "INFO", sip_method_info },
		{ "MESSAGE", sip_method_message }, { "OPTIONS", sip_method_options },
		{ "SUBSCRIBE", sip_method_subscribe }, { "REGISTER", sip_method_register },
		{ "PUBLISH", sip_method_publish },
	};

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].method;
	return sip_method_unknown;
}

msg_t *talk_request_in(struct talk *talk, const struct dialog *dialog, const char *method,
		       uint32_t cseq)
{
	msg_t *msg = dialog_request(talk->phone->wire, (sip_from_t *)talk->local,
				    talk->remote, method_of(method), method);

	dialog_address(dialog, msg, cseq);
	return msg;
}

int talk_way(struct talk *talk, msg_t *msg, struct way *way, struct fault *fault)
{
	if (way_find(talk->phone->wire, NULL, sip_object(msg), NULL, way, NULL) == 0)
		return 0;
	return sending_way(talk->phone, false, way, fault);
}

static bool refreshes(const char *method)
{
	static const char *const names[] = { "INVITE", "UPDATE", "REFER", "SUBSCRIBE",
					     "NOTIFY" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], method) == 0)
			return true;
	return false;
}

struct sending *talk_send_inside(struct talk *talk, const char *method, const char *body,
				 const struct extra *extra, struct fault *fault)
{
	struct phone *phone = talk->phone;
	struct sending *sending;
	struct way way;
	msg_t *msg;

	if (!phone->wire || !talk->dialog) {
		fault_say(fault, 1, "%s cannot send %s: its call is not set up",
			  phone->is.name, method);
		return NULL;
	}
	msg = talk_request_in(talk, talk->dialog, method, ++talk->cseq);
	if (talk_way(talk, msg, &way, fault) < 0) {
		msg_destroy(msg);
		return NULL;
	}
	if (refreshes(method))
		message_set_contact(msg, phone->is.user, way.listener);
	if (body)
		talk_set_body(msg,
			      strncmp(body, "v=0", 3) == 0
				      ? "application/sdp"
				      : "message/sipfrag;version=2.0",
			      body);
	extra_apply(extra, msg);
	talk_note_sent(talk, msg);
	sending = sending_new(phone, talk, &way, msg, fault);
	return sending;
}

static struct errand *errand_of(struct sending *sending)
{
	if (!sending)
		return NULL;
	sending->errand = errand_new(sending->phone);
	return sending->errand;
}

struct errand *talk_hang_up(struct phone *phone, unsigned appearance,
			    const struct extra *extra, struct fault *fault)
{
	struct talk *talk =
		talk_pick(phone, appearance, is_open, "no call to hang up", fault);
	struct sending *sending =
		talk ? talk_send_inside(talk, "BYE", NULL, extra, fault) : NULL;

	if (sending)
		talk->state = TALK_OVER;
	return errand_of(sending);
}

struct errand *talk_send(struct phone *phone, unsigned appearance, const char *method,
			 const struct extra *extra, struct fault *fault)
{
	struct talk *talk = talk_pick(phone, appearance, is_open, "no call", fault);

	return talk ? errand_of(talk_send_inside(talk, method, NULL, extra, fault))
		    : NULL;
}

static bool has_dialog(const struct talk *talk)
{
	return talk->dialog && talk->state == TALK_CONFIRMED;
}

/* "sip:2002@...?Replaces=...": where the far end of OTHER is, to be called in its place. */
static const char *refer_to(struct talk *talk, const char *number, struct talk *other)
{
	struct phone *phone = talk->phone;
	struct arena *arena = &phone->arena;
	const char *from = dialog_local_tag(other ? other->dialog : talk->dialog);
	const char *id;

	if (!other)
		return arena_printf(arena, "<sip:%s@%s>", number, phone->lab->domain);
	id = arena_printf(arena, "%s;to-tag=%s;from-tag=%s", other->call_id,
			  dialog_remote_tag(other->dialog), from);
	id = url_escape(memory_checked(su_alloc(talk->home, url_esclen(id, ";=@") + 1)),
			id, ";=@");
	return arena_printf(
		arena, "<sip:%s@%s?Replaces=%s>",
		other->remote->a_url->url_user ? other->remote->a_url->url_user : "",
		phone->lab->domain, id);
}

struct errand *talk_transfer(struct phone *phone, unsigned appearance, const char *number,
			     unsigned other, const struct extra *extra,
			     struct fault *fault)
{
	struct talk *second =
		number ? NULL : talk_pick(phone, other, has_dialog, "no call", fault);
	struct talk *talk = talk_pick(phone, appearance, has_dialog, "no call", fault);
	struct arena *arena = &phone->arena;
	size_t count = extra ? extra->count : 0;
	struct extra_header *headers = arena_alloc(arena, (count + 2) * sizeof *headers);
	struct extra more = extra ? *extra : (struct extra){ 0 };

	if (!talk || (!number && !second))
		return NULL;
	headers[0] = (struct extra_header){ "Refer-To", refer_to(talk, number, second) };
	headers[1] =
		(struct extra_header){ "Referred-By",
				       arena_printf(arena, "<sip:%s@%s>", phone->is.user,
						    phone->lab->domain) };
	for (size_t i = 0; i < count; i++)
		headers[i + 2] = extra->headers[i];
	more.headers = headers;
	more.count = count + 2;
	return errand_of(talk_send_inside(talk, "REFER", NULL, &more, fault));
}
