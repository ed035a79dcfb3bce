/* SPDX-License-Identifier: MIT */
/* The loop and its timer wheel: what is due fires in time, once, in order, and nothing spins. */
#include "wire/loop.h"

#include "base/clock.h"

#include "unit.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A timer that writes down when it fired. */
struct mark {
	struct timer timer;
	int64_t fired_ms;		/* 0 = not yet */
	unsigned count;
};

static struct timer_wheel wheel;
static struct loop *loop;
static int64_t last_ms;

static void mark_fired(struct timer *timer)
{
	struct mark *mark = container_of(timer, struct mark, timer);

	mark->fired_ms = wheel.now_ms;
	mark->count++;
	ck_assert_int_ge(wheel.now_ms, last_ms);
	last_ms = wheel.now_ms;
}

/* Far enough to reach every level, and beyond the last. */
static int64_t some_delay(unsigned *seed)
{
	static const int64_t spans[] = { 3, 300, 20000, 1500000, 80000000, 400000000 };

	return rand_r(seed) % spans[rand_r(seed) % 6];
}

START_TEST(every_timer_fires_at_its_millisecond)
{
	enum { COUNT = 2000 };
	struct mark *marks = calloc(COUNT, sizeof *marks);
	unsigned seed = 1;
	int64_t now_ms = 123456789, next_ms;

	timer_wheel_init(&wheel, now_ms);
	last_ms = 0;
	for (int i = 0; i < COUNT; i++) {
		timer_init(&marks[i].timer, mark_fired);
		timer_start(&wheel, &marks[i].timer, now_ms + 1 + some_delay(&seed));
	}
	while ((next_ms = timer_next(&wheel)) != INT64_MAX) {
		ck_assert_int_gt(next_ms, now_ms);
		now_ms = next_ms;
		timer_turn(&wheel, now_ms);
	}
	for (int i = 0; i < COUNT; i++) {
		ck_assert_uint_eq(marks[i].count, 1);
		ck_assert_int_eq(marks[i].fired_ms, marks[i].timer.due_ms);
	}
	ck_assert_uint_eq(wheel.count, 0);
	free(marks);
}
END_TEST

START_TEST(timers_come_in_order_also_when_the_wheel_is_turned_far)
{
	enum { COUNT = 500 };
	struct mark *marks = calloc(COUNT, sizeof *marks);
	unsigned seed = 2;

	timer_wheel_init(&wheel, 1);
	last_ms = 0;
	for (int i = 0; i < COUNT; i++) {
		timer_init(&marks[i].timer, mark_fired);
		timer_start(&wheel, &marks[i].timer, 2 + some_delay(&seed));
	}
	timer_turn(&wheel, 500000000);
	for (int i = 0; i < COUNT; i++)
		ck_assert_int_eq(marks[i].fired_ms, marks[i].timer.due_ms);
	free(marks);
}
END_TEST

START_TEST(a_stopped_timer_does_not_fire_and_a_restarted_one_fires_once)
{
	struct mark a = { 0 }, b = { 0 };

	timer_wheel_init(&wheel, 1000);
	last_ms = 0;
	timer_init(&a.timer, mark_fired);
	timer_init(&b.timer, mark_fired);
	timer_start(&wheel, &a.timer, 1100);
	timer_start(&wheel, &b.timer, 1100);
	timer_start(&wheel, &b.timer, 40000);
	timer_stop(&wheel, &a.timer);
	timer_stop(&wheel, &a.timer);
	timer_turn(&wheel, 39999);
	ck_assert_uint_eq(b.count, 0);
	timer_turn(&wheel, 40000);
	ck_assert_uint_eq(a.count, 0);
	ck_assert_uint_eq(b.count, 1);
	ck_assert_int_eq(timer_next(&wheel), INT64_MAX);
}
END_TEST

static struct mark again;

static void fire_again(struct timer *timer)
{
	mark_fired(timer);
	if (again.count < 5)
		timer_start(&wheel, timer, wheel.now_ms);
}

START_TEST(a_timer_started_when_it_fires_fires_a_millisecond_later)
{
	again = (struct mark){ 0 };
	timer_wheel_init(&wheel, 1000);
	last_ms = 0;
	timer_init(&again.timer, fire_again);
	timer_start(&wheel, &again.timer, 1001);
	timer_turn(&wheel, 1003);
	ck_assert_uint_eq(again.count, 3);
	timer_turn(&wheel, 2000);
	ck_assert_uint_eq(again.count, 5);
	ck_assert_int_eq(again.fired_ms, 1005);
}
END_TEST

static struct mark first, second;

static void stop_the_other(struct timer *timer)
{
	mark_fired(timer);
	timer_stop(&wheel, timer == &first.timer ? &second.timer : &first.timer);
}

START_TEST(of_two_due_at_once_one_may_stop_the_other)
{
	first = second = (struct mark){ 0 };
	timer_wheel_init(&wheel, 1);
	last_ms = 0;
	timer_init(&first.timer, stop_the_other);
	timer_init(&second.timer, stop_the_other);
	timer_start(&wheel, &first.timer, 50);
	timer_start(&wheel, &second.timer, 50);
	timer_turn(&wheel, 50);
	ck_assert_uint_eq(first.count + second.count, 1);
	ck_assert_uint_eq(wheel.count, 0);
}
END_TEST

static void setup(void)
{
	loop = loop_new();
	ck_assert_ptr_nonnull(loop);
}

static void teardown(void)
{
	clock_set(-1, -1);
	clock_set_asleep(-1);
	loop_free(loop);
}

static unsigned fired_count;
static int64_t fired_us;

static void fired(void *context)
{
	(void)context;
	fired_count++;
	fired_us = clock_mono_us();
}

static void stop(void *context)
{
	(void)context;
	loop_stop(loop);
}

START_TEST(a_timer_is_never_early_and_hardly_late)
{
	struct loop_timer *timer = loop_timer_new(loop, fired, NULL);
	struct loop_timer *end = loop_timer_new(loop, stop, NULL);
	int64_t began_us = clock_mono_us();

	fired_count = 0;
	loop_timer_set(timer, 30);
	loop_timer_set(end, 60);
	loop_run(loop);
	ck_assert_uint_eq(fired_count, 1);
	ck_assert_int_ge(fired_us - began_us, 30000);
	loop_timer_free(timer);
	loop_timer_free(end);
}
END_TEST

static unsigned rounds;

static bool count_round(struct loop_hook *hook)
{
	(void)hook;
	rounds++;
	return false;
}

static struct loop_timer *tick;
static unsigned ticks;

static void tick_on(void *context)
{
	(void)context;
	if (++ticks < 50)
		loop_timer_set(tick, 2);
	else
		loop_stop(loop);
}

START_TEST(the_loop_sleeps_until_a_timer_is_due)
{
	struct loop_hook hook = { .run = count_round };

	loop_before_sleep(loop, &hook);
	tick = loop_timer_new(loop, tick_on, NULL);
	rounds = ticks = 0;
	loop_timer_set(tick, 2);
	loop_run(loop);
	loop_hook_remove(&hook);
	loop_timer_free(tick);
	/* 50 timers of 2 ms: 51 rounds and some that woke to look at a coarse slot. */
	ck_assert_uint_le(rounds, 60);
}
END_TEST

START_TEST(a_step_of_the_wall_clock_moves_no_timer)
{
	struct loop_timer *timer = loop_timer_new(loop, fired, NULL);

	fired_count = 0;
	loop_timer_set(timer, 60000);
	clock_set(clock_wall_us() + INT64_C(86400) * 1000000, clock_mono_ms());
	loop_step(loop, 0);
	ck_assert_uint_eq(fired_count, 0);
	loop_advance(loop, 59000);
	ck_assert_uint_eq(fired_count, 0);
	loop_advance(loop, 1001);
	ck_assert_uint_eq(fired_count, 1);
	loop_timer_free(timer);
}
END_TEST

static int64_t doubled_at_ms[8];
static unsigned doubled;
static int64_t doubled_from_ms;
static struct loop_timer *doubling;

static void fire_doubled(void *context)
{
	(void)context;
	doubled_at_ms[doubled++] = loop_now_us(loop) / 1000 - doubled_from_ms;
	if (doubled < 7)
		loop_timer_set(doubling, 500u << doubled);
}

START_TEST(a_moved_clock_passes_every_timer_at_its_own_time)
{
	static const int64_t expected[] = { 500, 1500, 3500, 7500, 15500, 31500 };

	clock_set(clock_wall_us(), clock_mono_ms());
	doubling = loop_timer_new(loop, fire_doubled, NULL);
	doubled = 0;
	doubled_from_ms = loop_now_us(loop) / 1000;
	loop_timer_set(doubling, 500);
	loop_advance(loop, 32000);
	ck_assert_uint_eq(doubled, 6);
	for (int i = 0; i < 6; i++) {
		ck_assert_int_ge(doubled_at_ms[i], expected[i]);
		ck_assert_int_le(doubled_at_ms[i], expected[i] + 100);
	}
	loop_timer_free(doubling);
}
END_TEST

static int pipes[2][2];
static unsigned read_count;

static struct loop_socket ends[2];

static void remove_the_other(struct loop_socket *socket, uint32_t events)
{
	ck_assert(events & EPOLLIN);
	read_count++;
	loop_socket_remove(loop, socket == &ends[0] ? &ends[1] : &ends[0]);
	loop_socket_remove(loop, socket);
}

START_TEST(what_is_removed_in_a_round_hears_nothing_of_it)
{
	read_count = 0;
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(pipe(pipes[i]), 0);
		ends[i].ready = remove_the_other;
		ck_assert_int_eq(loop_socket_add(loop, &ends[i], pipes[i][0], EPOLLIN),
				 0);
		ck_assert_int_eq(write(pipes[i][1], "x", 1), 1);
	}
	loop_step(loop, 10);
	loop_step(loop, 0);
	ck_assert_uint_eq(read_count, 1);
	for (int i = 0; i < 2; i++) {
		close(pipes[i][0]);
		close(pipes[i][1]);
	}
}
END_TEST

static void read_end(void *context, int fd)
{
	char byte;

	ck_assert_int_eq(read(fd, &byte, 1), 1);
	++*(unsigned *)context;
}

START_TEST(a_watched_descriptor_is_told_until_it_is_unwatched)
{
	unsigned count = 0;
	int handle;

	ck_assert_int_eq(pipe(pipes[0]), 0);
	handle = loop_watch(loop, pipes[0][0], read_end, &count);
	ck_assert_int_gt(handle, 0);
	ck_assert_int_eq(write(pipes[0][1], "ab", 2), 2);
	loop_step(loop, 10);
	loop_step(loop, 10);
	ck_assert_uint_eq(count, 2);
	loop_unwatch(loop, handle);
	ck_assert_int_eq(write(pipes[0][1], "c", 1), 1);
	loop_step(loop, 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_int_lt(loop_watch(loop, 9999, read_end, &count), 0);
	close(pipes[0][0]);
	close(pipes[0][1]);
}
END_TEST

static bool resumed(struct loop_hook *hook)
{
	(void)hook;
	fired_count++;
	return false;
}

START_TEST(a_suspended_machine_is_told_of)
{
	struct loop_hook hook = { .run = resumed };

	clock_set_asleep(5000000);
	fired_count = 0;
	loop_free(loop);
	loop = loop_new();
	loop_on_resume(loop, &hook);
	loop_advance(loop, 2000);
	ck_assert_uint_eq(fired_count, 0);
	clock_set_asleep(5000000 + INT64_C(3600) * 1000000);
	loop_advance(loop, 2000);
	ck_assert_uint_eq(fired_count, 1);
	loop_advance(loop, 2000);
	ck_assert_uint_eq(fired_count, 1);
	loop_hook_remove(&hook);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_loop");
	TCase *wheels = tcase_create("wheel"), *loops = tcase_create("loop");

	tcase_add_test(wheels, every_timer_fires_at_its_millisecond);
	tcase_add_test(wheels, timers_come_in_order_also_when_the_wheel_is_turned_far);
	tcase_add_test(wheels,
		       a_stopped_timer_does_not_fire_and_a_restarted_one_fires_once);
	tcase_add_test(wheels, a_timer_started_when_it_fires_fires_a_millisecond_later);
	tcase_add_test(wheels, of_two_due_at_once_one_may_stop_the_other);
	suite_add_tcase(suite, wheels);
	tcase_add_checked_fixture(loops, setup, teardown);
	tcase_add_test(loops, a_timer_is_never_early_and_hardly_late);
	tcase_add_test(loops, the_loop_sleeps_until_a_timer_is_due);
	tcase_add_test(loops, a_step_of_the_wall_clock_moves_no_timer);
	tcase_add_test(loops, a_moved_clock_passes_every_timer_at_its_own_time);
	tcase_add_test(loops, what_is_removed_in_a_round_hears_nothing_of_it);
	tcase_add_test(loops, a_watched_descriptor_is_told_until_it_is_unwatched);
	tcase_add_test(loops, a_suspended_machine_is_told_of);
	suite_add_tcase(suite, loops);
	return suite;
}
