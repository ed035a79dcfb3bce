/* SPDX-License-Identifier: MIT */
/* Admission: what waits, what is refused, and that emergencies go first. */
#include "wire/admission.h"

#include "wire/finder.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct admission *admission;
static struct admission_ticket tickets[2000];
static int64_t now_us;

static void setup(void)
{
	admission = calloc(1, sizeof *admission);
	now_us = 1000000;
	admission_init(admission, &(struct admission_settings){ 20, 50 }, now_us);
}

static void teardown(void)
{
	admission_clear(admission);
	free(admission);
}

static bool offer_as(size_t i, enum admission_kind kind, int64_t came_us)
{
	enum admission_place place = admission_offer(admission, kind, now_us);

	if (place != ADMISSION_REFUSED)
		admission_queue(admission, &tickets[i], place, came_us);
	return place != ADMISSION_REFUSED;
}

static bool offer(size_t i, bool is_urgent)
{
	return offer_as(i, is_urgent ? ADMISSION_URGENT : ADMISSION_NEW, now_us);
}

START_TEST(calls_are_served_in_order)
{
	for (size_t i = 0; i < 5; i++)
		ck_assert(offer(i, false));
	for (size_t i = 0; i < 5; i++)
		ck_assert_ptr_eq(admission_take(admission, now_us), &tickets[i]);
	ck_assert_ptr_null(admission_take(admission, now_us));
}
END_TEST

/* Calls come every IN_US, each costs COST_US; how many of 2,000 are admitted, and the longest
 * wait of those. */
static unsigned run(int64_t in_us, int64_t cost_us, int64_t *longest_us)
{
	int64_t next_us = now_us, end_us = 0;
	unsigned admitted = 0;
	size_t i = 0;

	*longest_us = 0;
	while (i < 2000 || !list_is_empty(&admission->waiting)) {
		struct admission_ticket *ticket;

		for (; i < 2000 && next_us <= now_us; next_us += in_us, i++)
			admitted += offer_as(i, ADMISSION_NEW, next_us);
		ticket = admission_take(admission, now_us);
		if (!ticket) {
			now_us = next_us;
			continue;
		}
		end_us = now_us - ticket->came_us;
		if (end_us > *longest_us)
			*longest_us = end_us;
		now_us += cost_us;
	}
	return admitted;
}

START_TEST(without_overload_none_is_refused)
{
	int64_t longest_us;

	ck_assert_uint_eq(run(110, 100, &longest_us), 2000);
	ck_assert_int_le(longest_us, 1000);
}
END_TEST

START_TEST(at_four_times_the_load_a_quarter_is_served_without_waiting_long)
{
	int64_t longest_us;
	unsigned admitted = run(50, 200, &longest_us);

	/* What fits the queue comes on top of the quarter. */
	ck_assert_uint_ge(admitted, 480);
	ck_assert_uint_le(admitted, 640);
	ck_assert_int_le(longest_us, 25000);
}
END_TEST

START_TEST(a_burst_is_bounded_by_what_was_measured)
{
	unsigned admitted = 0;
	int64_t longest_us;

	run(50, 200, &longest_us);
	/* 20 ms of work at 200 us a call. */
	for (size_t i = 0; i < 2000; i++)
		admitted += offer(i, false);
	ck_assert_uint_ge(admitted, 80);
	ck_assert_uint_le(admitted, 130);
}
END_TEST

START_TEST(emergencies_go_first_and_are_not_refused_for_load)
{
	int64_t longest_us;

	run(50, 200, &longest_us);
	for (size_t i = 0; i < 500; i++)
		offer(i, false);
	ck_assert(!offer(600, false));
	ck_assert(offer(601, true));
	ck_assert_ptr_eq(admission_take(admission, now_us), &tickets[601]);
	admission->is_full = true;
	ck_assert(offer(602, true));
	ck_assert_ptr_eq(admission_take(admission, now_us), &tickets[602]);
}
END_TEST

START_TEST(who_calls_everything_an_emergency_does_not_get_all)
{
	unsigned admitted = 0;

	admission->is_full = true;
	for (size_t i = 0; i < 1000; i++)
		admitted += offer(i, true);
	ck_assert_uint_eq(admitted, 100);
	for (size_t i = 0; i < 100; i++)
		ck_assert_ptr_nonnull(admission_take(admission, now_us));
	ck_assert_uint_eq(admission->urgent_count, 0);
}
END_TEST

START_TEST(a_withdrawn_call_is_not_served)
{
	offer(0, false);
	offer(1, true);
	offer(2, false);
	admission_withdraw(admission, &tickets[0]);
	admission_withdraw(admission, &tickets[1]);
	admission_withdraw(admission, &tickets[1]);
	ck_assert_ptr_eq(admission_take(admission, now_us), &tickets[2]);
	ck_assert_ptr_null(admission_take(admission, now_us));
	ck_assert_uint_eq(admission->waiting_count + admission->urgent_count, 0);
}
END_TEST

START_TEST(the_bound_may_be_off)
{
	int64_t longest_us;

	admission_settle(admission, &(struct admission_settings){ 0, 50 }, now_us);
	ck_assert_uint_eq(run(50, 200, &longest_us), 2000);
}
END_TEST

START_TEST(what_belongs_to_a_waiting_call_waits_with_it)
{
	admission->is_full = true;
	ck_assert(!offer(0, false));
	ck_assert(offer_as(1, ADMISSION_JOINED, now_us));
	ck_assert_ptr_eq(admission_take(admission, now_us), &tickets[1]);
}
END_TEST

START_TEST(emergencies_have_a_bound_too)
{
	admission->is_full = admission->is_full_for_urgent = true;
	ck_assert(!offer(0, true));
}
END_TEST

/* A stall, of 600 ms here, is no call's work. */
START_TEST(one_stall_does_not_close_the_door)
{
	int64_t longest_us;

	run(110, 100, &longest_us);
	for (size_t i = 0; i < 42; i++)
		ck_assert(offer(i, false));
	admission_take(admission, now_us);
	now_us += 600000;
	while (!admission_is_empty(admission)) {
		admission_take(admission, now_us);
		now_us += 100;
	}
	for (size_t i = 0; i < 100; i++)
		ck_assert(offer(i, false));
}
END_TEST

static uint64_t key_of(uint64_t branch, uint64_t ids)
{
	return admission_key(&(struct finder_key){ .key = { branch, 1 }, .ids = ids });
}

START_TEST(a_refused_call_is_remembered_for_5_s)
{
	uint64_t key = key_of(UINT64_C(0x123456789abcdef0), 1);

	ck_assert(!admission_was_refused(admission, key, now_us));
	admission_refuse(admission, key, now_us);
	ck_assert(admission_was_refused(admission, key, now_us));
	ck_assert(admission_was_refused(admission, key, now_us + 4999999));
	ck_assert(!admission_was_refused(admission, key, now_us + 5000000));
	ck_assert(!admission_was_refused(
		admission, key_of(UINT64_C(0x123456789abcdef0), UINT64_C(2) << 32),
		now_us));
}
END_TEST

START_TEST(so_many_refusals_that_they_meet_are_forgotten_one_by_one)
{
	uint64_t key = key_of(7, 0), other = key_of(7 + (UINT64_C(1) << 33), 0);

	admission_refuse(admission, key, now_us);
	admission_refuse(admission, other, now_us);
	ck_assert(!admission_was_refused(admission, key, now_us));
	ck_assert(admission_was_refused(admission, other, now_us));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_admission");
	TCase *tcase = tcase_create("admission");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, calls_are_served_in_order);
	tcase_add_test(tcase, without_overload_none_is_refused);
	tcase_add_test(tcase,
		       at_four_times_the_load_a_quarter_is_served_without_waiting_long);
	tcase_add_test(tcase, a_burst_is_bounded_by_what_was_measured);
	tcase_add_test(tcase, emergencies_go_first_and_are_not_refused_for_load);
	tcase_add_test(tcase, who_calls_everything_an_emergency_does_not_get_all);
	tcase_add_test(tcase, a_withdrawn_call_is_not_served);
	tcase_add_test(tcase, the_bound_may_be_off);
	tcase_add_test(tcase, what_belongs_to_a_waiting_call_waits_with_it);
	tcase_add_test(tcase, emergencies_have_a_bound_too);
	tcase_add_test(tcase, one_stall_does_not_close_the_door);
	tcase_add_test(tcase, so_many_refusals_that_they_meet_are_forgotten_one_by_one);
	tcase_add_test(tcase, a_refused_call_is_remembered_for_5_s);
	suite_add_tcase(suite, tcase);
	return suite;
}
