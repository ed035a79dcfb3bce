/* SPDX-License-Identifier: MIT */
/* Requests that come to a telephone, other than the INVITE itself. */
#include "base/memory.h"
#include "lab/carry.h"
#include "lab/inside.h"
#include "wire/message.h"
#include "wire/reply.h"
#include "wire/uri.h"

#include <string.h>

/* Answers MSG, which it takes over. */
static void reply(struct phone *phone, msg_t *msg, int status)
{
	struct uas *uas = uas_new(phone->wire, msg);

	if (!uas)
		return;
	uas_reply(uas, status, NULL);
	uas_free(uas);
}

static void queue(struct phone *phone, struct talk *talk, msg_t *msg)
{
	mail_queue(mail_new(phone, talk, msg, NULL));
}

/* UPDATE: an offer is answered. */
static void answer_update(struct talk *talk, msg_t *msg)
{
	struct phone *phone = talk->phone;
	struct uas *uas = uas_new(phone->wire, msg);
	const sip_t *sip;
	const char *body;
	msg_t *response;

	if (!uas)
		return;
	sip = sip_object(uas_request(uas));
	dialog_refresh(talk->dialog, sip);
	body = sip->sip_payload ? talk_answer_text(talk, sip) : NULL;
	talk_note_heard(talk, sip);
	response = memory_checked(uas_response(uas, 200, NULL));
	if (body)
		talk_set_body(response, "application/sdp", body);
	talk_note_sent(talk, response);
	uas_send(uas, response);
	uas_free(uas);
}

static void remember_refer(struct talk *talk, const sip_t *sip)
{
	struct phone *phone = talk->phone;
	struct arena *arena = &phone->arena;
	const sip_refer_to_t *to = sip->sip_refer_to;
	char *headers, *value;

	if (!to)
		return;
	phone->refer_number = uri_user(arena, to->r_url);
	phone->refer_talk = talk;
	phone->refer_by = phone->refer_replaces = NULL;
	if (sip->sip_referred_by)
		phone->refer_by = arena_strdup(
			arena,
			sip_header_as_string(talk->home,
					     (const sip_header_t *)sip->sip_referred_by));
	headers = to->r_url->url_headers ? arena_strdup(arena, to->r_url->url_headers)
					 : NULL;
	value = headers ? strstr(headers, "Replaces=") : NULL;
	if (!value)
		return;
	value += 9;
	value[strcspn(value, "&")] = '\0';
	url_unescape(value, value);
	phone->refer_replaces = value;
}

static void take_refer(struct talk *talk, msg_t *msg)
{
	static const struct extra_header headers[] = {
		{ "Event", "refer" },
		{ "Subscription-State", "active;expires=60" },
	};
	struct sending *notify;

	remember_refer(talk, sip_object(msg));
	reply(talk->phone, msg, 202);
	notify =
		talk_send_inside(talk, "NOTIFY", "SIP/2.0 100 Trying\r\n",
				 &(struct extra){ .headers = headers, .count = 2 }, NULL);
	if (notify)
		notify->is_quiet = true;
}

static void take_bye(struct talk *talk, msg_t *msg)
{
	struct phone *phone = talk->phone;

	talk->state = TALK_OVER;
	reply(phone, msg, 200);
	if (talk->uas && !talk->answer) {
		/* RFC 3261 section 15.1.2 */
		talk->answer = 487;
		uas_reply(talk->uas, 487, NULL);
	}
}

static void in_call(struct talk *talk, msg_t *msg)
{
	struct phone *phone = talk->phone;
	const sip_t *sip = sip_object(msg);
	sip_method_t method = sip->sip_request->rq_method;
	struct rule *rule;

	if (method == sip_method_ack) {
		ring_ack(talk, msg);
		msg_destroy(msg);
		return;
	}
	if (!talk->dialog || !dialog_is_in_order(talk->dialog, sip)) {
		reply(phone, msg, 500);
		return;
	}
	if (method == sip_method_invite) {
		ring_invite(phone, talk, msg);
		return;
	}
	queue(phone, talk, msg);
	rule = rule_use(phone, 0, sip->sip_request->rq_method_name);
	if (rule && rule->deed == RULE_REJECTS) {
		reply(phone, msg, rule->code);
		return;
	}
	if (method == sip_method_bye)
		take_bye(talk, msg);
	else if (method == sip_method_update)
		answer_update(talk, msg);
	else if (method == sip_method_refer)
		take_refer(talk, msg);
	else
		reply(phone, msg, 200);
	if (rule)
		talk->phone->obey(rule, talk);
}

static void outside(struct phone *phone, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);

	if (sip->sip_request->rq_method == sip_method_ack) {
		msg_destroy(msg);
	} else if (sip->sip_request->rq_method == sip_method_invite &&
		   !sip->sip_to->a_tag) {
		ring_invite(phone, NULL, msg);
	} else if (sip->sip_request->rq_method == sip_method_options &&
		   !sip->sip_to->a_tag) {
		reply_options(phone->wire, msg);
	} else if (!lamp_notify(phone, msg)) {
		queue(phone, NULL, msg);
		reply(phone, msg, sip->sip_to->a_tag ? 481 : 200);
	}
}

void ear_request(struct phone *phone, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	struct talk *talk = sip->sip_to->a_tag ? talk_of(phone, sip) : NULL;

	if (talk)
		in_call(talk, msg);
	else if (phone->carrier && sip->sip_to->a_tag)
		carry_along(phone->carrier, msg);
	else
		outside(phone, msg);
}
