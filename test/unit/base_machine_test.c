/* SPDX-License-Identifier: MIT */
/* machine_handle() and the checks, with the table of a lamp that records what it does. */
#include "base/machine.h"

#include "unit.h"

#include <errno.h>
#include <string.h>

enum { DARK, LIT, GONE, STATES };
enum { PRESS, RAISE, FLOOD, FAIL, BROKEN };

struct lamp {
	int number;
	struct machine life;
	const int *heard;		/* the event's number while one is handled */
	bool is_worn;			/* nothing can be done any more */
	unsigned lost, armed, ended;
	char done[128];
};

static const struct machine_kind kind;

static bool always(const struct lamp *lamp)
{
	(void)lamp;
	return true;
}

static bool is_odd(const struct lamp *lamp)
{
	return lamp->heard && *lamp->heard % 2;
}

static void write_down(struct lamp *lamp, const char *what)
{
	size_t length = strlen(lamp->done);

	snprintf(lamp->done + length, sizeof lamp->done - length, "%s%d ", what,
		 lamp->heard ? *lamp->heard : -1);
}

static int light(struct lamp *lamp)
{
	write_down(lamp, "light");
	return 0;
}

static int blink(struct lamp *lamp)
{
	write_down(lamp, "blink");
	return 0;
}

static void press_times(struct lamp *lamp, int times)
{
	for (int i = 1; i <= times; i++)
		machine_handle(&kind, lamp, PRESS, &i);
}

static int raise_two(struct lamp *lamp)
{
	press_times(lamp, 2);
	write_down(lamp, "raise");
	return 0;
}

static int flood(struct lamp *lamp)
{
	press_times(lamp, 6);
	return 0;
}

static int burn(struct lamp *lamp)
{
	press_times(lamp, 1);
	return -EIO;
}

static int mend(struct lamp *lamp)
{
	write_down(lamp, "mend");
	return lamp->is_worn ? -EIO : 0;
}

typedef bool guard_f(const struct lamp *lamp);
typedef int deed_f(struct lamp *lamp);

#define R(in_, on_, if_, do_, to_)                                                      \
	{                                                                               \
		.in = in_, .on = on_, .go_to = to_, .guard = MACHINE_F(guard_f *, if_), \
		.guard_name = #if_, .deed = MACHINE_F(deed_f *, do_), .deed_name = #do_ \
	}

/* clang-format off */
static const struct machine_row rows[] = {
	R(DARK, PRESS,  is_odd, blink,     STATES),
	R(DARK, PRESS,  always, light,     LIT   ),
	R(DARK, RAISE,  always, raise_two, LIT   ),
	R(DARK, FLOOD,  always, flood,     LIT   ),
	R(DARK, FAIL,   always, burn,      LIT   ),
	R(DARK, BROKEN, always, mend,      DARK  ),
	R(LIT,  PRESS,  always, blink,     STATES),
	R(LIT,  BROKEN, always, mend,      GONE  ),
};
/* clang-format on */

static bool holds(machine_f *guard, const void *self)
{
	return ((guard_f *)guard)(self);
}

static int act(machine_f *deed, void *self)
{
	return ((deed_f *)deed)(self);
}

static void begin(void *self, unsigned on, const void *event)
{
	struct lamp *lamp = self;

	(void)on;
	lamp->heard = event;
	ck_assert_ptr_null(machine_row(&lamp->life));
}

static void finish(void *self)
{
	((struct lamp *)self)->heard = NULL;
}

static void arm(void *self)
{
	((struct lamp *)self)->armed++;
}

static void ended(void *self)
{
	((struct lamp *)self)->ended++;
}

static void lose(void *self, unsigned on, const void *event)
{
	(void)on;
	(void)event;
	((struct lamp *)self)->lost++;
}

static const struct machine_kind kind = {
	.name = "lamp",
	.rows = rows,
	.count = sizeof rows / sizeof rows[0],
	.states = STATES,
	.end = GONE,
	.broken = BROKEN,
	.life = offsetof(struct lamp, life),
	.event_size = sizeof(int),
	.always = MACHINE_F(guard_f *, always),
	.holds = holds,
	.act = act,
	.begin = begin,
	.finish = finish,
	.arm = arm,
	.ended = ended,
	.lose = lose,
};

static void happens(struct lamp *lamp, unsigned on, int event)
{
	lamp->done[0] = '\0';
	machine_handle(&kind, lamp, on, &event);
	ck_assert_ptr_null(lamp->life.turn);
	ck_assert_ptr_null(machine_row(&lamp->life));
	ck_assert_ptr_null(lamp->heard);
}

START_TEST(the_first_row_that_fits_is_run)
{
	struct lamp lamp = { 0 };

	happens(&lamp, PRESS, 7);
	ck_assert_str_eq(lamp.done, "blink7 ");
	ck_assert_uint_eq(lamp.armed, 0);	/* it stays, with its timer */
	happens(&lamp, PRESS, 8);
	ck_assert_str_eq(lamp.done, "light8 ");
	ck_assert_uint_eq(lamp.life.state, LIT);
	ck_assert_uint_eq(lamp.armed, 1);
	happens(&lamp, RAISE, 9);
	ck_assert_str_eq(lamp.done, "");
}
END_TEST

START_TEST(what_a_deed_raises_waits_for_its_end)
{
	struct lamp lamp = { 0 };

	happens(&lamp, RAISE, 5);
	ck_assert_str_eq(lamp.done, "raise5 blink1 blink2 ");
	ck_assert_uint_eq(lamp.life.state, LIT);
}
END_TEST

START_TEST(a_deed_that_fails_is_broken_before_what_it_raised)
{
	struct lamp lamp = { 0 };

	happens(&lamp, FAIL, 4);
	ck_assert_str_eq(lamp.done, "mend4 blink1 ");
	ck_assert_uint_eq(lamp.life.state, DARK);
	ck_assert_uint_eq(lamp.ended, 0);
}
END_TEST

START_TEST(more_than_can_wait_breaks_it)
{
	struct lamp lamp = { 0 };

	happens(&lamp, FLOOD, 4);
	ck_assert_uint_eq(lamp.lost, 2);
	ck_assert_str_eq(lamp.done, "mend-1 ");
	ck_assert_uint_eq(lamp.life.state, GONE);
	ck_assert_uint_eq(lamp.ended, 1);
}
END_TEST

START_TEST(it_ends_when_being_broken_fails)
{
	struct lamp lamp = { .is_worn = true };

	happens(&lamp, FAIL, 4);
	ck_assert_str_eq(lamp.done, "mend4 ");
	ck_assert_uint_eq(lamp.life.state, GONE);
	ck_assert_uint_eq(lamp.ended, 1);
	happens(&lamp, PRESS, 4);
	ck_assert_str_eq(lamp.done, "");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("base machine");
	TCase *all = tcase_create("all");

	suite_add_tcase(suite, all);
	tcase_add_test(all, the_first_row_that_fits_is_run);
	tcase_add_test(all, what_a_deed_raises_waits_for_its_end);
	tcase_add_test(all, a_deed_that_fails_is_broken_before_what_it_raised);
	tcase_add_test(all, more_than_can_wait_breaks_it);
	tcase_add_test(all, it_ends_when_being_broken_fails);
	return suite;
}
