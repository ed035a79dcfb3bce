/* SPDX-License-Identifier: MIT */
/* INVITEs that a telephone sends: calls, off-hook, re-INVITE; PRACK, ACK and CANCEL of them. */
#include "base/fault.h"
#include "base/memory.h"
#include "lab/inside.h"
#include "wire/ask.h"
#include "wire/message.h"
#include "wire/uri.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What is heard ------------------------------------------------------------------------- */

static struct dialog *learned(struct talk *talk, const sip_t *response)
{
	struct dialog *dialog = dialog_as_uac(talk->home, talk->call_id, talk->local_tag);

	dialog_learn(dialog, response);
	return dialog;
}

/* RFC 3262 section 4, in the dialog of the fork that wants it. */
static void acknowledge_reliable(struct talk *talk, const sip_t *response)
{
	struct dialog *dialog = learned(talk, response);
	struct sending *prack;
	struct way way;
	msg_t *msg;

	if (!response->sip_rseq || !response->sip_to->a_tag ||
	    !sip_has_feature(response->sip_require, "100rel"))
		return;
	msg = talk_request_in(talk, dialog, "PRACK", ++talk->cseq);
	message_insert(msg, (sip_header_t *)sip_rack_format(
				    msg_home(msg), "%lu %lu %s",
				    (unsigned long)response->sip_rseq->rs_response,
				    (unsigned long)response->sip_cseq->cs_seq,
				    response->sip_cseq->cs_method_name));
	if (talk_way(talk, msg, &way, NULL) < 0) {
		msg_destroy(msg);
		return;
	}
	prack = sending_new(talk->phone, talk, &way, msg, NULL);
	if (prack)
		prack->is_quiet = true;
}

static void acknowledge(struct sending *sending, const sip_t *response)
{
	struct talk *talk = sending->talk;
	const sip_t *invite = sip_object(sending->request);
	msg_t *ack =
		talk_request_in(talk, talk->dialog, "ACK", response->sip_cseq->cs_seq);
	const char *body = invite->sip_payload ? NULL : talk_answer_text(talk, response);
	struct way way;

	if (body)
		talk_set_body(ack, "application/sdp", body);
	talk_note_sent(talk, ack);
	if (talk_way(talk, ack, &way, NULL) < 0)
		msg_destroy(ack);
	else
		uac_ack(sending->uac, &way, ack);
}

/* RFC 3515: how the call that was asked for ended. */
static void notify_referrer(struct talk *talk, int status, const sip_t *response)
{
	static const struct extra_header headers[] = {
		{ "Event", "refer" },
		{ "Subscription-State", "terminated;reason=noresource" },
	};
	struct talk *asker = talk->asked_by;
	const char *phrase = response ? response->sip_status->st_phrase : "No Answer";
	struct sending *notify;

	talk->asked_by = NULL;
	if (!asker || asker->state == TALK_OVER)
		return;
	notify = talk_send_inside(
		asker, "NOTIFY",
		arena_printf(&talk->phone->arena, "SIP/2.0 %d %s\r\n", status, phrase),
		&(struct extra){ .headers = headers, .count = 2 }, NULL);
	if (notify)
		notify->is_quiet = true;
}

static void answered(struct sending *sending, const sip_t *response)
{
	struct talk *talk = sending->talk;
	bool is_first = talk->state != TALK_CONFIRMED;
	struct sending *bye;

	assert(response);		/* a 2xx came, nothing makes one up */
	if (is_first)
		talk->dialog = learned(talk, response);
	else
		dialog_refresh(talk->dialog, response);
	talk_note_heard(talk, response);
	acknowledge(sending, response);
	talk->is_reserved = false;
	if (talk->state == TALK_OVER && !sending->is_cancelled)
		return;
	talk->state = TALK_CONFIRMED;
	if (!sending->is_cancelled || !is_first)
		return;
	bye = talk_send_inside(talk, "BYE", NULL, NULL, NULL);
	if (bye)
		bye->is_quiet = true;
	talk->state = TALK_OVER;
}

static void failed(struct sending *sending)
{
	struct talk *talk = sending->talk;
	bool was_off_hook = talk->off_hook == sending;

	if (was_off_hook)
		talk->is_reserved = false;
	if (talk->state == TALK_CALLING &&
	    (!was_off_hook || !talk->calling || talk->calling->is_done))
		talk->state = TALK_OVER;
}

void dial_heard(struct sending *sending, int status, msg_t *response)
{
	struct talk *talk = sending->talk;
	const sip_t *sip = response ? sip_object(response) : NULL;

	if (sip && status < 200) {
		if (talk->state == TALK_CALLING && sip->sip_to->a_tag &&
		    talk->off_hook != sending) {
			if (!talk->dialog)
				talk->dialog = learned(talk, sip);
			talk_note_heard(talk, sip);
		}
		acknowledge_reliable(talk, sip);
		return;
	}
	if (status < 300)
		answered(sending, sip);
	else
		failed(sending);
	if (talk->off_hook != sending)
		notify_referrer(talk, status, sip);
}

/* What is sent ----------------------------------------------------------------------------- */

static const char *called_uri(struct phone *phone, const struct dialling *how)
{
	struct arena *arena = &phone->arena;
	const char *number = how->number, *end;

	if (how->is_off_hook)
		return arena_printf(arena, "sip:%s@%s;avaya-cm-fnu=off-hook",
				    uri_escape(arena, phone->is.user),
				    phone->lab->domain);
	if (strncasecmp(number, "sip:", 4) == 0 || strncasecmp(number, "tel:", 4) == 0 ||
	    strncasecmp(number, "sips:", 5) == 0)
		return number;
	end = strchrnul(number, ';');
	return arena_printf(
		arena, "sip:%s@%s%s",
		uri_escape(arena, arena_strndup(arena, number, (size_t)(end - number))),
		phone->lab->domain, end);
}

/* The talk that went off-hook and has not dialled yet. */
static struct talk *reserved_talk(struct phone *phone, unsigned appearance)
{
	for (struct list *at = phone->talks.next; at != &phone->talks; at = at->next) {
		struct talk *talk = container_of(at, struct talk, node);

		if (talk->is_reserved && talk->off_hook && !talk->off_hook->is_done &&
		    (!appearance || talk->appearance == appearance))
			return talk;
	}
	return NULL;
}

static void name_line(msg_t *msg, unsigned appearance)
{
	sip_contact_t *contact = sip_object(msg)->sip_contact;
	su_home_t *home = msg_home(msg);

	msg_header_replace_param(
		home, contact->m_common,
		memory_checked(su_sprintf(home, "+avaya-cm-line=%u", appearance)));
	sip_fragment_clear(contact->m_common);
}

static bool names_line(const struct sending *off_hook)
{
	const sip_contact_t *contact = sip_object(off_hook->request)->sip_contact;

	return contact && msg_header_find_param(contact->m_common, "+avaya-cm-line");
}

static void add_text(msg_t *msg, const char *name, const char *value)
{
	const struct extra_header header = { name, value };

	extra_apply(&(struct extra){ .headers = &header, .count = 1 }, msg);
}

/* What the REFER that asked for a call to this number wants in it. */
static void follow_refer(struct phone *phone, struct talk *talk, msg_t *msg,
			 const char *number)
{
	if (!phone->refer_number || strcmp(phone->refer_number, number) != 0)
		return;
	if (phone->refer_by)
		add_text(msg, "Referred-By", phone->refer_by);
	if (phone->refer_replaces)
		add_text(msg, "Replaces", phone->refer_replaces);
	talk->asked_by = phone->refer_talk;
	phone->refer_number = NULL;
}

static void fill_in(struct phone *phone, struct talk *talk, msg_t *msg,
		    const struct dialling *how)
{
	if (how->appearance)
		name_line(msg, how->appearance);
	add_text(msg, "Supported", phone->is.supported);
	add_text(msg, "Allow",
		 "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, REFER, NOTIFY, INFO, "
		 "MESSAGE");
	add_text(msg, "User-Agent", "halfcall-telephone/" HALFCALL_VERSION);
	if (how->expires_s)
		add_text(msg, "Expires",
			 arena_printf(&phone->arena, "%u", how->expires_s));
	if (!how->without_sdp && !how->is_off_hook)
		talk_set_body(msg, "application/sdp", talk_offer_text(talk, false));
	if (!how->is_off_hook)
		follow_refer(phone, talk, msg, how->number);
}

static msg_t *first_invite(struct phone *phone, struct talk *talk,
			   const struct dialling *how, struct fault *fault)
{
	struct arena *arena = &phone->arena;
	const char *uri = called_uri(phone, how);
	const char *user = how->from ? how->from : phone->is.user;
	msg_t *msg = ask_request(
		phone->wire,
		&(struct ask){
			.method = sip_method_invite,
			.method_name = "INVITE",
			.uri = uri,
			.from = arena_printf(arena, "<sip:%s@%s>",
					     uri_escape(arena, user), phone->lab->domain),
			.to = arena_printf(arena, "<%s>", uri),
			.call_id = talk->call_id,
			.from_tag = talk->local_tag,
			.cseq = ++talk->cseq,
		});

	if (!msg)
		fault_say(fault, 1, "%s is no number and no URI", how->number);
	return msg;
}

/* What the call is known by from now on. */
static void begin(struct talk *talk, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);

	talk->call_id = memory_checked(su_strdup(talk->home, sip->sip_call_id->i_id));
	talk->local_tag = memory_checked(su_strdup(talk->home, sip->sip_from->a_tag));
	talk->local = memory_checked(sip_from_dup(talk->home, sip->sip_from));
	talk->remote = memory_checked(sip_to_dup(talk->home, sip->sip_to));
	talk->cseq = sip->sip_cseq->cs_seq;
	talk->state = TALK_CALLING;
}

static struct sending *send_invite(struct talk *talk, const struct dialling *how,
				   const struct extra *extra, struct fault *fault)
{
	struct phone *phone = talk->phone;
	struct sending *sending;
	struct way way;
	msg_t *msg;

	if (sending_way(phone, how->to_cm, &way, fault) < 0)
		return NULL;
	msg = first_invite(phone, talk, how, fault);
	if (!msg)
		return NULL;
	message_set_contact(msg, how->from ? how->from : phone->is.user, way.listener);
	fill_in(phone, talk, msg, how);
	extra_apply(extra, msg);
	begin(talk, msg);
	talk_note_sent(talk, msg);
	sending = sending_new(phone, talk, &way, msg, fault);
	if (sending) {
		sending->heard = dial_heard;
		sending->may_authenticate = !how->without_auth;
		sending->next_proxy = how->to_cm ? 0 : 1;
	}
	return sending;
}

struct errand *talk_dial(struct phone *phone, const struct dialling *how,
			 const struct extra *extra, struct fault *fault)
{
	struct talk *talk =
		how->is_off_hook ? NULL : reserved_talk(phone, how->appearance);
	struct dialling named = *how;
	struct errand *errand;
	struct sending *sending;

	if (!phone->wire) {
		fault_say(fault, 1, "%s is dead", phone->is.name);
		return NULL;
	}
	if (!talk) {
		unsigned appearance =
			how->appearance ? how->appearance : talk_idle_appearance(phone);

		talk = talk_new(phone, true);
		talk->appearance = appearance;
	} else if (names_line(talk->off_hook)) {
		named.appearance = talk->appearance;
	}
	sending = send_invite(talk, &named, extra, fault);
	if (!sending) {
		talk->state = TALK_OVER;
		return NULL;
	}
	if (how->is_off_hook)
		talk->off_hook = sending;
	else
		talk->calling = sending;
	talk->is_reserved = how->is_off_hook;
	errand = errand_new(phone);
	if (how->wants_final)
		sending->errand = errand;
	else
		errand->is_done = true;
	return errand;
}

static struct sending *pending(const struct talk *talk)
{
	if (talk->calling && !talk->calling->is_done)
		return talk->calling;
	return talk->off_hook && !talk->off_hook->is_done ? talk->off_hook : NULL;
}

/* Of several the newest. */
static struct sending *newest(struct phone *phone, unsigned appearance)
{
	struct sending *sending = NULL;

	for (struct list *at = phone->talks.next; at != &phone->talks; at = at->next) {
		struct talk *talk = container_of(at, struct talk, node);

		if ((!appearance || talk->appearance == appearance) && pending(talk))
			sending = pending(talk);
	}
	return sending;
}

static void cancel(struct sending *sending, const char *reason)
{
	su_home_t home[1] = { SU_HOME_INIT(home) };

	sending->is_cancelled = true;
	uac_cancel(sending->uac, reason ? sip_reason_make(home, reason) : NULL);
	su_home_deinit(home);
}

void dial_give_up(struct talk *talk)
{
	struct sending *sending = pending(talk);

	if (sending)
		cancel(sending, NULL);
}

struct errand *talk_cancel(struct phone *phone, unsigned appearance,
			   const struct extra *extra, struct fault *fault)
{
	struct sending *sending = newest(phone, appearance);

	if (!sending) {
		fault_say(fault, 1, "%s has no INVITE under way to cancel",
			  phone->is.name);
		return NULL;
	}
	sending->errand = errand_new(phone);
	cancel(sending, extra_value(extra, "Reason"));
	return sending->errand;
}

static bool is_confirmed(const struct talk *talk)
{
	return talk->state == TALK_CONFIRMED;
}

struct errand *talk_reinvite(struct phone *phone, unsigned appearance,
			     enum talk_offer offer, const struct extra *extra,
			     struct fault *fault)
{
	struct talk *talk = talk_pick(phone, appearance, is_confirmed, "no call", fault);
	struct sending *sending;

	if (!talk)
		return NULL;
	sending = talk_send_inside(
		talk, "INVITE",
		offer == TALK_NO_OFFER ? NULL : talk_offer_text(talk, offer == TALK_HOLD),
		extra, fault);
	if (!sending)
		return NULL;
	sending->heard = dial_heard;
	talk->calling = sending;
	sending->errand = errand_new(phone);
	return sending->errand;
}
