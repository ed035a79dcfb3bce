/* SPDX-License-Identifier: MIT */
#include "agent/trouble.h"

#include "agent/face.h"
#include "agent/spoil.h"
#include "base/index.h"
#include "base/memory.h"
#include "half/whose.h"
#include "wire/glance.h"
#include "wire/loop.h"
#include "wire/reply.h"

#include <stdlib.h>
#include <string.h>

enum {
	COPIES_MS = 35000,		/* 64*T1 and more: no copy of a request comes later */
	RING_MS = 100,			/* from 180 to what follows it */
	SENT_MAX = 512,			/* requests sent whose copies are recognised */
	NAME = 256,			/* bytes of a Call-ID, tag or method, as a text */
};

/* A request that came and is not, or not yet, taken up; its copies are not either. */
struct stall {
	struct list node;		/* in trouble->stalls */
	struct timer timer;
	struct trouble *trouble;
	uint64_t branch;
	msg_t *msg;			/* owned; NULL = it is never taken up */
	const struct peer *peer;
	const struct listener *listener;
	trouble_dispatch_f *dispatch;
};

/* An INVITE that is answered 180 and then finally. */
struct ring {
	struct list node;		/* in trouble->rings */
	struct timer timer;
	struct trouble *trouble;
	struct uas *uas;		/* owned */
	int status;
};

/* A request that was sent while there were faults. */
struct sent {
	struct list node;		/* in trouble->sent, the oldest first */
	struct timer timer;		/* of the late CANCEL */
	struct trouble *trouble;
	uint64_t branch;
	struct mishap mishap;
	/* for the late CANCEL */
	uint32_t cseq;
	char *call_id, *bytes;		/* owned; NULL = there will be none */
	size_t length;
	const struct listener *listener;
	struct sockaddr_storage to;
};

struct trouble {
	struct agent *agent;
	struct list stalls, rings, sent;
	size_t sent_count;
	struct wire_distortion distortion;	/* the last answer, with its bytes */
	char *bytes;			/* owned */
};

struct trouble *trouble_new(struct agent *agent)
{
	struct trouble *trouble = memory_new(sizeof *trouble);

	trouble->agent = agent;
	list_init(&trouble->stalls);
	list_init(&trouble->rings);
	list_init(&trouble->sent);
	return trouble;
}

static struct loop *loop_of(const struct trouble *trouble)
{
	return wire_loop(trouble->agent->wire);
}

static void stall_free(struct stall *stall)
{
	loop_cancel(loop_of(stall->trouble), &stall->timer);
	list_remove(&stall->node);
	msg_destroy(stall->msg);
	free(stall);
}

static void ring_free(struct ring *ring)
{
	loop_cancel(loop_of(ring->trouble), &ring->timer);
	list_remove(&ring->node);
	uas_free(ring->uas);
	free(ring);
}

static void sent_free(struct sent *sent)
{
	loop_cancel(loop_of(sent->trouble), &sent->timer);
	list_remove(&sent->node);
	sent->trouble->sent_count--;
	free(sent->call_id);
	free(sent->bytes);
	free(sent);
}

void trouble_free(struct trouble *trouble)
{
	if (!trouble)
		return;
	while (!list_is_empty(&trouble->stalls))
		stall_free(container_of(trouble->stalls.next, struct stall, node));
	while (!list_is_empty(&trouble->rings))
		ring_free(container_of(trouble->rings.next, struct ring, node));
	while (!list_is_empty(&trouble->sent))
		sent_free(container_of(trouble->sent.next, struct sent, node));
	free(trouble->bytes);
	free(trouble);
}

/* Asking ------------------------------------------------------------------------------ */

static bool has_any(const struct trouble *trouble)
{
	const struct agent *agent = trouble->agent;

	return agent->hooks->has_mishaps && agent->hooks->has_mishaps(agent->context);
}

struct question {
	const struct trouble *trouble;
	struct mishap_query query;
	struct mishap mishap;		/* the answer */
};

static bool ask(void *context, const char *station, enum half half)
{
	struct question *question = context;
	const struct agent *agent = question->trouble->agent;

	question->query.station = station;
	question->query.half = half;
	agent->hooks->mishap(agent->context, &question->query, &question->mishap);
	return question->mishap.action != MISHAP_NONE;
}

/* What came ---------------------------------------------------------------------------- */

static struct stall *stall_find(const struct trouble *trouble, uint64_t branch)
{
	for (struct list *node = trouble->stalls.next; node != &trouble->stalls;
	     node = node->next) {
		struct stall *stall = container_of(node, struct stall, node);

		if (stall->branch == branch)
			return stall;
	}
	return NULL;
}

static void stall_over(struct timer *timer)
{
	struct stall *stall = container_of(timer, struct stall, timer);
	const struct stall due = *stall;

	stall->msg = NULL;
	stall_free(stall);
	if (due.msg)
		due.dispatch(due.trouble->agent, due.peer, due.listener, due.msg);
}

static uint64_t branch_of(const sip_t *sip)
{
	const char *branch = sip->sip_via ? sip->sip_via->v_branch : NULL;

	return branch ? index_hash(branch) : 0;
}

static struct stall *stall_new(struct trouble *trouble, const sip_t *sip, unsigned ms)
{
	struct stall *stall = memory_new(sizeof *stall);

	stall->trouble = trouble;
	stall->branch = branch_of(sip);
	list_init(&stall->node);
	list_append(&trouble->stalls, &stall->node);
	timer_init(&stall->timer, stall_over);
	loop_start(loop_of(trouble), &stall->timer, ms);
	return stall;
}

static void answer(struct trouble *trouble, struct uas *uas, int status)
{
	reply_refuse(
		trouble->agent->wire, uas,
		&(struct refusal){ .status = status, .sentence = "a fault on demand" });
	uas_free(uas);
}

static void ring_over(struct timer *timer)
{
	struct ring *ring = container_of(timer, struct ring, timer);
	struct uas *uas = ring->uas;

	ring->uas = NULL;
	answer(ring->trouble, uas, ring->status);
	ring_free(ring);
}

static void ring_cancelled(void *context, msg_t *cancel)
{
	struct ring *ring = context;

	(void)cancel;
	ring->status = 487;
	ring_over(&ring->timer);
}

static void ring(struct trouble *trouble, struct uas *uas, int status)
{
	static const struct uas_events events = { .cancel = ring_cancelled };
	struct ring *ringing = memory_new(sizeof *ringing);

	ringing->trouble = trouble;
	ringing->uas = uas;
	ringing->status = status;
	list_init(&ringing->node);
	list_append(&trouble->rings, &ringing->node);
	timer_init(&ringing->timer, ring_over);
	loop_start(loop_of(trouble), &ringing->timer, RING_MS);
	uas_bind(uas, &events, ringing);
	uas_tag(uas);
	uas_reply(uas, 180, NULL);
}

/* What MISHAP, which is one, makes of MSG. */
static void suffer(struct trouble *trouble, const struct mishap *mishap, msg_t *msg,
		   const struct stall *later)
{
	struct stall *stall;
	struct uas *uas;

	if (mishap->action == MISHAP_SILENT || mishap->action == MISHAP_DELAY) {
		stall = stall_new(trouble, sip_object(msg),
				  mishap->action == MISHAP_DELAY ? mishap->number
								 : COPIES_MS);
		stall->peer = later->peer;
		stall->listener = later->listener;
		stall->dispatch = later->dispatch;
		if (mishap->action == MISHAP_DELAY)
			stall->msg = msg;
		else
			msg_destroy(msg);
		return;
	}
	uas = uas_new(trouble->agent->wire, msg);
	if (uas && mishap->action == MISHAP_RING_THEN)
		ring(trouble, uas, (int)mishap->number);
	else if (uas)
		answer(trouble, uas, (int)mishap->number);
}

bool trouble_meets(struct trouble *trouble, const struct peer *peer,
		   const struct listener *listener, msg_t *msg,
		   trouble_dispatch_f *dispatch)
{
	const struct stall later = { .peer = peer,
				     .listener = listener,
				     .dispatch = dispatch };
	const sip_t *sip = sip_object(msg);
	struct question question = {
		.trouble = trouble,
		.query = { .method = sip->sip_request->rq_method_name,
			   .side = MISHAP_CAME,
			   .sip_call_id = sip->sip_call_id->i_id },
	};
	sip_method_t method = sip->sip_request->rq_method;
	struct stock *stock = trouble->agent->stock;

	if (method == sip_method_ack || method == sip_method_cancel)
		return false;
	if (!list_is_empty(&trouble->stalls) && stall_find(trouble, branch_of(sip))) {
		msg_destroy(msg);
		return true;
	}
	if (!peer || !has_any(trouble))
		return false;
	whose_came(stock, peer, listener, msg, ask, &question);
	if (question.mishap.action != MISHAP_NONE) {
		suffer(trouble, &question.mishap, msg, &later);
		return true;
	}
	if (method != sip_method_invite || sip->sip_to->a_tag)
		return false;
	question.query.side = MISHAP_TIMER;
	whose_came(stock, peer, listener, msg, ask, &question);
	if (question.mishap.action == MISHAP_NONE)
		return false;
	stock_hurry(stock, question.mishap.number);
	dispatch(trouble->agent, peer, listener, msg);
	stock_hurry(stock, 0);
	return true;
}

/* What is sent ------------------------------------------------------------------------- */

/* What a request's bytes say. */
struct outgoing {
	struct glance raw;
	char call_id[NAME], method[NAME], station[NAME], from_tag[NAME];
	enum phase phase;
	uint64_t branch;
};

static void copy(char to[static NAME], const char *at, size_t length)
{
	size_t size = length < NAME ? length : NAME - 1;

	if (size)
		memcpy(to, at, size);
	to[size] = '\0';
}

/* The value of the parameter NAME (";tag=") in FIELD; "" = none. */
static void copy_param(char to[static NAME], const struct glance_field *field,
		       const char *name)
{
	const char *end = field->value.at + field->value.length;
	const char *at = memmem(field->value.at, field->value.length, name, strlen(name));
	size_t length = 0;

	if (at)
		for (at += strlen(name);
		     at + length < end && !strchr(";>, \r\n", at[length]); length++)
			;
	copy(to, at, length);
}

static void read_fields(struct outgoing *out, const struct wire_frame *frame)
{
	const char *at = frame->bytes, *end = at + frame->length, *angle;
	struct glance_field field, rest;
	bool is_first = true, has_route = false;
	char phase[NAME] = "";

	for (; glance_next(&at, end, is_first, &field); is_first = false) {
		if (glance_is(&field, "From", 'f')) {
			angle = memrchr(field.value.at, '>', field.value.length);
			rest = field;
			if (angle) {
				rest.value.at = angle;
				rest.value.length -= (size_t)(angle - field.value.at);
			}
			copy_param(out->from_tag, &rest, ";tag=");
		} else if (!has_route && glance_is(&field, "Route", '\0')) {
			has_route = true;
			copy_param(phase, &field, ";phase=");
		}
	}
	if (strcmp(phase, "origdone") == 0)
		out->phase = PHASE_ORIGDONE;
	else if (strcmp(phase, "termdone") == 0)
		out->phase = PHASE_TERMDONE;
}

static bool read_outgoing(struct outgoing *out, const struct wire_frame *frame)
{
	const char *user, *at;
	char branch[NAME];

	*out = (struct outgoing){ 0 };
	if (!glance_read(&out->raw, frame->bytes, frame->length) || !out->raw.is_request)
		return false;
	copy(out->call_id, out->raw.call_id.at, out->raw.call_id.length);
	copy(out->method, out->raw.method.at, out->raw.method.length);
	copy(branch, out->raw.branch.at, out->raw.branch.length);
	out->branch = index_hash(branch);
	user = memchr(out->raw.uri.at, ':', out->raw.uri.length);
	at = user ? memchr(user, '@',
			   out->raw.uri.length - (size_t)(user - out->raw.uri.at))
		  : NULL;
	if (at)
		copy(out->station, user + 1, (size_t)(at - user) - 1);
	read_fields(out, frame);
	return true;
}

static void cancel_late(struct timer *timer)
{
	struct sent *sent = container_of(timer, struct sent, timer);
	size_t length;
	char *cancel = spoil_cancel(sent->bytes, sent->length, &length);

	wire_say(sent->trouble->agent->wire, sent->listener, &sent->to, cancel, length);
	free(cancel);
	sent_free(sent);
}

/* An ACK goes out: the final answer to its INVITE came. */
static void note_ack(struct trouble *trouble, const struct outgoing *out)
{
	for (struct list *node = trouble->sent.next; node != &trouble->sent;
	     node = node->next) {
		struct sent *sent = container_of(node, struct sent, node);

		if (sent->bytes && !timer_is_running(&sent->timer) &&
		    sent->cseq == out->raw.cseq &&
		    strcmp(sent->call_id, out->call_id) == 0)
			loop_start(loop_of(trouble), &sent->timer, sent->mishap.number);
	}
}

static struct sent *sent_find(const struct trouble *trouble, uint64_t branch)
{
	for (struct list *node = trouble->sent.prev; node != &trouble->sent;
	     node = node->prev) {
		struct sent *sent = container_of(node, struct sent, node);

		if (sent->branch == branch)
			return sent;
	}
	return NULL;
}

static void keep_invite(struct sent *sent, const struct outgoing *out,
			const struct wire_frame *frame)
{
	sent->cseq = out->raw.cseq;
	sent->call_id = memory_checked(strdup(out->call_id));
	sent->bytes = memory_new(frame->length + 1);
	sent->length = frame->length;
	memcpy(sent->bytes, frame->bytes, frame->length);
	sent->listener = frame->listener;
	sent->to = *frame->far_end;
}

/* Its first copy: what becomes of it and of the others. */
static struct sent *sent_new(struct trouble *trouble, const struct outgoing *out,
			     const struct wire_frame *frame)
{
	bool is_publish = strcmp(out->method, "PUBLISH") == 0;
	struct question question = {
		.trouble = trouble,
		.query = { .method = out->method,
			   .side = MISHAP_SENT,
			   .sip_call_id = out->call_id },
	};
	struct sent *sent = memory_new(sizeof *sent);

	if (is_publish)
		ask(&question, out->station, HALF_NONE);
	else
		whose_sent(trouble->agent->stock, out->call_id, out->from_tag, out->phase,
			   ask, &question);
	sent->trouble = trouble;
	sent->branch = out->branch;
	sent->mishap = question.mishap;
	timer_init(&sent->timer, cancel_late);
	list_init(&sent->node);
	list_append(&trouble->sent, &sent->node);
	if (++trouble->sent_count > SENT_MAX)
		sent_free(container_of(trouble->sent.next, struct sent, node));
	if (sent->mishap.action == MISHAP_LATE_CANCEL)
		keep_invite(sent, out, frame);
	return sent;
}

/* NULL = as it is. */
static const struct wire_distortion *distortion_of(struct trouble *trouble,
						   const struct mishap *mishap,
						   bool is_first,
						   const struct wire_frame *frame)
{
	struct wire_distortion *distortion = &trouble->distortion;

	free(trouble->bytes);
	*distortion = (struct wire_distortion){ 0 };
	trouble->bytes =
		spoil_request(mishap, frame->bytes, frame->length, &distortion->length);
	distortion->bytes = trouble->bytes;
	distortion->is_dropped = is_first && mishap->action == MISHAP_DROP;
	distortion->repeat = is_first && mishap->action == MISHAP_DUPLICATE;
	return distortion->bytes || distortion->is_dropped || distortion->repeat
		       ? distortion
		       : NULL;
}

const struct wire_distortion *trouble_distort(struct trouble *trouble,
					      const struct wire_frame *frame)
{
	static const char response[] = "SIP/2.0 ";
	struct outgoing out;
	struct sent *sent;
	bool is_first;

	if (list_is_empty(&trouble->sent) && !has_any(trouble))
		return NULL;
	if (frame->length > sizeof response &&
	    memcmp(frame->bytes, response, sizeof response - 1) == 0)
		return NULL;
	if (!read_outgoing(&out, frame) || strcmp(out.method, "CANCEL") == 0)
		return NULL;
	if (strcmp(out.method, "ACK") == 0) {
		note_ack(trouble, &out);
		return NULL;
	}
	sent = sent_find(trouble, out.branch);
	is_first = !sent;
	if (is_first && !has_any(trouble))
		return NULL;
	if (is_first)
		sent = sent_new(trouble, &out, frame);
	return distortion_of(trouble, &sent->mishap, is_first, frame);
}
