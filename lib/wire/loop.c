/* SPDX-License-Identifier: MIT */
#include "wire/loop.h"

#include "base/list.h"
#include "base/log.h"
#include "wire/root.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sofia-sip/su_log.h>
#include <sofia-sip/su_time.h>

/* Sofia's own chatter ends here; it is debugging output of another program. */
__attribute__((format(printf, 2, 0))) static void
log_sofia(void *stream, const char *format, va_list args)
{
	char text[512];

	(void)stream;
	if (!log_is_on(LOG_DEBUG))
		return;
	vsnprintf(text, sizeof text, format, args);
	text[strcspn(text, "\n")] = '\0';
	log_debug("sofia: %s", text);
}

struct watch {
	struct list node;
	int handle, fd;
	void (*readable)(void *context, int fd);
	void *context;
};

struct loop {
	su_root_t *root;
	struct list watches;
};

struct loop *loop_new(void)
{
	struct loop *loop = calloc(1, sizeof *loop);

	if (!loop)
		return NULL;
	list_init(&loop->watches);
	if (su_init() < 0 || !(loop->root = su_root_create(NULL))) {
		free(loop);
		return NULL;
	}
	/* One for all of the process. */
	su_log_redirect(NULL, log_sofia, NULL);
	su_root_threading(loop->root, 0);
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
	su_root_destroy(loop->root);
	su_deinit();
	free(loop);
}

void loop_run(struct loop *loop)
{
	su_root_run(loop->root);
}

void loop_stop(struct loop *loop)
{
	su_root_break(loop->root);
}

void loop_step(struct loop *loop, long ms)
{
	su_root_step(loop->root, ms);
}

/* Sofia calls this with what the clock says. */
extern void (*_su_time)(su_time_t *now); /* NOLINT(bugprone-reserved-identifier) */

static uint64_t skipped_ms;

static void skip(su_time_t *now)
{
	uint64_t us = now->tv_usec + skipped_ms % 1000 * 1000;

	now->tv_sec += skipped_ms / 1000 + us / 1000000;
	now->tv_usec = (unsigned long)(us % 1000000);
}

void loop_skip(unsigned ms)
{
	skipped_ms += ms;
	_su_time = skip;
}

su_root_t *loop_root(struct loop *loop)
{
	return loop->root;
}

static int watch_wake(su_root_magic_t *magic, su_wait_t *wait, su_wakeup_arg_t *arg)
{
	struct watch *watch = arg;

	(void)magic;
	(void)wait;
	watch->readable(watch->context, watch->fd);
	return 0;
}

int loop_watch(struct loop *loop, int fd, void (*readable)(void *context, int fd),
	       void *context)
{
	struct watch *watch = calloc(1, sizeof *watch);
	su_wait_t wait[1] = { SU_WAIT_INIT };

	if (!watch)
		return -ENOMEM;
	list_init(&watch->node);
	watch->fd = fd;
	watch->readable = readable;
	watch->context = context;
	if (su_wait_create(wait, fd, SU_WAIT_IN) < 0 ||
	    (watch->handle = su_root_register(loop->root, wait, watch_wake, watch, 0)) <=
		    0) {
		free(watch);
		return -EMFILE;
	}
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
		su_root_deregister(loop->root, handle);
		list_remove(&watch->node);
		free(watch);
		return;
	}
}

struct loop_timer {
	su_timer_t *timer;
	void (*fired)(void *context);
	void *context;
};

static void timer_fired(su_root_magic_t *magic, su_timer_t *unused, su_timer_arg_t *arg)
{
	struct loop_timer *timer = arg;

	(void)magic;
	(void)unused;
	timer->fired(timer->context);
}

struct loop_timer *loop_timer_new(struct loop *loop, void (*fired)(void *context),
				  void *context)
{
	struct loop_timer *timer = calloc(1, sizeof *timer);

	if (!timer)
		return NULL;
	timer->fired = fired;
	timer->context = context;
	timer->timer = su_timer_create(su_root_task(loop->root), 0);
	if (!timer->timer) {
		free(timer);
		return NULL;
	}
	return timer;
}

void loop_timer_set(struct loop_timer *timer, unsigned milliseconds)
{
	su_timer_reset(timer->timer);
	if (milliseconds)
		su_timer_set_interval(timer->timer, timer_fired, timer, milliseconds);
}

void loop_timer_free(struct loop_timer *timer)
{
	if (!timer)
		return;
	su_timer_destroy(timer->timer);
	free(timer);
}
