/* SPDX-License-Identifier: MIT */
/* What the ring has forgotten, by its size or because it was told to. */
#include "journal_fixture.h"

static void note_many(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		note("pass");
}

START_TEST(a_ring_knows_what_it_forgot)
{
	open_journal(NULL, 3);
	ck_assert_uint_eq(journal_forgotten(journal), 0);
	note_many(3);
	ck_assert_uint_eq(journal_forgotten(journal), 0);
	note_many(1);
	ck_assert_uint_eq(journal_forgotten(journal), 1);
	/* A larger one does not bring back what a smaller one forgot. */
	ck_assert_int_eq(journal_change(journal, NULL, 10, &fault), 0);
	ck_assert_uint_eq(journal_forgotten(journal), 1);
	ck_assert_int_eq(journal_change(journal, NULL, 1, &fault), 0);
	ck_assert_uint_eq(journal_forgotten(journal), 3);
	ck_assert_int_eq(journal_change(journal, NULL, 5, &fault), 0);
	note_many(2);
	ck_assert_uint_eq(journal_forgotten(journal), 3);
}
END_TEST

START_TEST(a_ring_that_was_cleared_is_empty_and_numbers_go_on)
{
	open_journal(NULL, 3);
	note_many(2);
	journal_clear(journal);
	ck_assert_str_eq(ring(), "");
	ck_assert_uint_eq(journal_count(journal), 2);
	ck_assert_uint_eq(journal_cleared(journal), 2);
	ck_assert_uint_eq(journal_forgotten(journal), 2);
	note("reject");
	ck_assert_str_eq(ring(), T "\"seq\":3,\"event\":\"reject\"}\n");
	ck_assert_uint_eq(journal_forgotten(journal), 2);
	note_many(3);
	ck_assert_uint_eq(journal_forgotten(journal), 3);
	ck_assert_uint_eq(journal_cleared(journal), 2);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("journal clear");
	TCase *tcase = tcase_create("clear");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, a_ring_knows_what_it_forgot);
	tcase_add_test(tcase, a_ring_that_was_cleared_is_empty_and_numbers_go_on);
	suite_add_tcase(suite, tcase);
	return suite;
}
