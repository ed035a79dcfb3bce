/* SPDX-License-Identifier: MIT */
/* The check of the table, tested with tables of one fault each; its picture. */
#include "call/deed.h"
#include "call/table.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 256 };

/* A copy of the table, in which a test makes a fault. */
static struct machine_row rows[ROWS];
static struct call_table table;
static char *text;
static size_t size;
static FILE *out;

static void setup(void)
{
	ck_assert_uint_lt(call_table.count, ROWS);
	memcpy(rows, call_table.rows, call_table.count * sizeof rows[0]);
	table = call_table;
	table.rows = rows;
	out = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(out);
}

static void teardown(void)
{
	fclose(out);
	free(text);
	text = NULL;
}

static size_t row_at(enum call_state in, enum call_on on)
{
	for (size_t i = 0; i < table.count; i++)
		if (rows[i].in == in && rows[i].on == on)
			return i;
	ck_abort_msg("no row %s %s", call_state_name(in), call_on_name(on));
}

static void remove_row(size_t at)
{
	table.count--;
	memmove(&rows[at], &rows[at + 1], (table.count - at) * sizeof rows[0]);
}

static void remove_rows(enum call_state in, enum call_on on)
{
	for (size_t i = table.count; i-- > 0;)
		if (rows[i].in == in && rows[i].on == on)
			remove_row(i);
}

static void swap_rows(size_t one, size_t other)
{
	struct machine_row row = rows[one];

	rows[one] = rows[other];
	rows[other] = row;
}

static void expect_only(const char *fault)
{
	unsigned faults = call_table_check_any(&table, out);

	fflush(out);
	ck_assert_str_eq(text, fault);
	ck_assert_uint_eq(faults, 1);
}

START_TEST(the_table_has_no_holes)
{
	unsigned faults = call_table_check(stderr);

	ck_assert_uint_eq(faults, 0);
}
END_TEST

START_TEST(a_state_that_no_row_leads_to_is_found)
{
	for (size_t i = 0; i < table.count; i++)
		if (rows[i].go_to == CALL_REPLACING)
			rows[i].go_to = CALL_ENDING;
	expect_only("REPLACING: no row leads here\n");
}
END_TEST

START_TEST(a_state_without_a_way_out_is_found)
{
	for (size_t i = table.count; i-- > 0;)
		if (rows[i].in == CALL_CANCELLING && rows[i].go_to != CALL_STAY)
			remove_row(i);
	table.timers[CALL_CANCELLING] = TIMER_NONE;
	ck_assert_uint_eq(call_table_check_any(&table, out), 2);
	fflush(out);
	ck_assert_str_eq(text, "CANCELLING: no way leads to ENDED\n"
			       "CANCELLING: no BROKEN row that always fits\n");
}
END_TEST

START_TEST(a_living_state_without_broken_is_found)
{
	remove_rows(CALL_TALKING, ON_BROKEN);
	expect_only("TALKING: no BROKEN row that always fits\n");
}
END_TEST

START_TEST(a_broken_row_that_does_not_always_fit_is_found)
{
	rows[row_at(CALL_IDLE, ON_BROKEN)].guard = (machine_f *)call_if_is_proxied;
	expect_only("IDLE: no BROKEN row that always fits\n");
}
END_TEST

START_TEST(a_broken_row_that_stays_is_found)
{
	rows[row_at(CALL_ENDING, ON_BROKEN)].go_to = CALL_STAY;
	expect_only("ENDING BROKEN: does not leave it\n");
}
END_TEST

START_TEST(a_timer_without_a_row_is_found)
{
	remove_rows(CALL_ENDING, ON_TIMEOUT);
	expect_only("ENDING: a timer but no TIMEOUT row that always fits\n");
}
END_TEST

START_TEST(a_timeout_that_does_not_always_fit_is_found)
{
	rows[row_at(CALL_ENDING, ON_TIMEOUT)].guard = (machine_f *)call_if_is_proxied;
	expect_only("ENDING: a timer but no TIMEOUT row that always fits\n");
}
END_TEST

START_TEST(a_timeout_without_a_timer_is_found)
{
	table.timers[CALL_RINGING] = TIMER_NONE;
	expect_only("RINGING: a TIMEOUT row but no timer\n");
}
END_TEST

START_TEST(a_timeout_that_stays_is_found)
{
	rows[row_at(CALL_REPLACING, ON_TIMEOUT)].go_to = CALL_STAY;
	expect_only("REPLACING: TIMEOUT stays, and no timer runs any more\n");
}
END_TEST

START_TEST(a_row_behind_always_is_found)
{
	size_t first = row_at(CALL_ENDING, ON_ANSWER);

	swap_rows(first, first + 1);
	expect_only("ENDING ANSWER is_proxied: hidden behind always\n");
}
END_TEST

START_TEST(a_row_written_twice_is_found)
{
	size_t first = row_at(CALL_RINGING, ON_BUSY);

	rows[first + 1].guard = rows[first].guard;
	expect_only("RINGING BUSY is_refused: hidden behind may_forward\n");
}
END_TEST

START_TEST(a_row_apart_from_its_state_is_found)
{
	swap_rows(row_at(CALL_TALKING, ON_REQUEST), row_at(CALL_ACTING, ON_DONE));
	ck_assert_uint_eq(call_table_check_any(&table, out), 2);
	fflush(out);
	ck_assert_str_eq(text, "TALKING BYE is_proxied: apart from its state's\n"
			       "ACTING FAILURE always: apart from its state's\n");
}
END_TEST

START_TEST(a_request_without_an_answer_is_found)
{
	remove_rows(CALL_ENDED, ON_BYE);
	expect_only("ENDED: BYE may stay unanswered\n");
}
END_TEST

START_TEST(a_way_out_of_the_last_state_is_found)
{
	rows[row_at(CALL_ENDED, ON_BYE)].go_to = CALL_IDLE;
	expect_only("ENDED BYE: leaves the last state\n");
}
END_TEST

static unsigned count_of(const char *needle)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, needle)) != NULL; at++)
		count++;
	return count;
}

START_TEST(the_picture_shows_every_row_and_is_always_the_same)
{
	char *again = NULL;
	size_t length;
	FILE *other = open_memstream(&again, &length);

	call_table_dot(out);
	call_table_dot(other);
	fflush(out);
	fclose(other);
	ck_assert_str_eq(text, again);
	free(again);
	ck_assert_uint_eq(count_of(" -> "), (unsigned)call_table.count);
	ck_assert_uint_eq(count_of("digraph call {\n"), 1);
	ck_assert_ptr_nonnull(
		strstr(text, "\tRINGING [label=\"RINGING\\nring time\"];\n"));
	ck_assert_ptr_nonnull(
		strstr(text, "\tENDING [label=\"ENDING\\ntransaction time\"];\n"));
	ck_assert_ptr_nonnull(strstr(
		text, "\tRINGING -> TRYING [label=\"BUSY [may_forward]\\nforward\"];\n"));
	ck_assert_ptr_nonnull(strstr(text, "\tTALKING -> TALKING [label=\"REQUEST\\n"
					   "relay_request\", style=dotted];\n"));
	ck_assert_str_eq(text + size - 2, "}\n");
}
END_TEST

START_TEST(a_final_response_is_one_event)
{
	static const struct {
		int status;
		enum call_on on;
	} finals[] = {
		{ 200, ON_ANSWER }, { 202, ON_ANSWER }, { 299, ON_ANSWER },
		{ 302, ON_FAILURE }, { 403, ON_FAILURE }, { 404, ON_FAILURE },
		{ 408, ON_UNREACHABLE }, { 480, ON_UNREACHABLE }, { 486, ON_BUSY },
		{ 487, ON_FAILURE }, { 500, ON_UNREACHABLE }, { 501, ON_FAILURE },
		{ 502, ON_UNREACHABLE }, { 503, ON_UNREACHABLE }, { 504, ON_UNREACHABLE },
		{ 600, ON_BUSY }, { 603, ON_FAILURE }, { 699, ON_FAILURE },
	};

	for (size_t i = 0; i < sizeof finals / sizeof finals[0]; i++)
		ck_assert_msg(call_on_final(finals[i].status) == finals[i].on, "%d is %s",
			      finals[i].status,
			      call_on_name(call_on_final(finals[i].status)));
}
END_TEST

START_TEST(everything_noted_has_a_word_of_its_own)
{
	for (unsigned note = 0; note < CALL_NOTES; note++) {
		ck_assert_ptr_nonnull(call_note_name(note));
		for (unsigned other = 0; other < note; other++)
			ck_assert_str_ne(call_note_name(note), call_note_name(other));
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("call table");
	TCase *tests = tcase_create("table");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_table_has_no_holes);
	tcase_add_test(tests, a_state_that_no_row_leads_to_is_found);
	tcase_add_test(tests, a_state_without_a_way_out_is_found);
	tcase_add_test(tests, a_living_state_without_broken_is_found);
	tcase_add_test(tests, a_broken_row_that_does_not_always_fit_is_found);
	tcase_add_test(tests, a_broken_row_that_stays_is_found);
	tcase_add_test(tests, a_timer_without_a_row_is_found);
	tcase_add_test(tests, a_timeout_that_does_not_always_fit_is_found);
	tcase_add_test(tests, a_timeout_without_a_timer_is_found);
	tcase_add_test(tests, a_timeout_that_stays_is_found);
	tcase_add_test(tests, a_row_behind_always_is_found);
	tcase_add_test(tests, a_row_written_twice_is_found);
	tcase_add_test(tests, a_row_apart_from_its_state_is_found);
	tcase_add_test(tests, a_request_without_an_answer_is_found);
	tcase_add_test(tests, a_way_out_of_the_last_state_is_found);
	tcase_add_test(tests, the_picture_shows_every_row_and_is_always_the_same);
	tcase_add_test(tests, a_final_response_is_one_event);
	tcase_add_test(tests, everything_noted_has_a_word_of_its_own);
	suite_add_tcase(suite, tests);
	return suite;
}
