/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Wall clock and monotonic clock.  Tests may stop both with clock_set(); nothing else in
 * the program reads the time.
 */
#include <stddef.h>
#include <stdint.h>

/** Microseconds since 1970-01-01 UTC. */
int64_t clock_wall_us(void);

/** Milliseconds since an arbitrary start; never goes back. */
int64_t clock_mono_ms(void);

/** The same clock in microseconds. */
int64_t clock_mono_us(void);

/** How long the machine has been suspended since its start: the monotonic clock stood still
 *  for so many microseconds, which never become fewer by more than the time it takes to ask. */
int64_t clock_asleep_us(void);

/** Makes clock_asleep_us() return US; a negative US restores the machine's own value.
 *  Tests only. */
void clock_set_asleep(int64_t us);

/** Stops the clocks at WALL_US and MONO_MS; both negative starts them again.  Tests only. */
void clock_set(int64_t wall_us, int64_t mono_ms);

enum { CLOCK_RFC3339 = sizeof "2026-11-21T00:00:00.000000Z" };

/** WALL_US as RFC 3339 UTC with microseconds, e.g. 2026-11-21T09:30:00.000001Z. */
const char *clock_rfc3339(char text[static CLOCK_RFC3339], int64_t wall_us);
