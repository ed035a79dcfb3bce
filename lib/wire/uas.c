/* SPDX-License-Identifier: MIT */
#include "wire/uas.h"

#include "wire/codec.h"
#include "wire/message.h"
#include "wire/outbound.h"
#include "wire/outbound_parts.h"
#include "wire/pen.h"
#include "wire/provisional.h"
#include "wire/response.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct uas {
	struct wire *wire;
	struct inbound *inbound;	/* never NULL */
	const struct uas_events *events;	/* NULL = none */
	void *context;
	msg_t *request;			/* a reference of ours */
	struct response_head head;	/* made when it is needed */
	char tag[20];			/* ours, "" = none yet */
	struct provisional_forks forks;	/* reliable provisional responses */
	struct inbound_answer held;	/* a 2xx that waits for PRACK; bytes NULL = none */
	const msg_t *passed;		/* made by uas_response_from(); for comparing only */
	uint64_t passed_id;		/* the outbound that heard what it was made from; 0 = none */
	uint64_t passed_tag;		/* digest of the To tag there */
	struct timer lose;		/* reports a failure in the next round of the
					 * loop */
	bool *is_gone;			/* set to true when it is freed; NULL = not
					 * needed */
};

static void lose(struct uas *uas, enum uas_loss why)
{
	if (uas->events && uas->events->lost)
		uas->events->lost(uas->context, why);
	else if (why == UAS_NO_PRACK)
		uas_reply(uas, 500, NULL);	/* RFC 3262 section 3 */
}

static void on_tell(void *user, enum inbound_told told, msg_t *msg)
{
	struct uas *uas = user;

	switch (told) {
	case INBOUND_NOTHING:
		break;
	case INBOUND_TELLS_ACK:
		if (msg && uas->events && uas->events->ack)
			uas->events->ack(uas->context, msg);
		break;
	case INBOUND_NO_ACK:
		lose(uas, UAS_NO_ACK);
		break;
	case INBOUND_LOST:
		lose(uas, UAS_TRANSPORT);
		break;
	}
}

static void lose_fired(struct timer *timer)
{
	lose(container_of(timer, struct uas, lose), UAS_TRANSPORT);
}

static void on_lost(void *user)
{
	struct uas *uas = user;

	loop_start(uas->wire->loop, &uas->lose, 0);
}

static void on_no_prack(void *user)
{
	lose(user, UAS_NO_PRACK);
}

static int need_head(struct uas *uas)
{
	return uas->head.text ? 0
			      : response_head_make(&uas->head, sip_object(uas->request));
}

static char *on_trying(void *user, size_t *length)
{
	struct uas *uas = user;
	struct response_parts parts = { .status = 100 };
	struct pen pen = { 0 };
	char *lines, *bytes = NULL;
	size_t lines_length;

	/* RFC 3261 section 8.2.6.1 */
	pen_header(&pen, sip_object(uas->request)->sip_timestamp);
	lines = pen_end(&pen, &lines_length);
	parts.lines = lines;
	if (lines && need_head(uas) == 0)
		bytes = response_write(&uas->head, &parts, length);
	free(lines);
	return bytes;
}

static const struct inbound_events inbound_events = {
	.trying = on_trying,
	.tell = on_tell,
	.lost = on_lost,
};

struct uas *uas_new(struct wire *wire, msg_t *request)
{
	struct origin *origin = origin_of(request);
	const sip_t *sip = sip_object(request);
	struct uas *uas = calloc(1, sizeof *uas);

	if (uas && origin)
		uas->inbound = inbound_new(
			wire, origin, sip->sip_request->rq_method == sip_method_invite);
	if (!uas || !uas->inbound) {
		free(uas);
		msg_destroy(request);
		return NULL;
	}
	uas->wire = wire;
	uas->request = request;
	uas->inbound->events = &inbound_events;
	uas->inbound->user = uas;
	uas->forks = (struct provisional_forks){
		.wire = wire,
		.inbound = uas->inbound,
		.invite = sip,
		.lost = on_no_prack,
		.user = uas,
	};
	provisional_init(&uas->forks);
	timer_init(&uas->lose, lose_fired);
	return uas;
}

void uas_bind(struct uas *uas, const struct uas_events *events, void *context)
{
	uas->events = events;
	uas->context = context;
}

msg_t *uas_request(const struct uas *uas)
{
	return uas->request;
}

const char *uas_tag(struct uas *uas)
{
	const char *tag = sip_object(uas->request)->sip_to->a_tag;

	if (tag)
		return tag;
	if (!*uas->tag)
		snprintf(uas->tag, sizeof uas->tag, "%016" PRIx64,
			 core_unique(uas->wire));
	return uas->tag;
}

void uas_trying(struct uas *uas)
{
	inbound_try(uas->inbound);
}

/* The lines that a response of our own with CONTACT and RSEQ (0 = none) has. */
static char *lines_of(const sip_contact_t *contact, uint32_t rseq)
{
	struct pen pen = { 0 };
	size_t length;

	pen_header(&pen, contact);
	if (rseq)
		pen_format(&pen, "Require: 100rel\r\nRSeq: %" PRIu32 "\r\n", rseq);
	return pen_end(&pen, &length);
}

/* Sends BYTES, a final response or an unreliable provisional one, which it takes over. */
static int send_answer(struct uas *uas, const struct inbound_answer *answer)
{
	if (answer->bytes && answer->status >= 200 && answer->status < 300 &&
	    provisional_holds_answer(&uas->forks) && !inbound_is_answered(uas->inbound)) {
		free(uas->held.bytes);
		uas->held = *answer;
		return 0;
	}
	if (answer->status >= 200)
		provisional_stop(&uas->forks);
	return inbound_answer(uas->inbound, answer);
}

/* RFC 3262 section 3: if the INVITE requires 100rel, provisional responses must be
 * reliable. */
static bool must_be_reliable(const struct uas *uas, int status)
{
	const sip_t *sip = sip_object(uas->request);

	return status > 100 && status < 200 && uas->inbound->is_invite &&
	       sip->sip_require && sip_has_feature(sip->sip_require, "100rel");
}

int uas_reply_lines(struct uas *uas, int status, const char *lines)
{
	struct response_parts parts = {
		.status = status,
		.tag = status > 100 ? uas_tag(uas) : NULL,
		.lines = lines,
	};
	struct inbound_answer answer = { .status = status, .is_own = true };

	if (need_head(uas) < 0)
		return -ENOMEM;
	answer.bytes = response_write(&uas->head, &parts, &answer.length);
	return send_answer(uas, &answer);
}

int uas_reply(struct uas *uas, int status, const sip_contact_t *contact)
{
	char *lines;
	int err;

	if (must_be_reliable(uas, status))
		return uas_reply_reliably(uas, status, contact);
	lines = lines_of(contact, 0);
	err = lines ? uas_reply_lines(uas, status, lines) : -ENOMEM;
	free(lines);
	return err;
}

int uas_reply_reliably(struct uas *uas, int status, const sip_contact_t *contact)
{
	struct response_parts parts = { .status = status, .tag = uas_tag(uas) };
	struct provisional_parts reliable = { .tag = parts.tag, .answers_itself = true };
	char *lines;

	if (inbound_is_answered(uas->inbound))
		return -EALREADY;
	reliable.rseq = provisional_next(&uas->forks, parts.tag);
	lines = lines_of(contact, reliable.rseq);
	if (!reliable.rseq || !lines || need_head(uas) < 0) {
		free(lines);
		return -ENOMEM;
	}
	parts.lines = lines;
	reliable.bytes = response_write(&uas->head, &parts, &reliable.length);
	free(lines);
	return reliable.bytes ? provisional_send(&uas->forks, &reliable) : -ENOMEM;
}

msg_t *uas_response(struct uas *uas, int status)
{
	msg_t *msg = msg_create(sip_default_mclass(), 0);
	sip_status_t *line =
		msg ? sip_status_create(msg_home(msg), (unsigned)status, NULL, NULL)
		    : NULL;

	if (!line || sip_header_insert(msg, sip_object(msg), (sip_header_t *)line) < 0) {
		msg_destroy(msg);
		return NULL;
	}
	if (msg == uas->passed)
		uas->passed = NULL;
	return msg;
}

/* If RESPONSE is a 2xx that is being reported now: lets UAS forward its later copies. */
static void note_passed(struct uas *uas, msg_t *response)
{
	const char *tag = sip_object(response)->sip_to->a_tag;

	uas->passed_id = response == uas->wire->heard ? uas->wire->heard_id : 0;
	uas->passed_tag = outbound_tag(uas->wire, tag ? tag : "");
}

msg_t *uas_response_from(struct uas *uas, msg_t *response)
{
	msg_t *msg = message_copy(response);
	sip_t *sip = sip_object(msg);

	if (!msg)
		return NULL;
	message_strip_hops(msg);
	message_remove_all(msg, (sip_header_t *)sip->sip_from);
	message_remove_all(msg, (sip_header_t *)sip->sip_to);
	message_remove_all(msg, (sip_header_t *)sip->sip_call_id);
	message_remove_all(msg, (sip_header_t *)sip->sip_cseq);
	message_strip_reliable(msg);
	uas->passed = msg;
	note_passed(uas, response);
	return msg;
}

/* MSG as bytes with what the transaction adds. */
static char *print(struct uas *uas, msg_t *msg, const char *lines, size_t *length)
{
	int status = sip_object(msg)->sip_status->st_status;
	struct response_parts parts = {
		.status = status,
		.tag = status > 100 ? uas_tag(uas) : NULL,
		.lines = lines,
	};

	return need_head(uas) < 0 ? NULL
				  : response_print(&uas->head, &parts, msg, length);
}

static int send_reliably(struct uas *uas, msg_t *msg, uint32_t *rseq, bool answers_itself)
{
	struct provisional_parts parts = {
		.tag = uas_tag(uas),
		.has_body = sip_object(msg)->sip_payload != NULL,
		.answers_itself = answers_itself,
	};
	char *lines = NULL;

	uas->passed = NULL;
	if (inbound_is_answered(uas->inbound)) {
		msg_destroy(msg);
		return -EALREADY;
	}
	parts.rseq = provisional_next(&uas->forks, parts.tag);
	message_strip_reliable(msg);
	if (parts.rseq)
		lines = lines_of(NULL, parts.rseq);
	if (lines)
		parts.bytes = print(uas, msg, lines, &parts.length);
	free(lines);
	msg_destroy(msg);
	if (!parts.bytes)
		return -ENOMEM;
	*rseq = parts.rseq;
	return provisional_send(&uas->forks, &parts);
}

int uas_send(struct uas *uas, msg_t *msg)
{
	struct inbound_answer answer = {
		.status = sip_object(msg)->sip_status->st_status,
		.is_own = msg != uas->passed,
	};
	bool is_passed = msg == uas->passed;
	uint32_t rseq;

	if (must_be_reliable(uas, answer.status))
		return send_reliably(uas, msg, &rseq, true);
	answer.bytes = print(uas, msg, NULL, &answer.length);
	msg_destroy(msg);
	uas->passed = NULL;
	if (answer.bytes && is_passed && uas->passed_id && answer.status >= 200 &&
	    answer.status < 300)
		outbound_passed(uas->wire, uas->passed_id, uas->passed_tag, uas->inbound);
	return send_answer(uas, &answer);
}

int uas_send_reliably(struct uas *uas, msg_t *msg, uint32_t *rseq)
{
	return send_reliably(uas, msg, rseq, false);
}

/* RESPONSE without its topmost Via, as bytes. */
static char *without_via(struct uas *uas, msg_t *response, size_t *length)
{
	struct wire *wire = uas->wire;
	char *bytes;
	msg_t *msg;

	/* The bytes of a response being handled need not be printed again. */
	if (response == wire->heard && wire->heard_bytes) {
		*length = wire->heard_length;
		bytes = response_without_via(wire->heard_bytes, length);
		if (bytes)
			return bytes;
	}
	msg = message_copy(response);
	if (!msg)
		return NULL;
	sip_via_remove(msg, sip_object(msg));
	bytes = sip_object(msg)->sip_via ? codec_write(msg, "", length, NULL) : NULL;
	msg_destroy(msg);
	return bytes;
}

int uas_forward(struct uas *uas, msg_t *response)
{
	struct inbound_answer answer = {
		.status = sip_object(response)->sip_status->st_status,
		.is_forwarded = true,
	};

	answer.bytes = without_via(uas, response, &answer.length);
	if (!answer.bytes)
		return -EINVAL;
	note_passed(uas, response);
	if (uas->passed_id && answer.status >= 200 && answer.status < 300)
		outbound_passed(uas->wire, uas->passed_id, uas->passed_tag, uas->inbound);
	/* A proxy forwards without waiting for a PRACK. */
	return inbound_answer(uas->inbound, &answer);
}

void uas_acknowledged(struct uas *uas)
{
	inbound_acknowledged(uas->inbound);
}

void uas_free(struct uas *uas)
{
	if (!uas)
		return;
	if (uas->held.bytes) {
		/* The 2xx is sent although no PRACK came. */
		inbound_answer(uas->inbound, &uas->held);
		uas->held.bytes = NULL;
	}
	if (!inbound_is_answered(uas->inbound))
		uas_reply(uas, 500, NULL);
	if (uas->is_gone)
		*uas->is_gone = true;
	provisional_clear(&uas->forks);
	loop_cancel(uas->wire->loop, &uas->lose);
	inbound_leave(uas->inbound);
	response_head_clear(&uas->head);
	msg_destroy(uas->request);
	free(uas);
}

bool uas_hears_ack(const struct uas *uas)
{
	return uas && uas->events && uas->events->ack;
}

void uas_take_cancel(struct wire *wire, struct uas *uas, msg_t *msg)
{
	struct uas *cancel = uas_new(wire, msg_ref_create(msg));

	if (cancel) {
		/* RFC 3261 section 9.2: the same tag in both answers. */
		if (uas)
			snprintf(cancel->tag, sizeof cancel->tag, "%s", uas_tag(uas));
		uas_reply(cancel, 200, NULL);
		uas_free(cancel);
		if (uas && !inbound_is_answered(uas->inbound) && uas->events &&
		    uas->events->cancel)
			uas->events->cancel(uas->context, msg);
	}
	msg_destroy(msg);
}

/* Sends the response that waited for a PRACK. */
static void go_on(struct uas *uas, uint64_t fork)
{
	struct inbound_answer answer = uas->held;

	provisional_go_on(&uas->forks, fork);
	if (!answer.bytes || provisional_holds_answer(&uas->forks))
		return;
	uas->held.bytes = NULL;
	provisional_stop(&uas->forks);
	inbound_answer(uas->inbound, &answer);
}

void uas_take_prack(struct provisional *reliable, msg_t *msg)
{
	struct uas *uas = reliable->forks->user, *prack = uas_new(uas->wire, msg);
	bool tells = !reliable->answers_itself && uas->events && uas->events->prack;
	uint32_t rseq = reliable->rseq;
	uint64_t fork = reliable->fork;
	bool is_gone = false;

	if (!prack)
		return;
	provisional_free(reliable);
	uas->is_gone = &is_gone;
	if (tells) {
		uas->events->prack(uas->context, prack, rseq);
	} else {
		uas_reply(prack, 200, NULL);
		uas_free(prack);
	}
	if (is_gone)
		return;
	uas->is_gone = NULL;
	go_on(uas, fork);
}
