/* SPDX-License-Identifier: MIT */
/* What a player sends outside any call: plain requests, raw bytes, and, as an application, the
 * INVITE it sends on. */
#include "base/fault.h"
#include "base/memory.h"
#include "lab/carry.h"
#include "lab/inside.h"
#include "wire/ask.h"
#include "wire/codec.h"
#include "wire/forward.h"
#include "wire/listener.h"
#include "wire/message.h"
#include "wire/uri.h"

#include <string.h>

struct errand *talk_request(struct phone *phone, const char *method, const char *number,
			    bool to_cm, const struct extra *extra, struct fault *fault)
{
	struct arena *arena = &phone->arena;
	const char *target, *uri;
	struct sending *sending;
	struct way way;
	msg_t *msg;

	if (!phone->wire || sending_way(phone, to_cm, &way, fault) < 0)
		return NULL;
	target = to_cm ? phone->is.cm : phone->is.proxies[0];
	uri = number ? arena_printf(arena, "sip:%s@%s", uri_escape(arena, number),
				    phone->lab->domain)
		     : target;
	msg = ask_request(phone->wire,
			  &(struct ask){
				  .method = sip_method_unknown,
				  .method_name = method,
				  .uri = uri,
				  .from = arena_printf(arena, "<sip:%s@%s>",
						       uri_escape(arena, phone->is.user),
						       phone->lab->domain),
				  .to = arena_printf(arena, "<%s>", uri),
			  });
	if (!msg) {
		fault_say(fault, 1, "%s is no number", number ? number : method);
		return NULL;
	}
	message_set_contact(msg, phone->is.user, way.listener);
	extra_apply(extra, msg);
	sending = sending_new(phone, NULL, &way, msg, fault);
	if (!sending)
		return NULL;
	sending->errand = errand_new(phone);
	return sending->errand;
}

/* Raw ---------------------------------------------------------------------------------------- */

static struct talk *talk_of_raw(struct phone *phone, const sip_t *sip)
{
	struct talk *talk;

	if (sip->sip_request->rq_method != sip_method_invite || sip->sip_to->a_tag ||
	    !sip->sip_from->a_tag)
		return NULL;
	talk = talk_new(phone, true);
	talk->appearance = talk_idle_appearance(phone);
	talk->call_id = memory_checked(su_strdup(talk->home, sip->sip_call_id->i_id));
	talk->local_tag = memory_checked(su_strdup(talk->home, sip->sip_from->a_tag));
	talk->local = memory_checked(sip_from_dup(talk->home, sip->sip_from));
	talk->remote = memory_checked(sip_to_dup(talk->home, sip->sip_to));
	talk->cseq = sip->sip_cseq->cs_seq;
	return talk;
}

/* The message that the wire sends in place of the raw one. */
static msg_t *carrier_of(struct phone *phone, const char *bytes, size_t length)
{
	char phrase[64];
	int status = 0;
	msg_t *msg = codec_read(bytes, length, &status, phrase);
	sip_t *sip = msg ? sip_object(msg) : NULL;

	(void)phone;
	if (sip && sip->sip_request && !status) {
		message_remove_all(msg, (sip_header_t *)sip->sip_via);
		return msg;
	}
	msg_destroy(msg);
	return NULL;
}

struct errand *talk_send_raw(struct phone *phone, const char *bytes, size_t length,
			     bool to_cm, bool wants_final, struct fault *fault)
{
	msg_t *msg = phone->wire ? carrier_of(phone, bytes, length) : NULL;
	struct errand *errand;
	struct sending *sending;
	struct talk *talk;
	struct way way;

	if (!msg) {
		fault_say(fault, 1, "this is no request that a telephone could send");
		return NULL;
	}
	if (sending_way(phone, to_cm, &way, fault) < 0) {
		msg_destroy(msg);
		return NULL;
	}
	phone->raw = arena_strndup(&phone->arena, bytes, length);
	phone->raw_length = length;
	phone->raw_branch[0] = '\0';
	talk = talk_of_raw(phone, sip_object(msg));
	if (talk)
		talk_note_sent(talk, msg);
	sending = sending_new(phone, talk, &way, msg, fault);
	if (!sending)
		return NULL;
	sending->may_authenticate = false;
	if (talk) {
		talk->calling = sending;
		sending->heard = dial_heard;
	}
	errand = errand_new(phone);
	if (wants_final)
		sending->errand = errand;
	else
		errand->is_done = true;
	return errand;
}

/* Applications --------------------------------------------------------------------------------- */

static bool is_waiting(const struct talk *talk)
{
	return talk->uas && !talk->answer;
}

struct errand *talk_pass(struct phone *phone, unsigned appearance, struct fault *fault)
{
	struct talk *talk =
		talk_pick(phone, appearance, is_waiting, "no request to send on", fault);
	struct errand *errand;
	struct carry *carry;
	struct way way;
	msg_t *copy;

	if (!talk || !phone->carrier)
		return NULL;
	copy = message_copy(uas_request(talk->uas));
	forward_prepare(phone->wire, copy);
	if (way_find(phone->wire, NULL, sip_object(copy), NULL, &way, fault) < 0) {
		msg_destroy(copy);
		return NULL;
	}
	forward_record(copy, way.listener, NULL);
	carry = carry_new(phone->carrier, talk->uas);
	talk->uas = NULL;
	talk->state = TALK_OVER;
	talk->is_forgotten = true;	/* its later messages pass by themselves */
	carry_branch(carry, &way, copy, 0);
	carry_go(carry, 503);
	errand = errand_new(phone);
	errand->is_done = true;
	return errand;
}
