/* SPDX-License-Identifier: MIT */
/* When a call that several telephones answered is over, in the proxy model. */
#include "half/answers.h"
#include "base/arena.h"

#include "unit.h"

#define COUNT(array) (sizeof array / sizeof *array)

/* Each letter is a To tag: a small one is its 2xx or ACK, a capital one its BYE. */
static const struct story {
	const char *happens;
	bool is_over;		/* after the last BYE */
} stories[] = {
	{ "A", true },		/* before any answer */
	{ "aA", true },
	{ "aaA", true },
	{ "abB", false },
	{ "abBA", true },
	{ "abA", false },
	{ "abAB", true },
	{ "aBbA", true },	/* a BYE that arrives before its ACK */
	{ "abBB", false },
	{ "abcdefghiI", false },	/* more than ANSWERS_MAX */
	{ "abcdefghHGFEDCBA", true },
};

START_TEST(a_call_is_over_with_its_last_fork)
{
	struct arena arena = { 0 };
	struct answers answers = { 0 };
	bool is_over = false;

	for (const char *c = stories[_i].happens; *c; c++) {
		char tag[] = { *c | 0x20, '\0' };

		if (*c == *tag)
			answers_add(&answers, &arena, tag);
		else
			is_over = answers_end(&answers, &arena, tag);
	}
	ck_assert_int_eq(is_over, stories[_i].is_over);
	arena_clear(&arena);
}
END_TEST

START_TEST(a_request_without_a_tag_is_of_no_fork)
{
	struct arena arena = { 0 };
	struct answers answers = { 0 };

	answers_add(&answers, &arena, NULL);
	ck_assert(answers_end(&answers, &arena, NULL));
	answers_add(&answers, &arena, "a");
	ck_assert(!answers_end(&answers, &arena, NULL));
	ck_assert(answers_end(&answers, &arena, "A"));	/* tags ignore case */
	arena_clear(&arena);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("half_answers");
	TCase *tests = tcase_create("answers");

	tcase_add_loop_test(tests, a_call_is_over_with_its_last_fork, 0,
			    (int)COUNT(stories));
	tcase_add_test(tests, a_request_without_a_tag_is_of_no_fork);
	suite_add_tcase(suite, tests);
	return suite;
}
