/* SPDX-License-Identifier: MIT */
#include "wire/provisional.h"

#include "wire/timing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct provisional_fork {
	struct provisional_fork *next;
	uint64_t tag;
	uint32_t rseq;
};

void provisional_init(struct provisional_forks *forks)
{
	list_init(&forks->waiting);
	forks->first = NULL;
}

static struct provisional *first_of(const struct provisional_forks *forks)
{
	return container_of(forks->waiting.next, struct provisional, node);
}

void provisional_free(struct provisional *reliable)
{
	struct wire *wire = reliable->wire;

	loop_cancel(wire->loop, &reliable->timer);
	finder_remove(&wire->reliables, &reliable->by_rack);
	list_remove(&reliable->node);
	free(reliable->bytes);
	free(reliable);
}

/* Its INVITE is over: it waits for its PRACK alone. */
static void leave(struct provisional *reliable)
{
	struct wire *wire = reliable->wire;
	int64_t rest_ms = reliable->until_ms - core_now_ms(wire);

	if (!reliable->interval_ms || rest_ms <= 0) {
		provisional_free(reliable);
		return;
	}
	list_remove(&reliable->node);
	reliable->forks = NULL;
	free(reliable->bytes);
	reliable->bytes = NULL;
	loop_start(wire->loop, &reliable->timer, (unsigned)rest_ms);
}

void provisional_leave(struct provisional_forks *forks)
{
	while (!list_is_empty(&forks->waiting))
		leave(first_of(forks));
	while (forks->first) {
		struct provisional_fork *next = forks->first->next;

		free(forks->first);
		forks->first = next;
	}
}

void provisional_end(struct wire *wire)
{
	struct finder_entry *entry;
	size_t at = 0;

	while ((entry = finder_any(&wire->reliables, &at)))
		provisional_free(container_of(entry, struct provisional, by_rack));
	finder_clear(&wire->reliables);
}

uint64_t provisional_fork_of(const struct wire *wire, const char *tag)
{
	struct digest digest;
	uint64_t result[2];

	digest_init(&digest, &wire->secret);
	digest_add_lower(&digest, tag, strlen(tag));
	digest_end(&digest, result);
	return result[0];
}

/* RFC 3262 section 3: the first is chosen at random below 2^31. */
uint32_t provisional_next(struct provisional_forks *forks, const char *tag)
{
	uint64_t digest = provisional_fork_of(forks->wire, tag);
	struct provisional_fork *fork = forks->first;

	while (fork && fork->tag != digest)
		fork = fork->next;
	if (fork)
		return ++fork->rseq;
	fork = malloc(sizeof *fork);
	if (!fork)
		return 0;
	fork->next = forks->first;
	fork->tag = digest;
	fork->rseq = 1 + (uint32_t)(core_unique(forks->wire) & 0x3fffffff);
	forks->first = fork;
	return fork->rseq;
}

/* What a RAck and the dialog it comes in say together. */
static void key_of(const struct wire *wire, const sip_t *sip, const char *to_tag,
		   uint32_t rseq, uint32_t cseq, uint64_t key[static 2])
{
	const char *from_tag = sip->sip_from->a_tag ? sip->sip_from->a_tag : "";
	struct digest digest;

	digest_init(&digest, &wire->secret);
	digest_add(&digest, sip->sip_call_id->i_id, strlen(sip->sip_call_id->i_id));
	digest_add_number(&digest, rseq);
	digest_add_lower(&digest, from_tag, strlen(from_tag));
	digest_add_number(&digest, cseq);
	digest_add_lower(&digest, to_tag, strlen(to_tag));
	digest_end(&digest, key);
}

/* The next time, or when there is none any more. */
static void wait(struct provisional *reliable)
{
	struct wire *wire = reliable->wire;
	int64_t rest_ms = reliable->until_ms - core_now_ms(wire);

	loop_start(wire->loop, &reliable->timer,
		   rest_ms < reliable->interval_ms ? (unsigned)rest_ms
						   : reliable->interval_ms);
}

static void timer_fired(struct timer *timer)
{
	struct provisional *reliable = container_of(timer, struct provisional, timer);
	struct provisional_forks *forks = reliable->forks;

	if (!forks) {
		provisional_free(reliable);
		return;
	}
	if (core_now_ms(forks->wire) >= reliable->until_ms) {
		provisional_stop(forks);
		forks->lost(forks->user);
		return;
	}
	/* Unlike others it knows no T2. */
	reliable->interval_ms *= 2;
	emit(forks->wire, &forks->inbound->to, reliable->bytes, reliable->length, 0);
	wait(reliable);
}

/* Also what a repeated INVITE hears from now on. */
static void send_first(struct provisional *reliable)
{
	struct provisional_forks *forks = reliable->forks;
	int64_t now_ms = core_now_ms(forks->wire);
	char *bytes = malloc(reliable->length);

	reliable->interval_ms = TIMING_T1;
	reliable->until_ms = now_ms + TIMING_64T1;
	if (bytes)
		memcpy(bytes, reliable->bytes, reliable->length);
	inbound_answer(forks->inbound, &(struct inbound_answer){
					       .status = 183,
					       .bytes = bytes,
					       .length = reliable->length,
					       .is_forwarded = true,
				       });
	wait(reliable);
}

static bool is_waiting(const struct provisional_forks *forks, uint64_t fork)
{
	struct list *node;

	for (node = forks->waiting.next; node != &forks->waiting; node = node->next)
		if (container_of(node, struct provisional, node)->fork == fork)
			return true;
	return false;
}

int provisional_send(struct provisional_forks *forks,
		     const struct provisional_parts *parts)
{
	struct provisional *reliable = calloc(1, sizeof *reliable);
	const sip_t *invite = forks->invite;
	struct wire *wire = forks->wire;
	bool waits;

	if (!reliable) {
		free(parts->bytes);
		return -ENOMEM;
	}
	reliable->wire = wire;
	reliable->forks = forks;
	reliable->bytes = parts->bytes;
	reliable->length = parts->length;
	reliable->rseq = parts->rseq;
	reliable->has_body = parts->has_body;
	reliable->answers_itself = parts->answers_itself;
	reliable->fork = provisional_fork_of(wire, parts->tag);
	timer_init(&reliable->timer, timer_fired);
	list_init(&reliable->node);
	key_of(wire, invite, parts->tag, parts->rseq, invite->sip_cseq->cs_seq,
	       reliable->by_rack.key);
	if (finder_insert(&wire->reliables, &reliable->by_rack) < 0) {
		provisional_free(reliable);
		return -ENOMEM;
	}
	waits = is_waiting(forks, reliable->fork);
	list_append(&forks->waiting, &reliable->node);
	if (!waits)
		send_first(reliable);
	return 0;
}

struct provisional *provisional_find(struct wire *wire, const sip_t *prack)
{
	const sip_rack_t *rack = prack->sip_rack;
	struct finder_entry *entry;
	uint64_t key[2];

	if (!rack || rack->ra_method != sip_method_invite || !prack->sip_to->a_tag)
		return NULL;
	key_of(wire, prack, prack->sip_to->a_tag, rack->ra_response, rack->ra_cseq, key);
	entry = finder_find(&wire->reliables, key, NULL);
	if (!entry || !container_of(entry, struct provisional, by_rack)->interval_ms)
		return NULL;
	return container_of(entry, struct provisional, by_rack);
}

void provisional_go_on(struct provisional_forks *forks, uint64_t fork)
{
	struct list *node;

	for (node = forks->waiting.next; node != &forks->waiting; node = node->next) {
		struct provisional *reliable =
			container_of(node, struct provisional, node);

		if (reliable->fork != fork)
			continue;
		if (!reliable->interval_ms)
			send_first(reliable);
		return;
	}
}

bool provisional_holds_answer(const struct provisional_forks *forks, uint64_t fork)
{
	struct list *node;

	for (node = forks->waiting.next; node != &forks->waiting; node = node->next) {
		const struct provisional *reliable =
			container_of(node, struct provisional, node);

		if (reliable->fork == fork && reliable->has_body)
			return true;
	}
	return false;
}

void provisional_stop(struct provisional_forks *forks)
{
	struct list *node;

	for (node = forks->waiting.next; node != &forks->waiting; node = node->next)
		loop_cancel(forks->wire->loop,
			    &container_of(node, struct provisional, node)->timer);
}
