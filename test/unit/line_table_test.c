/* SPDX-License-Identifier: MIT */
/* The table's own check, proved on tables with one fault each; its picture; storms. */
#include "base/list.h"
#include "line/table.h"
#include "model/presence.h"

#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 64 };

/* A copy of the table, in which a test makes a fault. */
static struct machine_row rows[ROWS];
static struct line_table table;
static char *text;
static size_t size;
static FILE *out;

static void setup(void)
{
	ck_assert_uint_lt(line_table.count, ROWS);
	memcpy(rows, line_table.rows, line_table.count * sizeof rows[0]);
	table = line_table;
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

static size_t row_at(enum line_state in, enum line_on on)
{
	for (size_t i = 0; i < table.count; i++)
		if (rows[i].in == in && rows[i].on == on)
			return i;
	ck_abort_msg("no row %s %s", line_state_name(in), line_on_name(on));
}

static void remove_row(size_t at)
{
	table.count--;
	memmove(&rows[at], &rows[at + 1], (table.count - at) * sizeof rows[0]);
}

static void expect(const char *told, unsigned faults)
{
	unsigned actual = line_table_check_any(&table, out);

	fflush(out);
	ck_assert_str_eq(text, told);
	ck_assert_uint_eq(actual, faults);
}

START_TEST(the_table_has_no_holes)
{
	unsigned faults = line_table_check(stderr);

	ck_assert_uint_eq(faults, 0);
}
END_TEST

START_TEST(a_state_that_no_row_leads_to_is_found)
{
	rows[row_at(LINE_IDLE, LINE_ON_OFF_HOOK) + 1].go_to = LINE_ENDED;
	expect("RESERVED: no row leads here\n", 1);
}
END_TEST

START_TEST(a_state_without_a_way_out_is_found)
{
	for (size_t i = 0; i < table.count; i++)
		if (rows[i].in == LINE_RESERVED)
			rows[i].go_to = LINE_RESERVED;
	expect("RESERVED: no way leads to ENDED\n", 1);
}
END_TEST

START_TEST(a_way_out_of_the_last_state_is_found)
{
	struct machine_row row = rows[row_at(LINE_RESERVED, LINE_ON_DIALLED)];

	remove_row(row_at(LINE_RESERVED, LINE_ON_DIALLED));
	row.in = LINE_ENDED;
	row.go_to = LINE_IDLE;
	rows[table.count++] = row;
	expect("ENDED DIALLED: leaves the last state\n", 1);
}
END_TEST

START_TEST(a_living_state_without_broken_is_found)
{
	remove_row(row_at(LINE_IDLE, LINE_ON_BROKEN));
	expect("IDLE: no BROKEN row that always fits\n", 1);
}
END_TEST

START_TEST(a_broken_row_that_does_not_always_fit_is_found)
{
	rows[row_at(LINE_RESERVED, LINE_ON_BROKEN)].guard =
		rows[row_at(LINE_IDLE, LINE_ON_OFF_HOOK)].guard;
	expect("RESERVED: no BROKEN row that always fits\n", 1);
}
END_TEST

START_TEST(a_timer_without_a_row_is_found)
{
	remove_row(row_at(LINE_RESERVED, LINE_ON_TIMEOUT));
	expect("RESERVED: timer and TIMEOUT row do not agree\n", 1);
}
END_TEST

START_TEST(a_timeout_without_a_timer_is_found)
{
	table.is_timed[LINE_RESERVED] = false;
	expect("RESERVED: timer and TIMEOUT row do not agree\n", 1);
}
END_TEST

START_TEST(a_row_behind_always_is_found)
{
	size_t first = row_at(LINE_IDLE, LINE_ON_OFF_HOOK);
	struct machine_row row = rows[first];

	rows[first] = rows[first + 1];
	rows[first + 1] = row;
	expect("IDLE OFF_HOOK is_rejected: hidden behind always\n", 1);
}
END_TEST

START_TEST(the_picture_shows_every_row)
{
	unsigned arrows = 0;

	line_table_dot(out);
	fflush(out);
	for (const char *at = text; (at = strstr(at, " -> ")) != NULL; at++)
		arrows++;
	ck_assert_uint_eq(arrows, (unsigned)line_table.count);
	ck_assert_int_eq(strncmp(text, "digraph line {\n", 15), 0);
	ck_assert_ptr_nonnull(strstr(
		text, "\tIDLE -> ENDED [label=\"OFF_HOOK [is_rejected]\\nreject\"];\n"));
	ck_assert_ptr_nonnull(strstr(text, "\\nreservation time\"];\n"));
	ck_assert_str_eq(text + size - 2, "}\n");
}
END_TEST

/*
 * Whatever happens to a reservation, in whatever order, some things stay true: it ends at
 * most once and then nothing more is done, one final answer goes out, the line goes back
 * or to a call once and is never lost, and what was shown as trying is shown as
 * terminated unless a call takes it over.
 */

struct witness {
	struct line line;
	struct verdict verdict;
	bool is_seize_broken, is_progress_broken, is_reject_broken;
	bool is_ours;
	unsigned seized, given_back, handed_over, finals, trying, terminated, ended,
		armed_s;
};

static struct witness *witness_of(struct line *line)
{
	struct witness *witness = container_of(line, struct witness, line);

	ck_assert_uint_eq(witness->ended, 0);
	return witness;
}

static int see_seize(struct line *line)
{
	struct witness *witness = witness_of(line);

	if (witness->is_seize_broken)
		return -EBUSY;
	witness->seized++;
	witness->is_ours = true;
	return 0;
}

static void see_release(struct line *line)
{
	struct witness *witness = witness_of(line);

	witness->given_back += witness->is_ours;
	witness->is_ours = false;
}

static void see_hand_over(struct line *line)
{
	struct witness *witness = witness_of(line);

	ck_assert(witness->is_ours);
	witness->handed_over++;
	witness->is_ours = false;
}

static int see_progress(struct line *line)
{
	struct witness *witness = witness_of(line);

	ck_assert(witness->is_ours);
	ck_assert_uint_eq(witness->finals, 0);
	return witness->is_progress_broken ? -EIO : 0;
}

static int see_reject(struct line *line, int status, const struct verdict *why)
{
	struct witness *witness = witness_of(line);

	(void)why;
	ck_assert_int_ge(status, 300);
	if (witness->is_reject_broken)
		return -EIO;
	witness->finals++;
	return 0;
}

static void see_show(struct line *line, bool is_over, int event, int code)
{
	struct witness *witness = witness_of(line);

	if (!is_over) {
		ck_assert(witness->is_ours);
		witness->trying++;
		return;
	}
	ck_assert_uint_eq(witness->trying, 1);
	ck_assert_int_ne(event, SHOWN_NO_EVENT);
	ck_assert_int_ge(code, 300);
	witness->terminated++;
}

static void see_arm(struct line *line, unsigned seconds)
{
	witness_of(line)->armed_s = seconds;
}

static void see_note(struct line *line, const char *event, int status, const char *rule)
{
	witness_of(line);
	(void)event;
	(void)status;
	(void)rule;
}

static void see_end(struct line *line)
{
	witness_of(line)->ended++;
}

static const struct line_port port = {
	.seize = see_seize,
	.release = see_release,
	.hand_over = see_hand_over,
	.progress = see_progress,
	.reject = see_reject,
	.show = see_show,
	.arm = see_arm,
	.note = see_note,
	.ended = see_end,
};

static void must_hold(const struct witness *witness)
{
	const struct line *line = &witness->line;
	bool has_ended = line_state(line) == LINE_ENDED;

	ck_assert_uint_eq(witness->ended, has_ended);
	ck_assert_uint_le(witness->finals, 1);
	ck_assert_uint_eq(line->status != 0, witness->finals);
	ck_assert_uint_eq(witness->armed_s,
			  line_table.is_timed[line_state(line)] ? 45 : 0);
	ck_assert_uint_eq(witness->is_ours, line_state(line) == LINE_RESERVED);
	ck_assert_uint_eq(witness->seized,
			  witness->is_ours + witness->given_back + witness->handed_over);
	ck_assert_uint_eq(witness->trying - witness->terminated - witness->handed_over,
			  line_state(line) == LINE_RESERVED);
	if (has_ended && !witness->is_reject_broken)
		ck_assert_uint_eq(witness->finals, 1);
}

/* Events from outside. */
static const enum line_on storm[] = { LINE_ON_OFF_HOOK, LINE_ON_DIALLED, LINE_ON_CANCEL,
				      LINE_ON_TIMEOUT, LINE_ON_BROKEN };

enum { EVENTS = sizeof storm / sizeof storm[0], LENGTH = 4 };

static const struct witness kinds[] = {
	{ .is_seize_broken = false },
	{ .is_seize_broken = true },
	{ .verdict = { .kind = VERDICT_REJECT, .status = 403, .rule = "" } },
};

/* Loop test: each kind of reservation with each set of failing functions, in all orders
 * of events. */
START_TEST(whatever_happens_some_things_stay_true)
{
	unsigned orders = 1;

	for (unsigned i = 0; i < LENGTH; i++)
		orders *= EVENTS;
	for (unsigned order = 0; order < orders; order++) {
		struct witness witness = kinds[_i / 4];
		unsigned rest = order;

		witness.is_progress_broken = _i & 1;
		witness.is_reject_broken = _i & 2;
		line_init(&witness.line, &port, &witness.verdict, 45, 487);
		for (unsigned i = 0; i < LENGTH; i++, rest /= EVENTS) {
			line_handle(&witness.line, storm[rest % EVENTS]);
			must_hold(&witness);
		}
	}
}
END_TEST

/* Loop test: every event in every state leads where a row says, or nowhere. */
START_TEST(every_event_in_every_state)
{
	enum line_on on = (enum line_on)(_i % LINE_ONS);
	enum line_state in = (enum line_state)(_i / LINE_ONS), expected = in;
	struct witness witness = { .verdict = { .rule = "" } };

	line_init(&witness.line, &port, &witness.verdict, 45, 487);
	if (in != LINE_IDLE)
		line_handle(&witness.line, LINE_ON_OFF_HOOK);
	if (in == LINE_ENDED)
		line_handle(&witness.line, LINE_ON_CANCEL);
	ck_assert_int_eq(line_state(&witness.line), in);
	for (size_t i = line_table.count; i-- > 0;)
		if (line_table.rows[i].in == in && line_table.rows[i].on == on &&
		    line_kind.holds(line_table.rows[i].guard, &witness.line))
			expected = line_table.rows[i].go_to;
	line_handle(&witness.line, on);
	ck_assert_int_eq(line_state(&witness.line), expected);
	must_hold(&witness);
}
END_TEST

START_TEST(a_reservation_lasts_as_the_telephone_wants_within_bounds)
{
	static const struct {
		unsigned wanted_s, most_s, lasts_s;
	} cases[] = {
		{ 0, 30, 30 },	{ 30, 30, 30 },	  { 31, 30, 30 },   { 4000000000, 30, 30 },
		{ 1, 30, 30 },	{ 29, 240, 30 },  { 30, 240, 30 },  { 31, 240, 31 },
		{ 0, 240, 240 }, { 239, 240, 239 }, { 240, 240, 240 }, { 241, 240, 240 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		ck_assert_uint_eq(line_reservation_s(cases[i].wanted_s, cases[i].most_s),
				  cases[i].lasts_s);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("line table");
	TCase *tests = tcase_create("table"), *storms = tcase_create("storm");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_table_has_no_holes);
	tcase_add_test(tests, a_state_that_no_row_leads_to_is_found);
	tcase_add_test(tests, a_state_without_a_way_out_is_found);
	tcase_add_test(tests, a_way_out_of_the_last_state_is_found);
	tcase_add_test(tests, a_living_state_without_broken_is_found);
	tcase_add_test(tests, a_broken_row_that_does_not_always_fit_is_found);
	tcase_add_test(tests, a_timer_without_a_row_is_found);
	tcase_add_test(tests, a_timeout_without_a_timer_is_found);
	tcase_add_test(tests, a_row_behind_always_is_found);
	tcase_add_test(tests, the_picture_shows_every_row);
	suite_add_tcase(suite, tests);
	tcase_add_loop_test(storms, whatever_happens_some_things_stay_true, 0,
			    4 * (int)(sizeof kinds / sizeof kinds[0]));
	tcase_add_loop_test(storms, every_event_in_every_state, 0,
			    LINE_STATES * LINE_ONS);
	tcase_add_test(storms, a_reservation_lasts_as_the_telephone_wants_within_bounds);
	suite_add_tcase(suite, storms);
	return suite;
}
