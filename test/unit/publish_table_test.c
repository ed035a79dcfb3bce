/* SPDX-License-Identifier: MIT */
/* The check of the table, tested with one fault each; every answer in every state. */
#include "publish/deed.h"
#include "publish/table.h"

#include "publish_peer.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 128 };

/* A copy of the table, in which a test makes a fault. */
static struct machine_row rows[ROWS];
static struct publish_table table;
static char *text;
static size_t size;
static FILE *out;

static void setup(void)
{
	ck_assert_uint_lt(publish_table.count, ROWS);
	memcpy(rows, publish_table.rows, publish_table.count * sizeof rows[0]);
	table = publish_table;
	table.rows = rows;
	out = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(out);
	peer_set_up();
}

static void teardown(void)
{
	fclose(out);
	free(text);
	text = NULL;
	peer_tear_down();
}

static size_t row_at(enum publish_state in, enum publish_on on)
{
	for (size_t i = 0; i < table.count; i++)
		if (rows[i].in == in && rows[i].on == on)
			return i;
	ck_abort_msg("no row %s %s", publish_state_name(in), publish_on_name(on));
}

static void remove_row(enum publish_state in, enum publish_on on)
{
	size_t at = row_at(in, on);

	table.count--;
	memmove(&rows[at], &rows[at + 1], (table.count - at) * sizeof rows[0]);
}

static void expect(const char *fault)
{
	unsigned faults = publish_table_check_any(&table, out);

	fflush(out);
	ck_assert_msg(strstr(text, fault) != NULL, "%s", text);
	ck_assert_uint_ge(faults, 1);
}

static void expect_only(const char *fault)
{
	unsigned faults = publish_table_check_any(&table, out);

	fflush(out);
	ck_assert_str_eq(text, fault);
	ck_assert_uint_eq(faults, 1);
}

START_TEST(the_table_has_no_holes)
{
	ck_assert_uint_eq(publish_table_check(stderr), 0);
}
END_TEST

START_TEST(an_answer_without_a_row_is_found)
{
	remove_row(PUBLISH_REMOVING, PUBLISH_ON_DENIED);
	expect_only("REMOVING: no DENIED row that always fits\n");
}
END_TEST

START_TEST(news_without_a_row_is_found)
{
	remove_row(PUBLISH_WAITING, PUBLISH_ON_SHOW);
	expect_only("WAITING: no SHOW row that always fits\n");
}
END_TEST

START_TEST(a_living_state_without_broken_is_found)
{
	remove_row(PUBLISH_PUBLISHED, PUBLISH_ON_BROKEN);
	expect_only("PUBLISHED: no BROKEN row that always fits\n");
}
END_TEST

START_TEST(a_broken_row_that_gives_up_is_found)
{
	rows[row_at(PUBLISH_SENDING, PUBLISH_ON_BROKEN)].go_to = PUBLISH_IDLE;
	expect_only("SENDING BROKEN: nothing tries again\n");
}
END_TEST

START_TEST(a_timer_without_a_row_is_found)
{
	table.timers[PUBLISH_IDLE] = PUBLISH_TIMER_BACK_OFF;
	expect_only("IDLE: no TIMEOUT row that always fits\n");
}
END_TEST

START_TEST(a_change_of_the_settings_without_a_row_is_found)
{
	remove_row(PUBLISH_PUBLISHED, PUBLISH_ON_CHANGED);
	expect_only("PUBLISHED: no CHANGED row that always fits\n");
}
END_TEST

START_TEST(a_timeout_without_a_timer_is_found)
{
	remove_row(PUBLISH_PUBLISHED, PUBLISH_ON_CHANGED);
	table.timers[PUBLISH_PUBLISHED] = PUBLISH_TIMER_NONE;
	expect_only("PUBLISHED: TIMEOUT cannot happen here\n");
}
END_TEST

START_TEST(a_timer_beside_a_request_is_found)
{
	table.timers[PUBLISH_SENDING] = PUBLISH_TIMER_DUE;
	expect("SENDING: a timer beside a request in flight\n");
}
END_TEST

START_TEST(a_second_request_in_flight_is_found)
{
	struct machine_row *row = &rows[row_at(PUBLISH_SENDING, PUBLISH_ON_SHOW)];

	row->deed = (machine_f *)publication_do_publish;
	row->go_to = PUBLISH_SENDING;
	expect_only("SENDING SHOW: a second request in flight\n");
}
END_TEST

START_TEST(a_request_without_a_state_that_awaits_it_is_found)
{
	rows[row_at(PUBLISH_IDLE, PUBLISH_ON_RESTORED)].deed =
		(machine_f *)publication_do_refresh;
	expect_only("IDLE RESTORED: sends a request but does not await the answer\n");
}
END_TEST

START_TEST(waiting_for_no_request_is_found)
{
	rows[row_at(PUBLISH_IDLE, PUBLISH_ON_SHOW)].deed =
		(machine_f *)publication_do_nothing;
	expect_only("IDLE SHOW: awaits an answer but sends no request\n");
}
END_TEST

START_TEST(a_row_that_only_stays_is_found)
{
	struct machine_row *row = &rows[row_at(PUBLISH_WAITING, PUBLISH_ON_TIMEOUT)];

	row->deed = (machine_f *)publication_do_nothing;
	row->go_to = PUBLISH_STAY;
	expect_only("WAITING TIMEOUT: stays, and nothing follows\n");
}
END_TEST

START_TEST(a_row_behind_always_is_found)
{
	struct machine_row *row = &rows[row_at(PUBLISH_REFRESHING, PUBLISH_ON_OK)];
	struct machine_row first = row[0];

	row[0] = row[1];
	row[1] = first;
	expect_only("REFRESHING OK has_news: hidden behind always\n");
}
END_TEST

START_TEST(a_way_out_of_the_last_state_is_found)
{
	rows[row_at(PUBLISH_IDLE, PUBLISH_ON_RESTORED)].in = PUBLISH_STOPPED;
	expect_only("STOPPED RESTORED: leaves the last state\n");
}
END_TEST

START_TEST(a_state_that_no_row_leads_to_is_found)
{
	for (size_t i = 0; i < table.count; i++)
		if (rows[i].go_to == PUBLISH_STOPPED)
			rows[i].go_to = PUBLISH_IDLE;
	expect("STOPPED: no row leads here\n");
}
END_TEST

START_TEST(the_picture_shows_every_row)
{
	size_t edges = 0;

	publish_table_dot(out);
	fflush(out);
	ck_assert_ptr_eq(strstr(text, "digraph publication {"), text);
	for (const char *at = text; (at = strstr(at, " -> ")) != NULL; at++)
		edges++;
	ck_assert_uint_eq(edges, publish_table.count);
	ck_assert_ptr_nonnull(strstr(text, "WAITING -> REMOVING [label=\"TIMEOUT "
					   "[is_leftover]\\nremove\"]"));
	ck_assert_ptr_nonnull(
		strstr(text, "PUBLISHED [label=\"PUBLISHED\\nrefresh or linger time\"]"));
	ck_assert_ptr_nonnull(strstr(text, "WAITING [label=\"WAITING\\nback-off\"]"));
	ck_assert_ptr_nonnull(strstr(text, "SENDING [label=\"SENDING\"]"));
}
END_TEST

/* Brings the publication of station 2001 into STATE by events, not by assigning it. */
static void bring_to(enum publish_state state)
{
	peer_start();
	peer_show("d1", SHOWN_CONFIRMED);
	switch (state) {
	case PUBLISH_IDLE:
		peer_show("d1", SHOWN_TERMINATED);
		peer_answer(200, "e1");
		peer_answer(200, "e2");
		peer_run_ms(30000);
		peer_answer(200, NULL);
		break;
	case PUBLISH_SENDING:
		break;
	case PUBLISH_PUBLISHED:
		peer_answer(200, "e1");
		break;
	case PUBLISH_REFRESHING:
		peer_answer(200, "e1");
		peer_run_ms(2700 * 1000);
		break;
	case PUBLISH_REMOVING:
		peer_show("d1", SHOWN_TERMINATED);
		peer_answer(200, "e1");
		peer_answer(200, "e2");
		peer_run_ms(30000);
		break;
	case PUBLISH_WAITING:
		peer_answer(503, NULL);
		break;
	case PUBLISH_STOPPED:
		peer_answer(489, NULL);
		break;
	}
	ck_assert_str_eq(peer_state(), publish_state_name(state));
}

/*
 * The expected state after an answer to a request in flight, written without the table.
 */
static const char *expected_state(enum publish_state state, int status)
{
	if (status < 300)
		return state == PUBLISH_REMOVING ? "IDLE" : "PUBLISHED";
	if (status == 405 || status == 489 || status == 501)
		return "STOPPED";
	if (status == 412 && state == PUBLISH_REFRESHING)
		return "SENDING";
	if (status == 412 && state == PUBLISH_REMOVING)
		return "IDLE";
	if (status == 423 && state != PUBLISH_REMOVING)
		return publish_state_name(state);
	return "WAITING";
}

START_TEST(every_answer_in_flight_leads_on)
{
	static const enum publish_state flying[] = { PUBLISH_SENDING, PUBLISH_REFRESHING,
						     PUBLISH_REMOVING };

	for (size_t i = 0; i < 3; i++)
		for (int status = 200; status < 700; status++) {
			const char *expected = expected_state(flying[i], status);

			bring_to(flying[i]);
			peer_answer_with(&(struct publish_response){
				.status = status, .etag = "e9", .min_expires_s = 4000 });
			ck_assert_msg(strcmp(peer_state(), expected) == 0,
				      "%s, %d: %s instead of %s",
				      publish_state_name(flying[i]), status, peer_state(),
				      expected);
			peer_stop();
			peer.notes[0] = '\0';
		}
}
END_TEST

START_TEST(an_unexpected_answer_changes_nothing)
{
	static const enum publish_state still[] = { PUBLISH_IDLE, PUBLISH_PUBLISHED,
						    PUBLISH_WAITING, PUBLISH_STOPPED };

	for (size_t i = 0; i < 4; i++) {
		bring_to(still[i]);
		for (int status = 100; status < 700; status++) {
			publisher_answered(
				peer_slot("2001")->publication,
				&(struct publish_response){ .status = status });
			ck_assert_str_eq(peer_state(), publish_state_name(still[i]));
		}
		peer_stop();
	}
}
END_TEST

START_TEST(news_and_the_stop_are_heard_in_every_state)
{
	for (unsigned state = 0; state < PUBLISH_STATES; state++) {
		bring_to(state);
		peer_show("d2", SHOWN_TRYING);
		peer_run_ms(7200 * 1000);
		if (state != PUBLISH_STOPPED)
			ck_assert(peer_slot("2001")->is_in_flight);
		peer_stop();
		bring_to(state);
		publication_handle(peer_slot("2001")->publication, PUBLISH_ON_STOP, NULL);
		ck_assert_str_eq(peer_state(), "STOPPED");
		peer_check(peer_slot("2001"));
		ck_assert_uint_eq(peer_slot("2001")->publication->dialog_count, 0);
		peer_stop();
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("publish table");
	TCase *tests = tcase_create("table");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_table_has_no_holes);
	tcase_add_test(tests, an_answer_without_a_row_is_found);
	tcase_add_test(tests, news_without_a_row_is_found);
	tcase_add_test(tests, a_living_state_without_broken_is_found);
	tcase_add_test(tests, a_broken_row_that_gives_up_is_found);
	tcase_add_test(tests, a_timer_without_a_row_is_found);
	tcase_add_test(tests, a_change_of_the_settings_without_a_row_is_found);
	tcase_add_test(tests, a_timeout_without_a_timer_is_found);
	tcase_add_test(tests, a_timer_beside_a_request_is_found);
	tcase_add_test(tests, a_second_request_in_flight_is_found);
	tcase_add_test(tests, a_request_without_a_state_that_awaits_it_is_found);
	tcase_add_test(tests, waiting_for_no_request_is_found);
	tcase_add_test(tests, a_row_that_only_stays_is_found);
	tcase_add_test(tests, a_row_behind_always_is_found);
	tcase_add_test(tests, a_way_out_of_the_last_state_is_found);
	tcase_add_test(tests, a_state_that_no_row_leads_to_is_found);
	tcase_add_test(tests, the_picture_shows_every_row);
	tcase_add_test(tests, every_answer_in_flight_leads_on);
	tcase_add_test(tests, an_unexpected_answer_changes_nothing);
	tcase_add_test(tests, news_and_the_stop_are_heard_in_every_state);
	suite_add_tcase(suite, tests);
	return suite;
}
