/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The one thread's event loop: descriptors (epoll), timers, and what is to be done before it
 * sleeps.  It runs on the monotonic clock, so a step of the wall clock moves no timer, and it
 * sleeps until something is due.  Every callback may free what it belongs to.
 *
 * The first part is for everybody; the second, with members to embed, for lib/wire.
 */
#include "wire/timer.h"

struct loop;

/** NULL when out of memory or file descriptors. */
struct loop *loop_new(void);

/** NULL is fine.  Everything that runs on the loop must be freed before. */
void loop_free(struct loop *loop);

/** Runs until loop_stop(). */
void loop_run(struct loop *loop);

/** Makes loop_run() return; from within a callback. */
void loop_stop(struct loop *loop);

/** Waits for at most MS milliseconds until something is due, does what is, and returns.  Tests
 *  only. */
void loop_step(struct loop *loop, long ms);

/** Moves the loop's clock MS milliseconds ahead without waiting: every timer due meanwhile fires
 *  at its own time, with the descriptors looked at in between.  Tests only. */
void loop_advance(struct loop *loop, unsigned ms);

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

/* What is embedded in others. */

/** Microseconds of the monotonic clock, as read when this round of the loop began or by
 *  loop_look(); outside the loop's callbacks the clock is read. */
int64_t loop_now_us(struct loop *loop);

/** Reads the clock for the rest of the round. */
int64_t loop_look(struct loop *loop);

/** (Re)starts an embedded timer; it fires MS milliseconds from loop_now_us() or up to 1 ms later,
 *  0 in the next round. */
void loop_start(struct loop *loop, struct timer *timer, unsigned ms);

/** A timer that does not run is fine. */
void loop_cancel(struct loop *loop, struct timer *timer);

/** A descriptor in epoll's set, level triggered. */
struct loop_socket {
	int fd;				/* -1 = not in the set; the owner closes it */
	void (*ready)(struct loop_socket *socket, uint32_t events);	/* EPOLL... */
};

/** Adds FD for EVENTS (EPOLLIN, EPOLLOUT ...).  0 or -errno. */
int loop_socket_add(struct loop *loop, struct loop_socket *socket, int fd,
		    uint32_t events);

void loop_socket_want(struct loop *loop, struct loop_socket *socket, uint32_t events);

/** Takes it out of the set, to be done before the descriptor is closed; SOCKET hears nothing more
 *  and may be freed.  One that is not in it is fine. */
void loop_socket_remove(struct loop *loop, struct loop_socket *socket);

/** Called after each round, before the loop sleeps. */
struct loop_hook {
	struct list node;
	bool (*run)(struct loop_hook *hook);	/* true = there is more to do: do not sleep */
};

void loop_before_sleep(struct loop *loop, struct loop_hook *hook);

/** Called within 6 s when the machine has been suspended for a second or more: what expires by the
 *  clock of others is to be looked at again.  RUN's answer does not matter. */
void loop_on_resume(struct loop *loop, struct loop_hook *hook);

/** Ends either.  One that is in no list is fine if list_init() was applied to its node. */
void loop_hook_remove(struct loop_hook *hook);
