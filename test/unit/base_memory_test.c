/* SPDX-License-Identifier: MIT */
/* Out of memory ends the process at once; other pointers are returned unchanged. */
#include "base/memory.h"
#include "unit.h"

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

static sigjmp_buf aborted;

static void on_abort(int signal)
{
	(void)signal;
	siglongjmp(aborted, 1);
}

START_TEST(what_could_not_be_had_ends_the_process)
{
	struct sigaction before, catching = { .sa_handler = on_abort };
	volatile bool has_returned = false;

	sigaction(SIGABRT, &catching, &before);
	if (sigsetjmp(aborted, 1) == 0) {
		memory_checked(NULL);
		has_returned = true;
	}
	sigaction(SIGABRT, &before, NULL);
	ck_assert(!has_returned);
}
END_TEST

START_TEST(what_was_had_is_handed_through)
{
	int had = 0;

	ck_assert_ptr_eq(memory_checked(&had), &had);
}
END_TEST

START_TEST(new_memory_is_zeroed)
{
	char *bytes = memory_new(64);

	for (size_t i = 0; i < 64; i++)
		ck_assert_int_eq(bytes[i], 0);
	free(bytes);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("base_memory");
	TCase *tests = tcase_create("memory");

	tcase_add_test(tests, what_could_not_be_had_ends_the_process);
	tcase_add_test(tests, what_was_had_is_handed_through);
	tcase_add_test(tests, new_memory_is_zeroed);
	suite_add_tcase(suite, tests);
	return suite;
}
