/* SPDX-License-Identifier: MIT */
/* INVITEs that come to a telephone, and what it answers. */
#include "base/fault.h"
#include "base/memory.h"
#include "lab/inside.h"
#include "wire/listener.h"
#include "wire/message.h"

#include <string.h>

/* What comes --------------------------------------------------------------------------------- */

static void let_go(struct talk *talk)
{
	struct uas *uas = talk->uas;

	talk->uas = NULL;
	uas_free(uas);
}

static void on_ack(void *context, msg_t *ack)
{
	struct talk *talk = context;

	if (talk->answer < 300)
		return;
	errand_done(talk->awaits, mail_new(talk->phone, talk, ack, NULL));
	let_go(talk);
}

static void on_cancel(void *context, msg_t *cancel)
{
	struct talk *talk = context;
	struct rule *rule;

	mail_queue(mail_new(talk->phone, talk, cancel, NULL));
	rule = rule_use(talk->phone, 0, "CANCEL");
	if (rule) {
		talk->phone->obey(rule, talk);
		return;
	}
	if (talk->state == TALK_RUNG)
		talk->state = TALK_OVER;
	talk->answer = 487;
	uas_reply(talk->uas, 487, NULL);
}

static void on_prack(void *context, struct uas *prack, uint32_t rseq)
{
	struct talk *talk = context;

	(void)rseq;
	errand_done(talk->awaits, mail_new(talk->phone, talk, uas_request(prack), NULL));
	uas_reply(prack, 200, NULL);
	uas_free(prack);
}

static void on_lost(void *context, enum uas_loss why)
{
	(void)context;
	(void)why;
}

static const struct uas_events events = {
	.ack = on_ack,
	.cancel = on_cancel,
	.prack = on_prack,
	.lost = on_lost,
};

static void begin(struct talk *talk, const sip_t *invite)
{
	su_home_t *home = talk->home;
	const char *tag = uas_tag(talk->uas);

	talk->appearance = talk_idle_appearance(talk->phone);
	talk->state = TALK_RUNG;
	talk->call_id = memory_checked(su_strdup(home, invite->sip_call_id->i_id));
	talk->local_tag = memory_checked(su_strdup(home, tag));
	talk->dialog = dialog_as_uas(home, invite, tag);
	talk->local =
		memory_checked(sip_from_dup(home, (const sip_from_t *)invite->sip_to));
	talk->remote =
		memory_checked(sip_to_dup(home, (const sip_to_t *)invite->sip_from));
}

static bool is_calling(const struct talk *talk)
{
	return talk->calling && !talk->calling->is_done;
}

/* A re-INVITE that no rule speaks of. */
static void answer_again(struct talk *talk)
{
	if (is_calling(talk)) {		/* RFC 3261 section 14.2 */
		talk->answer = 491;
		uas_reply(talk->uas, 491, NULL);
		return;
	}
	talk_answer(talk->phone, talk->appearance, false, NULL, NULL);
}

void ring_invite(struct phone *phone, struct talk *talk, msg_t *msg)
{
	struct uas *uas = uas_new(phone->wire, msg);
	bool is_new = !talk;
	struct rule *rule;
	const sip_t *sip;

	if (!uas)
		return;
	sip = sip_object(uas_request(uas));
	if (talk && talk->uas)
		let_go(talk);
	if (!talk) {
		talk = talk_new(phone, false);
		talk->state = TALK_OVER;	/* its appearance is not taken yet */
	}
	talk->uas = uas;
	talk->answer = 0;
	talk->awaits = NULL;
	uas_bind(uas, &events, talk);
	if (is_new)
		begin(talk, sip);
	else
		dialog_refresh(talk->dialog, sip);
	talk->answers_with_offer = !sip->sip_payload;
	talk_note_heard(talk, sip);
	mail_queue(mail_new(phone, talk, uas_request(uas), NULL));
	rule = rule_use(phone, 0, "INVITE");
	if (rule)
		talk->phone->obey(rule, talk);
	else if (!is_new)
		answer_again(talk);
}

void ring_ack(struct talk *talk, msg_t *msg)
{
	if (!talk->uas || talk->answer < 200 || talk->answer >= 300)
		return;
	talk_note_heard(talk, sip_object(msg));
	uas_acknowledged(talk->uas);
	let_go(talk);
	if (talk->state == TALK_ANSWERED)
		talk->state = TALK_CONFIRMED;
	errand_done(talk->awaits, mail_new(talk->phone, talk, msg, NULL));
}

/* What is answered ---------------------------------------------------------------------------- */

static bool is_ringing(const struct talk *talk)
{
	return talk->uas && !talk->answer;
}

/* Of several the one that came first. */
static struct talk *oldest(struct phone *phone, unsigned appearance, struct fault *fault)
{
	for (struct list *at = phone->talks.next; at != &phone->talks; at = at->next) {
		struct talk *talk = container_of(at, struct talk, node);

		if (is_ringing(talk) && (!appearance || talk->appearance == appearance))
			return talk;
	}
	fault_say(fault, 1, "%s has no INVITE to answer", phone->is.name);
	return NULL;
}

static msg_t *response_of(struct talk *talk, int code, const char *body,
			  const struct extra *extra)
{
	msg_t *msg = memory_checked(uas_response(talk->uas, code, NULL));
	struct phone *phone = talk->phone;
	struct way way;

	if (code < 300 &&
	    lab_way(phone->wire,
		    arena_printf(&phone->arena, "sip:127.0.0.1:9;transport=%s",
				 phone->is.transport),
		    &way, NULL) == 0)
		message_set_contact(msg, phone->is.user, way.listener);
	if (body)
		talk_set_body(msg, "application/sdp", body);
	extra_apply(extra, msg);
	talk_note_sent(talk, msg);
	return msg;
}

struct errand *talk_progress(struct phone *phone, unsigned appearance, int code,
			     bool is_reliable, const struct extra *extra,
			     struct fault *fault)
{
	struct talk *talk = oldest(phone, appearance, fault);
	struct errand *errand;
	uint32_t rseq;
	msg_t *msg;
	int rc;

	if (!talk)
		return NULL;
	msg = response_of(talk, code, NULL, extra);
	errand = errand_new(phone);
	talk->awaits = is_reliable ? errand : NULL;
	errand->is_done = !is_reliable;
	rc = is_reliable ? uas_send_reliably(talk->uas, msg, &rseq)
			 : uas_send(talk->uas, msg);
	if (rc == 0)
		return errand;
	fault_say(fault, -rc, "%s cannot send %d", phone->is.name, code);
	return NULL;
}

struct errand *talk_answer(struct phone *phone, unsigned appearance, bool without_sdp,
			   const struct extra *extra, struct fault *fault)
{
	struct talk *talk = oldest(phone, appearance, fault);
	const char *body = NULL;
	const sip_t *invite;
	int rc;

	if (!talk)
		return NULL;
	invite = sip_object(uas_request(talk->uas));
	if (!without_sdp)
		body = talk->answers_with_offer ? talk_offer_text(talk, false)
						: talk_answer_text(talk, invite);
	talk->answer = 200;
	if (talk->state == TALK_RUNG)
		talk->state = TALK_ANSWERED;
	talk->awaits = errand_new(phone);
	rc = uas_send(talk->uas, response_of(talk, 200, body, extra));
	if (rc == 0)
		return talk->awaits;
	fault_say(fault, -rc, "%s cannot answer", phone->is.name);
	return NULL;
}

static const char *contact_of(struct phone *phone, const char *redirect)
{
	struct arena *arena = &phone->arena;

	return strncmp(redirect, "sip:", 4) == 0
		       ? arena_printf(arena, "<%s>", redirect)
		       : arena_printf(arena, "<sip:%s@%s>", redirect, phone->lab->domain);
}

struct errand *talk_reject(struct phone *phone, unsigned appearance, int code,
			   const char *redirect, const struct extra *extra,
			   struct fault *fault)
{
	struct talk *talk = oldest(phone, appearance, fault);
	struct extra_header contact = { "Contact", NULL };
	msg_t *msg;
	int rc;

	if (!talk)
		return NULL;
	talk->answer = code;
	if (talk->state == TALK_RUNG)
		talk->state = TALK_OVER;
	talk->awaits = errand_new(phone);
	msg = response_of(talk, code, NULL, NULL);
	if (redirect) {
		contact.value = contact_of(phone, redirect);
		extra_apply(&(struct extra){ .headers = &contact, .count = 1 }, msg);
	}
	extra_apply(extra, msg);
	rc = uas_send(talk->uas, msg);
	if (rc == 0)
		return talk->awaits;
	fault_say(fault, -rc, "%s cannot send %d", phone->is.name, code);
	return NULL;
}
