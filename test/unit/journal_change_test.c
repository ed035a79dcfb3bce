/* SPDX-License-Identifier: MIT */
/* The journal goes on with another file and another ring. */
#include "journal_fixture.h"

#include <errno.h>
#include <sys/stat.h>

START_TEST(another_file_takes_over_and_the_ring_stays)
{
	open_journal(path, 5);
	note("a");
	ck_assert_int_eq(journal_change(journal, moved, 5, &fault), 0);
	ck_assert_str_eq(journal_file(journal), moved);
	note("b");
	ck_assert_str_eq(content(path), T "\"seq\":1,\"event\":\"a\"}\n");
	ck_assert_str_eq(content(moved), T "\"seq\":2,\"event\":\"b\"}\n");
	ck_assert_str_eq(ring(), T "\"seq\":1,\"event\":\"a\"}\n" T
				   "\"seq\":2,\"event\":\"b\"}\n");
}
END_TEST

START_TEST(a_file_may_come_and_go)
{
	open_journal(NULL, 5);
	ck_assert_ptr_null(journal_file(journal));
	note("a");
	ck_assert_int_eq(journal_change(journal, path, 5, &fault), 0);
	note("b");
	ck_assert_int_eq(journal_change(journal, NULL, 5, &fault), 0);
	ck_assert_ptr_null(journal_file(journal));
	note("c");
	ck_assert_str_eq(content(path), T "\"seq\":2,\"event\":\"b\"}\n");
	ck_assert_uint_eq(journal_lost(journal), 0);
}
END_TEST

START_TEST(a_file_that_stays_is_not_opened_again)
{
	open_journal(path, 5);
	ck_assert_int_eq(rename(path, moved), 0);
	ck_assert_int_eq(journal_change(journal, path, 6, &fault), 0);
	note("a");
	ck_assert_str_eq(content(moved), T "\"seq\":1,\"event\":\"a\"}\n");
	ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(a_change_that_fails_changes_nothing)
{
	open_journal(path, 2);
	note("a");
	note("b");
	ck_assert_int_eq(mkdir(moved, 0700), 0);
	ck_assert_int_eq(journal_change(journal, moved, 1, &fault), -EISDIR);
	ck_assert_ptr_nonnull(strstr(fault.text, moved));
	rmdir(moved);
	ck_assert_int_eq(journal_change(journal, moved, 0, &fault), -EINVAL);
	ck_assert_int_ne(access(moved, F_OK), 0);
	ck_assert_str_eq(journal_file(journal), path);
	ck_assert_str_eq(ring(), content(path));
	note("c");
	ck_assert_ptr_nonnull(strstr(content(path), "\"c\""));
}
END_TEST

/* Changes journal.ring from OLD to NEW events after NOTED events; the newest must
 * stay. */
static void check_ring_change(size_t old, size_t new, int noted)
{
	char expected[1024] = "";
	int kept = (int)(old < new ? old : new);

	open_journal(NULL, old);
	for (int i = 1; i <= noted; i++)
		note("x");
	ck_assert_int_eq(journal_change(journal, NULL, new, &fault), 0);
	for (int i = noted > kept ? noted - kept + 1 : 1; i <= noted; i++)
		snprintf(expected + strlen(expected), sizeof expected - strlen(expected),
			 T "\"seq\":%d,\"event\":\"x\"}\n", i);
	ck_assert_str_eq(ring(), expected);
	for (size_t i = 0; i < 2 * new; i++)
		note("y");
	ck_assert_uint_eq(journal_count(journal), (uint64_t)noted + 2 * new);
	ck_assert_ptr_null(strstr(ring(), "\"x\""));
	journal_close(journal);
	journal = NULL;
}

START_TEST(the_ring_keeps_the_newest_when_its_size_changes)
{
	for (int noted = 0; noted < 9; noted++) {
		check_ring_change(3, 5, noted);
		check_ring_change(5, 3, noted);
		check_ring_change(1, 4, noted);
		check_ring_change(4, 1, noted);
		check_ring_change(4, 4, noted);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("journal change");
	TCase *tests = tcase_create("change");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, another_file_takes_over_and_the_ring_stays);
	tcase_add_test(tests, a_file_may_come_and_go);
	tcase_add_test(tests, a_file_that_stays_is_not_opened_again);
	tcase_add_test(tests, a_change_that_fails_changes_nothing);
	tcase_add_test(tests, the_ring_keeps_the_newest_when_its_size_changes);
	suite_add_tcase(suite, tests);
	return suite;
}
