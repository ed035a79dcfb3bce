/* SPDX-License-Identifier: MIT */
#include "wire/loop.h"

#include "base/clock.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
	EVENTS_A_ROUND = 64,
	RESUME_LOOK_US = 1000 * 1000,	/* a suspension is noticed this much later at most */
	RESUME_MIN_US = 1000 * 1000,
	RESUME_SLEEP_MS = 5000,		/* the longest sleep while a hook for resuming
					 * is set */
};

struct watch {
	struct list node;
	int handle;
	struct loop_socket socket;
	void (*readable)(void *context, int fd);
	void *context;
};

struct loop {
	int epoll;
	bool is_running, is_in_round;
	int64_t now_us;			/* with moved_us */
	int64_t moved_us;		/* by loop_advance() */
	int64_t looked_us, asleep_us;	/* time of the last look for a suspension, and
					 * the suspended time seen */
	struct timer_wheel wheel;
	struct list watches, hooks, resume_hooks;
	int last_handle;
	int ready_count;		/* of ready, in this round */
	struct epoll_event ready[EVENTS_A_ROUND];
};

static int64_t skipped_us;		/* by loop_skip() */

void loop_skip(unsigned ms)
{
	skipped_us += (int64_t)ms * 1000;
}

int64_t loop_look(struct loop *loop)
{
	loop->now_us = clock_mono_us() + loop->moved_us + skipped_us;
	return loop->now_us;
}

int64_t loop_now_us(struct loop *loop)
{
	return loop->is_in_round ? loop->now_us : loop_look(loop);
}

struct loop *loop_new(void)
{
	struct loop *loop = calloc(1, sizeof *loop);

	if (!loop)
		return NULL;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0) {
		free(loop);
		return NULL;
	}
	list_init(&loop->watches);
	list_init(&loop->hooks);
	list_init(&loop->resume_hooks);
	timer_wheel_init(&loop->wheel, loop_look(loop) / 1000);
	loop->looked_us = loop->now_us;
	loop->asleep_us = clock_asleep_us();
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	while (!list_is_empty(&loop->watches))
		loop_unwatch(
			loop,
			container_of(loop->watches.next, struct watch, node)->handle);
	close(loop->epoll);
	free(loop);
}

/* Runs HOOKS, of which each may remove itself or others. */
static bool run_hooks(struct list *hooks)
{
	struct list done;
	bool is_more = false;

	list_init(&done);
	while (!list_is_empty(hooks)) {
		struct loop_hook *hook =
			container_of(hooks->next, struct loop_hook, node);

		list_remove(&hook->node);
		list_append(&done, &hook->node);
		is_more = hook->run(hook) || is_more;
	}
	while (!list_is_empty(&done)) {
		struct list *node = done.next;

		list_remove(node);
		list_append(hooks, node);
	}
	return is_more;
}

/* The monotonic clock stands still while the machine is suspended. */
static void look_for_resume(struct loop *loop)
{
	int64_t asleep_us;

	if (loop->now_us - loop->looked_us < RESUME_LOOK_US)
		return;
	loop->looked_us = loop->now_us;
	asleep_us = clock_asleep_us();
	if (asleep_us - loop->asleep_us >= RESUME_MIN_US)
		run_hooks(&loop->resume_hooks);
	loop->asleep_us = asleep_us;
}

/* Milliseconds until the next timer, rounded up so that the timer is due then. */
static int sleep_ms(struct loop *loop, int64_t limit_ms)
{
	int64_t next_ms = timer_next(&loop->wheel), rest_ms;

	if (next_ms == INT64_MAX)
		rest_ms = INT64_MAX;
	else
		rest_ms = (next_ms * 1000 - loop_look(loop) + 999) / 1000;
	if (rest_ms < 0)
		rest_ms = 0;
	if (!list_is_empty(&loop->resume_hooks) && rest_ms > RESUME_SLEEP_MS)
		rest_ms = RESUME_SLEEP_MS;
	if (limit_ms >= 0 && rest_ms > limit_ms)
		rest_ms = limit_ms;
	if (rest_ms == INT64_MAX)
		return -1;
	return rest_ms < INT_MAX ? (int)rest_ms : INT_MAX;
}

/* One round that waits at most LIMIT_MS (negative = as long as nothing is due).  True when a
 * hook has more to do. */
static bool run_round(struct loop *loop, int64_t limit_ms)
{
	bool is_more;
	int count;

	count = epoll_wait(loop->epoll, loop->ready, EVENTS_A_ROUND,
			   sleep_ms(loop, limit_ms));
	loop->ready_count = count > 0 ? count : 0;
	loop_look(loop);
	loop->is_in_round = true;
	for (int i = 0; i < loop->ready_count; i++) {
		struct loop_socket *socket = loop->ready[i].data.ptr;

		if (socket)
			socket->ready(socket, loop->ready[i].events);
	}
	loop->ready_count = 0;
	timer_turn(&loop->wheel, loop_look(loop) / 1000);
	look_for_resume(loop);
	is_more = run_hooks(&loop->hooks);
	loop->is_in_round = false;
	return is_more;
}

void loop_run(struct loop *loop)
{
	bool is_more = true;		/* hooks run before the first sleep, too */

	loop->is_running = true;
	while (loop->is_running)
		is_more = run_round(loop, is_more ? 0 : -1);
}

void loop_stop(struct loop *loop)
{
	loop->is_running = false;
}

void loop_step(struct loop *loop, long ms)
{
	bool is_more = run_hooks(&loop->hooks);

	while (run_round(loop, is_more ? 0 : ms))
		is_more = true;
}

void loop_advance(struct loop *loop, unsigned ms)
{
	int64_t target_us = loop_look(loop) + (int64_t)ms * 1000, next_us, now_us;

	loop_step(loop, 0);
	for (;;) {
		now_us = loop_look(loop);
		next_us = timer_next(&loop->wheel);
		if (next_us >= target_us / 1000)
			break;
		next_us *= 1000;
		if (next_us > now_us)
			loop->moved_us += next_us - now_us;
		loop_step(loop, 0);
	}
	now_us = loop_look(loop);
	if (target_us > now_us)
		loop->moved_us += target_us - now_us;
	loop_step(loop, 0);
}

int loop_socket_add(struct loop *loop, struct loop_socket *socket, int fd,
		    uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = socket };

	socket->fd = -1;
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		return -errno;
	socket->fd = fd;
	return 0;
}

void loop_socket_want(struct loop *loop, struct loop_socket *socket, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = socket };

	if (socket->fd >= 0)
		epoll_ctl(loop->epoll, EPOLL_CTL_MOD, socket->fd, &event);
}

void loop_socket_remove(struct loop *loop, struct loop_socket *socket)
{
	if (socket->fd < 0)
		return;
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, socket->fd, NULL);
	socket->fd = -1;
	for (int i = 0; i < loop->ready_count; i++)
		if (loop->ready[i].data.ptr == socket)
			loop->ready[i].data.ptr = NULL;
}

void loop_start(struct loop *loop, struct timer *timer, unsigned ms)
{
	timer_start(&loop->wheel, timer, (loop_now_us(loop) + 999) / 1000 + ms);
}

void loop_cancel(struct loop *loop, struct timer *timer)
{
	timer_stop(&loop->wheel, timer);
}

void loop_before_sleep(struct loop *loop, struct loop_hook *hook)
{
	list_init(&hook->node);
	list_append(&loop->hooks, &hook->node);
}

void loop_on_resume(struct loop *loop, struct loop_hook *hook)
{
	list_init(&hook->node);
	list_append(&loop->resume_hooks, &hook->node);
}

void loop_hook_remove(struct loop_hook *hook)
{
	list_remove(&hook->node);
}

static void watch_ready(struct loop_socket *socket, uint32_t events)
{
	struct watch *watch = container_of(socket, struct watch, socket);

	(void)events;
	watch->readable(watch->context, socket->fd);
}

int loop_watch(struct loop *loop, int fd, void (*readable)(void *context, int fd),
	       void *context)
{
	struct watch *watch = calloc(1, sizeof *watch);
	int err;

	if (!watch)
		return -ENOMEM;
	watch->socket.ready = watch_ready;
	watch->readable = readable;
	watch->context = context;
	err = loop_socket_add(loop, &watch->socket, fd, EPOLLIN);
	if (err < 0) {
		free(watch);
		return err;
	}
	watch->handle = ++loop->last_handle;
	list_init(&watch->node);
	list_append(&loop->watches, &watch->node);
	return watch->handle;
}

void loop_unwatch(struct loop *loop, int handle)
{
	struct list *node;

	for (node = loop->watches.next; node != &loop->watches; node = node->next) {
		struct watch *watch = container_of(node, struct watch, node);

		if (watch->handle != handle)
			continue;
		loop_socket_remove(loop, &watch->socket);
		list_remove(&watch->node);
		free(watch);
		return;
	}
}

struct loop_timer {
	struct timer timer;
	struct loop *loop;
	void (*fired)(void *context);
	void *context;
};

static void loop_timer_fired(struct timer *inner)
{
	struct loop_timer *timer = container_of(inner, struct loop_timer, timer);

	timer->fired(timer->context);
}

struct loop_timer *loop_timer_new(struct loop *loop, void (*fired)(void *context),
				  void *context)
{
	struct loop_timer *timer = calloc(1, sizeof *timer);

	if (!timer)
		return NULL;
	timer_init(&timer->timer, loop_timer_fired);
	timer->loop = loop;
	timer->fired = fired;
	timer->context = context;
	return timer;
}

void loop_timer_set(struct loop_timer *timer, unsigned milliseconds)
{
	loop_cancel(timer->loop, &timer->timer);
	if (milliseconds)
		loop_start(timer->loop, &timer->timer, milliseconds);
}

void loop_timer_free(struct loop_timer *timer)
{
	if (!timer)
		return;
	loop_cancel(timer->loop, &timer->timer);
	free(timer);
}
