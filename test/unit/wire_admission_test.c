/* SPDX-License-Identifier: MIT */
/* Admission: what waits, what is refused, and that emergencies go first. */
#include "wire/admission.h"

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
	admission_init(admission, &(struct admission_settings){ 0 }, now_us);
}

static void teardown(void)
{
	free(admission);
}

static bool offer(size_t i, bool is_urgent)
{
	return admission_offer(admission, &tickets[i], is_urgent, now_us, now_us);
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
			admitted += admission_offer(admission, &tickets[i], false,
						    next_us, now_us);
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

static uint64_t key_of(const char *method, const char *branch)
{
	static char text[1000];
	struct scan scan;
	int length = snprintf(
		text, sizeof text,
		"%s sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=%s\r\nFrom: <sip:b>\r\n"
		"To: <sip:a>\r\nCall-ID: c\r\nCSeq: 7 %s\r\n\r\n",
		method, branch, method);

	scan_read(&scan, text, (size_t)length, 200);
	return admission_key(&scan);
}

START_TEST(a_refused_call_is_remembered_for_5_s)
{
	uint64_t key = key_of("INVITE", "z9hG4bK1");

	ck_assert(!admission_was_refused(admission, key, now_us));
	admission_refuse(admission, key, now_us);
	ck_assert(admission_was_refused(admission, key, now_us + 4999999));
	ck_assert(!admission_was_refused(admission, key, now_us + 5000000));
	ck_assert_uint_eq(key_of("ACK", "z9hG4bK1"), key);
	ck_assert_uint_eq(key_of("CANCEL", "z9hG4bK1"), key);
	ck_assert_uint_ne(key_of("INVITE", "z9hG4bK2"), key);
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
	tcase_add_test(tcase, a_refused_call_is_remembered_for_5_s);
	suite_add_tcase(suite, tcase);
	return suite;
}
