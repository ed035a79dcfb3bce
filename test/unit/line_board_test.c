/* SPDX-License-Identifier: MIT */
/* The board of appearances: who may have which line, and that none is lost. */
#include "line/board.h"

#include "unit.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static struct board *board;

/* With the address sanitizer mallinfo2() counts nothing; without it this symbol is NULL. */
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t allocated(void)
{
	return __sanitizer_get_current_allocated_bytes
		       ? __sanitizer_get_current_allocated_bytes()
		       : mallinfo2().uordblks;
}

static void setup(void)
{
	board = board_new();
}

static void teardown(void)
{
	board_free(board);
}

START_TEST(the_line_wanted_is_given_once)
{
	ck_assert_int_eq(board_seize(board, "1001", 3, 2), 2);
	ck_assert_int_eq(board_seize(board, "1001", 3, 2), BOARD_BUSY);
	ck_assert_int_eq(board_seize(board, "1001", 3, 1), 1);
	ck_assert_int_eq(board_seize(board, "1001", 3, 3), 3);
	ck_assert_uint_eq(board_in_use(board, "1001"), 3);
}
END_TEST

START_TEST(no_wish_is_the_lowest_idle_line)
{
	ck_assert_int_eq(board_seize(board, "1001", 3, 2), 2);
	ck_assert_int_eq(board_seize(board, "1001", 3, 0), 1);
	ck_assert_int_eq(board_seize(board, "1001", 3, 0), 3);
	ck_assert_int_eq(board_seize(board, "1001", 3, 0), BOARD_BUSY);
	board_release(board, "1001", 2);
	ck_assert_int_eq(board_seize(board, "1001", 3, 0), 2);
}
END_TEST

START_TEST(a_line_the_station_has_not_is_not_given)
{
	ck_assert_int_eq(board_seize(board, "1001", 3, 4), BOARD_NO_SUCH_LINE);
	ck_assert_int_eq(board_seize(board, "1001", 3, UINT32_MAX), BOARD_NO_SUCH_LINE);
	ck_assert_int_eq(board_seize(board, "1001", 0, 1), BOARD_NO_SUCH_LINE);
	ck_assert_int_eq(board_seize(board, "1001", 0, 0), BOARD_BUSY);
	ck_assert_uint_eq(board_in_use(board, NULL), 0);
}
END_TEST

START_TEST(a_line_used_when_the_station_still_had_it_can_be_given_back)
{
	ck_assert_int_eq(board_seize(board, "1001", 3, 3), 3);
	ck_assert_int_eq(board_seize(board, "1001", 1, 3), BOARD_NO_SUCH_LINE);
	ck_assert_int_eq(board_seize(board, "1001", 1, 0), 1);
	board_release(board, "1001", 3);
	board_release(board, "1001", 1);
	ck_assert_uint_eq(board_in_use(board, NULL), 0);
}
END_TEST

START_TEST(giving_back_what_is_idle_changes_nothing)
{
	board_release(board, "1001", 1);
	ck_assert_int_eq(board_seize(board, "1001", 3, 1), 1);
	board_release(board, "1001", 0);
	board_release(board, "1001", 2);
	board_release(board, "1001", 257);
	board_release(board, "1001", UINT32_MAX);
	board_release(board, "1002", 1);
	ck_assert_uint_eq(board_in_use(board, "1001"), 1);
	board_release(board, "1001", 1);
	board_release(board, "1001", 1);
	ck_assert_uint_eq(board_in_use(board, NULL), 0);
}
END_TEST

START_TEST(a_station_has_256_lines_at_most)
{
	for (int line = 1; line <= 256; line++)
		ck_assert_int_eq(board_seize(board, "1001", 1000, 0), line);
	ck_assert_int_eq(board_seize(board, "1001", 1000, 0), BOARD_BUSY);
	ck_assert_int_eq(board_seize(board, "1001", 1000, 256), BOARD_BUSY);
	ck_assert_int_eq(board_seize(board, "1001", 1000, 257), BOARD_NO_SUCH_LINE);
	for (unsigned line = 256; line > 0; line--) {
		board_release(board, "1001", line);
		ck_assert_int_eq(board_seize(board, "1001", 1000, 0), (int)line);
		board_release(board, "1001", line);
	}
	ck_assert_uint_eq(board_in_use(board, "1001"), 0);
}
END_TEST

START_TEST(stations_do_not_share_lines)
{
	enum { STATIONS = 5000 };
	char extension[16];

	for (unsigned i = 0; i < STATIONS; i++) {
		snprintf(extension, sizeof extension, "%u", 10000 + i);
		ck_assert_int_eq(board_seize(board, extension, 3, 1 + i % 3),
				 1 + (int)(i % 3));
	}
	ck_assert_uint_eq(board_in_use(board, NULL), STATIONS);
	for (unsigned i = 0; i < STATIONS; i += 2) {
		snprintf(extension, sizeof extension, "%u", 10000 + i);
		board_release(board, extension, 1 + i % 3);
		ck_assert_uint_eq(board_in_use(board, extension), 0);
	}
	ck_assert_uint_eq(board_in_use(board, "10001"), 1);
	ck_assert_uint_eq(board_in_use(board, NULL), STATIONS / 2);
	/* The rest is freed with the board. */
}
END_TEST

START_TEST(no_board_is_fine)
{
	board_free(NULL);
}
END_TEST

/* Otherwise every station that ever had a call would cost memory. */
START_TEST(a_station_without_lines_in_use_is_forgotten)
{
	size_t before = allocated();

	for (unsigned i = 0; i < 1000; i++) {
		char extension[16];

		snprintf(extension, sizeof extension, "%u", i);
		ck_assert_int_eq(board_seize(board, extension, 3, 0), 1);
		board_release(board, extension, 1);
	}
	ck_assert_uint_le(allocated(), before + 1000);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("line board");
	TCase *tests = tcase_create("board");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_line_wanted_is_given_once);
	tcase_add_test(tests, no_wish_is_the_lowest_idle_line);
	tcase_add_test(tests, a_station_without_lines_in_use_is_forgotten);
	tcase_add_test(tests, a_line_the_station_has_not_is_not_given);
	tcase_add_test(tests,
		       a_line_used_when_the_station_still_had_it_can_be_given_back);
	tcase_add_test(tests, giving_back_what_is_idle_changes_nothing);
	tcase_add_test(tests, a_station_has_256_lines_at_most);
	tcase_add_test(tests, stations_do_not_share_lines);
	tcase_add_test(tests, no_board_is_fine);
	suite_add_tcase(suite, tests);
	return suite;
}
