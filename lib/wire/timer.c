/* SPDX-License-Identifier: MIT */
/*
 * Level 0 has a slot a millisecond, each further level a slot for the whole of the one below.
 * A timer waits in the finest level whose present round it is due in; when a round ends, the
 * next coarse slot is poured into the levels below.
 */
#include "wire/timer.h"

enum { FINE_BITS = 8, COARSE_BITS = 6 };

static unsigned shift_of(unsigned level)
{
	return level ? FINE_BITS + COARSE_BITS * (level - 1) : 0;
}

static unsigned slot_of(unsigned level, int64_t ms)
{
	return (unsigned)(ms >> shift_of(level)) &
	       (level ? TIMER_COARSE - 1u : TIMER_FINE - 1u);
}

void timer_wheel_init(struct timer_wheel *wheel, int64_t now_ms)
{
	*wheel = (struct timer_wheel){ .now_ms = now_ms };
	for (unsigned i = 0; i < TIMER_FINE; i++)
		list_init(&wheel->fine[i]);
	for (unsigned level = 0; level < TIMER_LEVELS - 1; level++)
		for (unsigned i = 0; i < TIMER_COARSE; i++)
			list_init(&wheel->coarse[level][i]);
}

/* The level whose round has both now and DUE_MS in it, and the slot of DUE_MS there. */
static void place(struct timer_wheel *wheel, struct timer *timer)
{
	int64_t due_ms = timer->due_ms, now_ms = wheel->now_ms;
	unsigned level = 0, slot;

	while (level < TIMER_LEVELS - 1 &&
	       (due_ms >> shift_of(level + 1)) != (now_ms >> shift_of(level + 1)))
		level++;
	if (level == TIMER_LEVELS - 1 &&
	    (due_ms >> shift_of(level)) - (now_ms >> shift_of(level)) >= TIMER_COARSE)
		due_ms = now_ms + ((int64_t)(TIMER_COARSE - 1) << shift_of(level));
	slot = slot_of(level, due_ms);
	if (level) {
		list_append(&wheel->coarse[level - 1][slot], &timer->node);
		wheel->coarse_used[level - 1] |= UINT64_C(1) << slot;
	} else {
		list_append(&wheel->fine[slot], &timer->node);
		wheel->fine_used[slot / 64] |= UINT64_C(1) << slot % 64;
	}
}

void timer_start(struct timer_wheel *wheel, struct timer *timer, int64_t due_ms)
{
	timer_stop(wheel, timer);
	timer->due_ms = due_ms > wheel->now_ms ? due_ms : wheel->now_ms + 1;
	wheel->count++;
	place(wheel, timer);
}

/* The bit of an emptied slot stays set until timer_turn() reaches the slot. */
void timer_stop(struct timer_wheel *wheel, struct timer *timer)
{
	if (!timer_is_running(timer))
		return;
	list_remove(&timer->node);
	wheel->count--;
}

/* The first used slot of BITS (WORDS of 64) at or after FROM; -1 = none. */
static int first_used(const uint64_t *bits, unsigned words, unsigned from)
{
	for (unsigned word = from / 64; word < words; word++) {
		uint64_t rest = bits[word];

		if (word == from / 64)
			rest &= ~UINT64_C(0) << from % 64;
		if (rest)
			return (int)(word * 64 + (unsigned)__builtin_ctzll(rest));
	}
	return -1;
}

int64_t timer_next(const struct timer_wheel *wheel)
{
	int64_t round;
	int slot;

	if (!wheel->count)
		return INT64_MAX;
	slot = first_used(wheel->fine_used, TIMER_FINE / 64, slot_of(0, wheel->now_ms));
	if (slot >= 0)
		return (wheel->now_ms & ~(int64_t)(TIMER_FINE - 1)) + slot;
	for (unsigned level = 1; level < TIMER_LEVELS; level++) {
		unsigned shift = shift_of(level);

		round = wheel->now_ms >> shift;
		slot = first_used(&wheel->coarse_used[level - 1], 1,
				  slot_of(level, wheel->now_ms));
		if (slot >= 0)
			return ((round & ~(int64_t)(TIMER_COARSE - 1)) + slot) << shift;
	}
	/* No slot is used before the next round of the last level. */
	slot = first_used(&wheel->coarse_used[TIMER_LEVELS - 2], 1, 0);
	round = (wheel->now_ms >> shift_of(TIMER_LEVELS - 1)) &
		~(int64_t)(TIMER_COARSE - 1);
	return slot < 0 ? INT64_MAX
			: (round + TIMER_COARSE + slot) << shift_of(TIMER_LEVELS - 1);
}

/* Moves the timers of HEAD to TO, so that firing them ends although callbacks append to
 * HEAD. */
static void move_all(struct list *head, struct list *to)
{
	list_init(to);
	if (list_is_empty(head))
		return;
	*to = *head;
	to->next->prev = to;
	to->prev->next = to;
	list_init(head);
}

static void pour(struct timer_wheel *wheel, unsigned level)
{
	unsigned slot = slot_of(level, wheel->now_ms);
	struct list waiting;

	wheel->coarse_used[level - 1] &= ~(UINT64_C(1) << slot);
	move_all(&wheel->coarse[level - 1][slot], &waiting);
	while (!list_is_empty(&waiting)) {
		struct timer *timer = container_of(waiting.next, struct timer, node);

		list_remove(&timer->node);
		place(wheel, timer);
	}
}

static void fire(struct timer_wheel *wheel)
{
	unsigned slot = slot_of(0, wheel->now_ms);
	struct list due;

	wheel->fine_used[slot / 64] &= ~(UINT64_C(1) << slot % 64);
	move_all(&wheel->fine[slot], &due);
	while (!list_is_empty(&due)) {
		struct timer *timer = container_of(due.next, struct timer, node);

		timer_stop(wheel, timer);
		timer->fired(timer);
	}
}

void timer_turn(struct timer_wheel *wheel, int64_t now_ms)
{
	int64_t next;

	while ((next = timer_next(wheel)) <= now_ms) {
		wheel->now_ms = next;
		for (unsigned level = TIMER_LEVELS - 1; level; level--)
			if ((next & ((INT64_C(1) << shift_of(level)) - 1)) == 0)
				pour(wheel, level);
		fire(wheel);
	}
	if (now_ms > wheel->now_ms)
		wheel->now_ms = now_ms;
}
