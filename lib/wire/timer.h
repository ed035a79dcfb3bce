/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A hierarchical timer wheel: timers are embedded in other structs, and starting or
 * stopping one takes constant time.  It reads no clock; its user passes the time in
 * milliseconds.
 */
#include "base/list.h"

#include <stdint.h>

/** Embedded.  All zero is not valid: timer_init(). */
struct timer {
	struct list node;
	int64_t due_ms;
	void (*fired)(struct timer *timer);	/* it is stopped by then; may be freed or restarted */
};

/* Slots of 1, 256, 16,384 and 1,048,576 ms: 18 hours in all; what is due later is looked at
 * again then. */
enum { TIMER_LEVELS = 4, TIMER_FINE = 256, TIMER_COARSE = 64 };

struct timer_wheel {
	int64_t now_ms;			/* everything due until then has fired */
	size_t count;			/* timers in it */
	struct list fine[TIMER_FINE];
	struct list coarse[TIMER_LEVELS - 1][TIMER_COARSE];
	uint64_t fine_used[TIMER_FINE / 64], coarse_used[TIMER_LEVELS - 1];
};

static inline void timer_init(struct timer *timer, void (*fired)(struct timer *timer))
{
	list_init(&timer->node);
	timer->fired = fired;
	timer->due_ms = 0;
}

static inline bool timer_is_running(const struct timer *timer)
{
	return !list_is_empty(&timer->node);
}

void timer_wheel_init(struct timer_wheel *wheel, int64_t now_ms);

/** (Re)starts TIMER: it fires when the wheel is turned to DUE_MS or beyond, never before. */
void timer_start(struct timer_wheel *wheel, struct timer *timer, int64_t due_ms);

/** A timer that does not run is fine. */
void timer_stop(struct timer_wheel *wheel, struct timer *timer);

/** When the wheel must be turned next at the latest, never later than the first timer is due;
 *  INT64_MAX = no timer. */
int64_t timer_next(const struct timer_wheel *wheel);

/** Fires what is due until NOW_MS, in the order of time.  What a callback starts fires in the
 *  same turn only if it is due at a later millisecond than the one that fires. */
void timer_turn(struct timer_wheel *wheel, int64_t now_ms);
