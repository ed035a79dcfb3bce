/* SPDX-License-Identifier: MIT */
#include "wire/inbound.h"

#include "wire/inbound_table.h"
#include "wire/timing.h"

#include <errno.h>
#include <stdlib.h>

static const struct life *life_of(const struct inbound *inbound)
{
	return inbound->is_invite ? &inbound_invite : &inbound_other;
}

static bool has_ended(const struct inbound *inbound)
{
	return inbound->life.state == life_of(inbound)->kind.end;
}

static void rearm(struct inbound *inbound)
{
	int64_t due_ms = inbound->again_ms < inbound->expires_ms ? inbound->again_ms
								 : inbound->expires_ms;
	int64_t rest_ms;

	if (due_ms == INT64_MAX) {
		loop_cancel(inbound->wire->loop, &inbound->timer);
		return;
	}
	rest_ms = due_ms - core_now_ms(inbound->wire);
	loop_start(inbound->wire->loop, &inbound->timer,
		   rest_ms > 0 ? (unsigned)rest_ms : 0);
}

static void unlink_all(struct inbound *inbound)
{
	struct wire *wire = inbound->wire;

	loop_cancel(wire->loop, &inbound->timer);
	finder_remove(&wire->inbounds, &inbound->by_key);
	if (inbound->is_merge)
		finder_remove(&wire->merges, &inbound->by_merge);
	inbound->is_merge = false;
}

void inbound_free(struct inbound *inbound)
{
	unlink_all(inbound);
	free(inbound->bytes);
	free(inbound);
}

/* Runs the row for ON; telling its user is the last thing, as it may free all of this. */
static void handle(struct inbound *inbound, enum inbound_on on, msg_t *msg)
{
	const struct inbound_events *events = inbound->events;
	void *user = inbound->user;
	enum inbound_told told;

	inbound->told = INBOUND_NOTHING;
	machine_handle(&life_of(inbound)->kind, inbound, on, NULL);
	told = inbound->told;
	if (!has_ended(inbound)) {
		rearm(inbound);
	} else if (events) {
		unlink_all(inbound);
	} else {
		inbound_free(inbound);
		return;
	}
	if (events && told != INBOUND_NOTHING)
		events->tell(user, told, msg);
}

static void timer_fired(struct timer *timer)
{
	struct inbound *inbound = container_of(timer, struct inbound, timer);
	int64_t now_ms = core_now_ms(inbound->wire);

	if (inbound->expires_ms <= now_ms) {
		inbound->expires_ms = INT64_MAX;
		handle(inbound, INBOUND_EXPIRED, NULL);
		return;
	}
	if (inbound->again_ms <= now_ms) {
		unsigned most_ms =
			life_of(inbound)->states[inbound->life.state].again_max_ms;

		if (most_ms && inbound->interval_ms)
			inbound->interval_ms = 2 * inbound->interval_ms < most_ms
						       ? 2 * inbound->interval_ms
						       : most_ms;
		inbound->again_ms = now_ms + inbound->interval_ms;
		handle(inbound, INBOUND_AGAIN, NULL);
		return;
	}
	rearm(inbound);
}

struct inbound *inbound_find(struct wire *wire, const struct finder_key *key,
			     bool any_uri, bool *is_reused)
{
	struct finder_entry *entry = NULL;

	*is_reused = false;
	while ((entry = finder_find(&wire->inbounds, key->key, entry))) {
		struct inbound *inbound = container_of(entry, struct inbound, by_key);

		if (inbound->ids == key->ids && (any_uri || inbound->uri == key->uri))
			return inbound;
		*is_reused = true;
	}
	return NULL;
}

struct inbound *inbound_new(struct wire *wire, const struct origin *origin,
			    bool is_invite)
{
	struct inbound *inbound;
	bool is_reused;

	if (inbound_find(wire, &origin->key, false, &is_reused))
		return NULL;
	inbound = calloc(1, sizeof *inbound);
	if (!inbound)
		return NULL;
	inbound->wire = wire;
	inbound->is_invite = is_invite;
	inbound->to = origin->back;
	inbound->ids = origin->key.ids;
	inbound->uri = origin->key.uri;
	inbound->by_key.key[0] = origin->key.key[0];
	inbound->by_key.key[1] = origin->key.key[1];
	inbound->again_ms = inbound->expires_ms = INT64_MAX;
	timer_init(&inbound->timer, timer_fired);
	if (finder_insert(&wire->inbounds, &inbound->by_key) < 0) {
		free(inbound);
		return NULL;
	}
	if (origin->has_merge) {
		inbound->by_merge.key[0] = origin->merge[0];
		inbound->by_merge.key[1] = origin->merge[1];
		inbound->is_merge = finder_insert(&wire->merges, &inbound->by_merge) == 0;
	}
	inbound->again_ms =
		origin->came_us / 1000 + (is_invite ? TIMING_TRYING : TIMING_LATE);
	rearm(inbound);
	return inbound;
}

void inbound_repeat(struct inbound *inbound)
{
	handle(inbound, INBOUND_REQUEST, NULL);
}

void inbound_ack(struct inbound *inbound, msg_t *msg)
{
	handle(inbound, INBOUND_ACK, msg);
}

bool inbound_is_answered(const struct inbound *inbound)
{
	unsigned state = inbound->life.state;

	return inbound->is_invite ? state != INBOUND_INVITE_PROCEEDING
				  : state >= INBOUND_OTHER_COMPLETED;
}

static enum inbound_on on_of(int status)
{
	if (status < 200)
		return INBOUND_PROVISIONAL;
	return status < 300 ? INBOUND_SUCCESS : INBOUND_FAILURE;
}

/* Whether there is a row that takes ANSWER. */
static bool may_answer(const struct inbound *inbound, const struct inbound_answer *answer)
{
	if (!inbound_is_answered(inbound))
		/* RFC 4320 section 4.1: of provisional ones only 100. */
		return inbound->is_invite || answer->status >= 200;
	return inbound->is_invite && inbound->life.state == INBOUND_INVITE_ACCEPTED &&
	       answer->status >= 200 && answer->status < 300;
}

int inbound_answer(struct inbound *inbound, const struct inbound_answer *answer)
{
	struct inbound_answer taken = *answer;

	if (!answer->bytes)
		return -ENOMEM;
	if (!may_answer(inbound, answer)) {
		free(answer->bytes);
		return inbound_is_answered(inbound) ? -EALREADY : 0;
	}
	if (inbound->is_merge && answer->status >= 200) {
		finder_remove(&inbound->wire->merges, &inbound->by_merge);
		inbound->is_merge = false;
	}
	inbound->answer = &taken;
	if (!inbound->is_invite && answer->status == 408)
		free(answer->bytes);	/* its row does not take it */
	machine_handle(&life_of(inbound)->kind, inbound, on_of(answer->status), NULL);
	inbound->answer = NULL;
	/* That it could not be sent is told later, never from inside. */
	if (inbound->told == INBOUND_LOST && inbound->events)
		inbound->events->lost(inbound->user);
	inbound->told = INBOUND_NOTHING;
	rearm(inbound);
	return 0;
}

void inbound_send_again(struct inbound *inbound)
{
	if (inbound->bytes)
		emit(inbound->wire, &inbound->to, inbound->bytes, inbound->length, 0);
}

void inbound_try(struct inbound *inbound)
{
	if (!inbound->bytes && inbound->life.state == INBOUND_INVITE_PROCEEDING &&
	    inbound->is_invite)
		handle(inbound, INBOUND_REQUEST, NULL);
}

void inbound_acknowledged(struct inbound *inbound)
{
	if (inbound->is_invite)
		handle(inbound, INBOUND_ACKNOWLEDGED, NULL);
}

void inbound_leave(struct inbound *inbound)
{
	inbound->events = NULL;
	inbound->user = NULL;
	if (has_ended(inbound)) {
		inbound_free(inbound);
		return;
	}
	if (inbound->is_invite)
		handle(inbound, INBOUND_ACKNOWLEDGED, NULL);
}

void inbound_failed(struct wire *wire, uint64_t token)
{
	struct finder_entry *entry = finder_find_token(&wire->inbounds, token, NULL);

	if (entry)
		handle(container_of(entry, struct inbound, by_key), INBOUND_BROKEN, NULL);
}
