/* SPDX-License-Identifier: MIT */
#include "wire/uas.h"

#include "wire/codec.h"
#include "wire/message.h"
#include "wire/outbound.h"
#include "wire/outbound_parts.h"
#include "wire/pen.h"
#include "wire/provisional.h"
#include "wire/response.h"
#include "wire/timing.h"

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
	uint64_t held_fork;		/* of the 2xx */
	const msg_t *passed;		/* made by uas_response_from(); for comparing only */
	uint64_t passed_id;		/* the outbound that heard what it was made from; 0 = none */
	uint64_t passed_tag;		/* digest of the To tag there */
	struct timer lose;		/* tells later what must not be told from inside */
	struct timer minute;		/* says again: */
	char *progress;			/* owned: lines of the reliable response of our own */
	int progress_status;
	bool *is_gone;			/* set when it is freed; NULL = no one asks */
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

static int say_reliably(struct uas *uas);

/* RFC 3261 section 13.3.1.1; what was acknowledged is followed by another like it. */
static void minute_fired(struct timer *timer)
{
	say_reliably(container_of(timer, struct uas, minute));
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
	timer_init(&uas->minute, minute_fired);
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

bool uas_is_answered(const struct uas *uas)
{
	return inbound_is_answered(uas->inbound);
}

void uas_trying(struct uas *uas)
{
	inbound_try(uas->inbound);
}

static void drop_held(struct uas *uas)
{
	free(uas->held.bytes);
	uas->held.bytes = NULL;
}

/* A final answer, or a provisional one without more ado, of the fork with TAG; takes its bytes
 * over. */
static int send_answer(struct uas *uas, const struct inbound_answer *answer,
		       const char *tag)
{
	uint64_t fork;

	if (answer->status < 200 || !answer->bytes || inbound_is_answered(uas->inbound))
		return inbound_answer(uas->inbound, answer);
	drop_held(uas);
	if (answer->status < 300) {
		fork = provisional_fork_of(uas->wire, tag);
		if (provisional_holds_answer(&uas->forks, fork)) {
			uas->held = *answer;
			uas->held_fork = fork;
			return 0;
		}
	}
	provisional_stop(&uas->forks);
	return inbound_answer(uas->inbound, answer);
}

/* RFC 3262 section 3: who requires it gets no provisional response otherwise. */
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
	return send_answer(uas, &answer, uas_tag(uas));
}

static char *contact_line(const sip_contact_t *contact)
{
	struct pen pen = { 0 };
	size_t length;

	pen_header(&pen, contact);
	return pen_end(&pen, &length);
}

int uas_reply(struct uas *uas, int status, const sip_contact_t *contact)
{
	char *lines;
	int err;

	if (must_be_reliable(uas, status))
		return uas_reply_reliably(uas, status, contact);
	lines = contact_line(contact);
	err = lines ? uas_reply_lines(uas, status, lines) : -ENOMEM;
	free(lines);
	return err;
}

/* The response of our own, with a number of its own. */
static int say_reliably(struct uas *uas)
{
	struct response_parts parts = { .status = uas->progress_status,
					.tag = uas_tag(uas) };
	struct provisional_parts reliable = { .tag = parts.tag, .answers_itself = true };
	struct pen pen = { 0 };
	size_t length;
	char *lines;

	if (inbound_is_answered(uas->inbound))
		return -EALREADY;
	reliable.rseq = provisional_next(&uas->forks, parts.tag);
	pen_format(&pen, "%sRequire: 100rel\r\nRSeq: %" PRIu32 "\r\n", uas->progress,
		   reliable.rseq);
	lines = pen_end(&pen, &length);
	if (!reliable.rseq || !lines || need_head(uas) < 0) {
		free(lines);
		return -ENOMEM;
	}
	parts.lines = lines;
	reliable.bytes = response_write(&uas->head, &parts, &reliable.length);
	free(lines);
	return reliable.bytes ? provisional_send(&uas->forks, &reliable) : -ENOMEM;
}

int uas_reply_reliably(struct uas *uas, int status, const sip_contact_t *contact)
{
	free(uas->progress);
	uas->progress = contact_line(contact);
	uas->progress_status = status;
	loop_cancel(uas->wire->loop, &uas->minute);
	return uas->progress ? say_reliably(uas) : -ENOMEM;
}

msg_t *uas_response(struct uas *uas, int status, const char *tag)
{
	msg_t *msg =
		response_new(sip_object(uas->request), status, tag ? tag : uas_tag(uas));

	if (msg == uas->passed)
		uas->passed = NULL;
	return msg;
}

/* If RESPONSE is a 2xx that is being told just now: its later copies are passed on by UAS. */
static void note_passed(struct uas *uas, msg_t *response)
{
	const char *tag = sip_object(response)->sip_to->a_tag;

	uas->passed_id = response == uas->wire->heard ? uas->wire->heard_id : 0;
	uas->passed_tag = outbound_tag(uas->wire, tag ? tag : "");
}

msg_t *uas_response_from(struct uas *uas, msg_t *response, const char *tag)
{
	msg_t *msg = response_from(sip_object(uas->request), response,
				   tag ? tag : uas_tag(uas));

	if (!msg)
		return NULL;
	uas->passed = msg;
	note_passed(uas, response);
	return msg;
}

static const char *tag_of(msg_t *msg)
{
	const sip_to_t *to = sip_object(msg)->sip_to;

	return to && to->a_tag ? to->a_tag : "";
}

static int send_reliably(struct uas *uas, msg_t *msg, uint32_t *rseq, bool answers_itself)
{
	struct provisional_parts parts = {
		.tag = tag_of(msg),
		.has_body = sip_object(msg)->sip_payload != NULL,
		.answers_itself = answers_itself,
	};
	int err = -ENOMEM;

	uas->passed = NULL;
	if (inbound_is_answered(uas->inbound)) {
		msg_destroy(msg);
		return -EALREADY;
	}
	parts.rseq = provisional_next(&uas->forks, parts.tag);
	if (parts.rseq && response_number(msg, parts.rseq) == 0)
		parts.bytes = codec_write(msg, "", &parts.length, NULL);
	if (parts.bytes) {
		*rseq = parts.rseq;
		err = provisional_send(&uas->forks, &parts);
	}
	msg_destroy(msg);
	return err;
}

int uas_send(struct uas *uas, msg_t *msg)
{
	bool is_passed = msg == uas->passed;
	struct inbound_answer answer = {
		.status = sip_object(msg)->sip_status->st_status,
		.is_own = !is_passed,
	};
	uint32_t rseq;
	int err;

	if (must_be_reliable(uas, answer.status))
		return send_reliably(uas, msg, &rseq, true);
	answer.bytes = codec_write(msg, "", &answer.length, NULL);
	uas->passed = NULL;
	if (answer.bytes && is_passed && uas->passed_id && answer.status >= 200 &&
	    answer.status < 300)
		outbound_passed(uas->wire, uas->passed_id, uas->passed_tag, uas->inbound);
	err = send_answer(uas, &answer, tag_of(msg));
	msg_destroy(msg);
	return err;
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

	/* What has just been received need not be printed. */
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
	/* What a proxy passes on waits for no PRACK of its own. */
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
	if (!inbound_is_answered(uas->inbound))
		uas_reply(uas, 500, NULL);
	if (uas->is_gone)
		*uas->is_gone = true;
	drop_held(uas);
	provisional_leave(&uas->forks);
	loop_cancel(uas->wire->loop, &uas->lose);
	loop_cancel(uas->wire->loop, &uas->minute);
	free(uas->progress);
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

/* What waited for a PRACK. */
static void go_on(struct uas *uas, uint64_t fork)
{
	struct inbound_answer answer = uas->held;

	provisional_go_on(&uas->forks, fork);
	if (!answer.bytes || provisional_holds_answer(&uas->forks, uas->held_fork))
		return;
	uas->held.bytes = NULL;
	provisional_stop(&uas->forks);
	inbound_answer(uas->inbound, &answer);
}

static void tell_prack(struct uas *uas, struct uas *prack,
		       const struct provisional *reliable)
{
	if (uas && !reliable->answers_itself && uas->events && uas->events->prack) {
		uas->events->prack(uas->context, prack, reliable->rseq);
	} else {
		uas_reply(prack, 200, NULL);
		uas_free(prack);
	}
}

void uas_take_prack(struct provisional *reliable, msg_t *msg)
{
	struct uas *uas = reliable->forks ? reliable->forks->user : NULL;
	struct uas *prack = uas_new(reliable->wire, msg);
	struct provisional told = *reliable;
	bool is_gone = !uas;

	if (!prack)
		return;
	provisional_free(reliable);
	if (uas)
		uas->is_gone = &is_gone;
	tell_prack(uas, prack, &told);
	if (is_gone)
		return;
	uas->is_gone = NULL;
	if (told.answers_itself && uas->progress)
		loop_start(uas->wire->loop, &uas->minute, TIMING_PROGRESS);
	go_on(uas, told.fork);
}
