/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The one thread's event loop (Sofia's su_root), for rooms that may not know Sofia.
 */
struct loop;

/** NULL when out of memory or file descriptors. */
struct loop *loop_new(void);

/** NULL is fine.  Everything that runs on the loop must be freed before. */
void loop_free(struct loop *loop);

/** Runs until loop_stop(). */
void loop_run(struct loop *loop);

/** Makes loop_run() return; from within a callback. */
void loop_stop(struct loop *loop);

/** Runs what is due for at most MS milliseconds, then returns.  Tests only. */
void loop_step(struct loop *loop, long ms);

/** Moves the clock of all loops on by MS; what became due happens at the next step.  Tests only. */
void loop_skip(unsigned ms);

/** Calls READABLE whenever FD can be read.  A handle (> 0) for loop_unwatch(), or -errno. */
int loop_watch(struct loop *loop, int fd, void (*readable)(void *context, int fd),
	       void *context);

void loop_unwatch(struct loop *loop, int handle);

struct loop_timer;

/** A timer that calls FIRED once each time it is set; NULL when out of memory. */
struct loop_timer *loop_timer_new(struct loop *loop, void (*fired)(void *context),
				  void *context);

/** (Re)starts it; 0 stops it. */
void loop_timer_set(struct loop_timer *timer, unsigned milliseconds);

/** NULL is fine. */
void loop_timer_free(struct loop_timer *timer);
