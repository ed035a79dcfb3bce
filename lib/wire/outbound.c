/* SPDX-License-Identifier: MIT */
#include "wire/outbound.h"

#include "wire/codec.h"
#include "wire/endpoint.h"
#include "wire/hangup.h"
#include "wire/inbound.h"
#include "wire/lone.h"
#include "wire/outbound_deed.h"
#include "wire/outbound_parts.h"
#include "wire/outbound_table.h"
#include "wire/timing.h"
#include "wire/via.h"
#include "wire/way.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct life *life_of(const struct outbound *outbound)
{
	return outbound->is_invite ? &outbound_invite : &outbound_other;
}

static bool has_ended(const struct outbound *outbound)
{
	return outbound->life.state == life_of(outbound)->kind.end;
}

static void rearm(struct outbound *outbound)
{
	int64_t due_ms = outbound->again_ms < outbound->expires_ms ? outbound->again_ms
								   : outbound->expires_ms;
	int64_t rest_ms;

	if (outbound->is_broken)
		due_ms = 0;
	if (due_ms == INT64_MAX) {
		loop_cancel(outbound->wire->loop, &outbound->timer);
		return;
	}
	rest_ms = due_ms - core_now_ms(outbound->wire);
	loop_start(outbound->wire->loop, &outbound->timer,
		   rest_ms > 0 ? (unsigned)rest_ms : 0);
}

static void unlink_all(struct outbound *outbound)
{
	loop_cancel(outbound->wire->loop, &outbound->timer);
	finder_remove(&outbound->wire->outbounds, &outbound->by_branch);
}

void outbound_free(struct outbound *outbound)
{
	unlink_all(outbound);
	free(outbound->bytes);
	free(outbound->reason);
	free(outbound->datagram);
	while (outbound->forks) {
		struct outbound_fork *next = outbound->forks->next;

		free(outbound->forks->ack);
		free(outbound->forks);
		outbound->forks = next;
	}
	free(outbound);
}

static void timer_fired(struct timer *timer);

static uint64_t digest_of(const struct wire *wire, struct glance_text text)
{
	struct digest digest;
	uint64_t result[2];

	digest_init(&digest, &wire->secret);
	digest_add(&digest, text.at, text.length);
	digest_end(&digest, result);
	return result[0];
}

/* The method is where the start line begins. */
static struct glance_text method_of(const char *bytes)
{
	return (struct glance_text){ bytes, strcspn(bytes, " ") };
}

/* A copy of BLANK, of which wire, to, bytes (taken over), length and by_branch.key[0] are set, and
 * what else its kind needs, is sent.  NULL = out of memory. */
static struct outbound *start(struct outbound *blank)
{
	struct outbound *outbound = malloc(sizeof *outbound);
	struct glance_text method = method_of(blank->bytes);

	if (!outbound) {
		free(blank->bytes);
		free(blank->datagram);
		return NULL;
	}
	*outbound = *blank;
	outbound->is_invite = glance_equals(method, "INVITE");
	outbound->by_branch.key[1] = digest_of(blank->wire, method);
	timer_init(&outbound->timer, timer_fired);
	if (finder_insert(&blank->wire->outbounds, &outbound->by_branch) < 0) {
		outbound_free(outbound);
		return NULL;
	}
	outbound_deed_arm(outbound, life_of(outbound)->states);
	outbound_send(outbound);
	rearm(outbound);
	return outbound;
}

static void send_cancel(const struct outbound *invite)
{
	struct ack_invite sent = outbound_sent(invite);
	struct outbound blank = {
		.wire = invite->wire,
		.to = invite->to,
		.by_branch.key = { invite->by_branch.key[0] },
	};

	blank.bytes = ack_write_cancel(&sent, invite->reason ? invite->reason : "",
				       &blank.length);
	if (blank.bytes)
		start(&blank);
}

/* Acknowledges and ends what the 2xx being heard has begun. */
static void end_unwanted(struct outbound *outbound)
{
	struct outbound_fork *fork = outbound->unwanted;
	struct hangup hangup;

	hangup_write(outbound->wire, outbound->heard->msg, &outbound->to, &hangup);
	fork->to = hangup.to;
	fork->ack = hangup.ack;
	fork->length = hangup.length;
	if (fork->ack)
		lone_send(outbound->wire, &fork->to, fork->ack, fork->length);
	outbound_new(outbound->wire, &hangup.bye_way, hangup.bye);
}

/* What rows have left to be done by other transactions. */
static void start_others(struct outbound *outbound)
{
	if (outbound->sends_cancel)
		send_cancel(outbound);
	if (outbound->unwanted)
		end_unwanted(outbound);
	outbound->sends_cancel = false;
	outbound->unwanted = NULL;
}

/* Runs the row for ON; telling its user is the last thing, as it may free all of this.  True: the
 * response is a stray one. */
static bool handle(struct outbound *outbound, enum outbound_on on)
{
	const struct outbound_heard *heard = outbound->heard;
	outbound_tell_f *tell = outbound->tell;
	void *user = outbound->user;
	enum outbound_told told;

	outbound->told = OUTBOUND_NOTHING;
	machine_handle(&life_of(outbound)->kind, outbound, on, NULL);
	start_others(outbound);
	told = outbound->told;
	outbound->heard = NULL;
	if (!has_ended(outbound)) {
		rearm(outbound);
	} else if (tell) {
		unlink_all(outbound);
	} else {
		outbound_free(outbound);
		return false;
	}
	if (told == OUTBOUND_STRAY)
		return true;
	if (tell && told != OUTBOUND_NOTHING)
		tell(user, told, heard);
	return false;
}

static void timer_fired(struct timer *timer)
{
	struct outbound *outbound = container_of(timer, struct outbound, timer);
	int64_t now_ms = core_now_ms(outbound->wire);
	unsigned most_ms = life_of(outbound)->states[outbound->life.state].again_max_ms;

	if (outbound->is_broken) {
		outbound->is_broken = false;
		handle(outbound, OUTBOUND_BROKEN);
	} else if (outbound->expires_ms <= now_ms) {
		outbound->expires_ms = INT64_MAX;
		handle(outbound, OUTBOUND_EXPIRED);
	} else if (outbound->again_ms <= now_ms) {
		outbound->interval_ms = 2 * outbound->interval_ms < most_ms
						? 2 * outbound->interval_ms
						: most_ms;
		outbound->again_ms = now_ms + outbound->interval_ms;
		handle(outbound, OUTBOUND_AGAIN);
	} else {
		rearm(outbound);
	}
}

/* Prints REQUEST with a Via for BLANK's target, which may become a stream because of its size. */
static int print(struct outbound *blank, msg_t *request)
{
	char branch[VIA_BRANCH], line[VIA_LINE];
	struct emit_target stream;

	via_branch(branch, blank->by_branch.key[0]);
	via_line(line, &blank->to, branch, "");
	blank->bytes = codec_write(request, line, &blank->length, &blank->via_at);
	if (!blank->bytes)
		return -ENOMEM;
	blank->via_length = strlen(line);
	if (!emit_is_too_large(blank->wire, &blank->to, blank->length, &stream))
		return 0;
	blank->datagram = malloc(sizeof *blank->datagram);
	if (!blank->datagram)
		return 0;
	*blank->datagram = blank->to;
	blank->to = stream;
	return outbound_replace_via(blank);
}

struct outbound *outbound_new(struct wire *wire, const struct way *way, msg_t *request)
{
	struct outbound blank = { .wire = wire };
	int err;

	emit_target_of(wire, way, &blank.to);
	/* The lowest bit is for tokens of inbounds. */
	blank.by_branch.key[0] = core_unique(wire) & ~UINT64_C(1);
	blank.is_forwarded = sip_object(request)->sip_via != NULL;
	err = print(&blank, request);
	msg_destroy(request);
	if (err) {
		free(blank.bytes);
		free(blank.datagram);
		return NULL;
	}
	return start(&blank);
}

struct outbound *outbound_find(struct wire *wire, struct glance_text branch,
			       struct glance_text method)
{
	uint64_t key[2] = { via_id(branch) };
	struct finder_entry *entry;

	if (!key[0])
		return NULL;
	key[1] = digest_of(wire, method);
	entry = finder_find(&wire->outbounds, key, NULL);
	return entry ? container_of(entry, struct outbound, by_branch) : NULL;
}

bool outbound_is_ours(struct glance_text branch)
{
	return via_id(branch) != 0;
}

bool outbound_wants(const struct outbound *outbound, int status)
{
	if (!outbound->is_invite)
		return !outbound->wants_status &&
		       outbound->life.state < OUTBOUND_OTHER_COMPLETED && status > 100;
	if (outbound->life.state == OUTBOUND_INVITE_ACCEPTED)
		return status >= 200 && status < 300;
	return outbound->life.state < OUTBOUND_INVITE_COMPLETED && status > 100;
}

bool outbound_hear(struct outbound *outbound, const struct outbound_heard *heard)
{
	enum outbound_on on = OUTBOUND_FAILURE;

	/* RFC 3261 section 16.7: with our Via alone there is nowhere to forward it to. */
	if (outbound->is_forwarded && heard->msg &&
	    !sip_object(heard->msg)->sip_via->v_next)
		return false;
	if (heard->status < 300)
		on = heard->status < 200 ? OUTBOUND_PROVISIONAL : OUTBOUND_SUCCESS;
	outbound->heard = heard;
	return handle(outbound, on);
}

void outbound_cancel(struct outbound *outbound, const char *reason)
{
	if (outbound->reason || !outbound->is_invite)
		return;
	outbound->reason = strdup(reason);
	if (outbound->reason)
		handle(outbound, OUTBOUND_CANCEL);
}

int outbound_acknowledge(struct outbound *outbound, const char *tag,
			 const struct emit_target *to, struct glance_text bytes)
{
	uint64_t digest = outbound_tag(outbound->wire, tag);
	struct outbound_fork *fork = outbound_fork(outbound, digest);

	if (!fork)
		fork = outbound_add_fork(outbound, digest);
	if (!fork)
		return -ENOMEM;
	free(fork->ack);
	fork->ack = (char *)(uintptr_t)bytes.at;
	fork->length = bytes.length;
	fork->to = *to;
	return lone_send(outbound->wire, to, bytes.at, bytes.length);
}

void outbound_passed(struct wire *wire, uint64_t id, uint64_t passed_tag,
		     const struct inbound *inbound)
{
	struct finder_entry *entry = NULL;

	while ((entry = finder_find_token(&wire->outbounds, id, entry))) {
		struct outbound *outbound =
			container_of(entry, struct outbound, by_branch);

		if (!outbound->is_invite)
			continue;
		outbound->passed_tag = passed_tag;
		outbound->passed_key[0] = inbound->by_key.key[0];
		outbound->passed_key[1] = inbound->by_key.key[1];
	}
}

void outbound_leave(struct outbound *outbound)
{
	outbound->tell = NULL;
	outbound->user = NULL;
	if (has_ended(outbound)) {
		outbound_free(outbound);
		return;
	}
	/* A telephone may ring for ever only while someone waits. */
	if (outbound->is_invite && outbound->life.state == OUTBOUND_INVITE_PROCEEDING &&
	    outbound->expires_ms == INT64_MAX) {
		outbound->expires_ms = core_now_ms(outbound->wire) + TIMING_C;
		rearm(outbound);
	}
}

void outbound_failed(struct wire *wire, uint64_t token, int err)
{
	struct finder_entry *entry = NULL;

	/* The answer may come by another connection (RFC 3261 section 18.2.2). */
	if (err == EPIPE)
		return;
	/* An INVITE and its CANCEL have the same. */
	while ((entry = finder_find_token(&wire->outbounds, token, entry))) {
		struct outbound *outbound =
			container_of(entry, struct outbound, by_branch);

		outbound->err = err;
		outbound->is_broken = true;
		rearm(outbound);
	}
}
