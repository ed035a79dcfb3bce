/* SPDX-License-Identifier: MIT */
/* Faults on demand: which row a request meets, and how rows are used up. */
#include "store_fixture.h"
#include "unit.h"

#include <errno.h>

static struct bench bench;
static sqlite3 *other;		/* another program's connection */
static struct mishap mishap;

static void write_other(const char *sql)
{
	char *error = NULL;

	ck_assert_msg(sqlite3_exec(other, sql, NULL, NULL, &error) == SQLITE_OK, "%s: %s",
		      sql, error);
}

static void set_up(void)
{
	bench_init_users(&bench);
	ck_assert_int_eq(sqlite3_open(bench.path, &other), SQLITE_OK);
	write_other("INSERT INTO station_number VALUES ('5550101', '1001')");
}

static void tear_down(void)
{
	sqlite3_close(other);
	bench_clear(&bench);
}

/* The name of what STATION's request meets, "" = nothing. */
static const char *meets(const char *station, enum half half, const char *method,
			 enum mishap_side side)
{
	const struct mishap_query query = {
		.station = station,
		.half = half,
		.method = method,
		.side = side,
	};
	const char *name;

	ck_assert_int_eq(store_take_mishap(bench.store, &query, &mishap, &bench.fault),
			 0);
	name = mishap_name(mishap.action);
	return name ? name : "";
}

static const char *invite_comes(void)
{
	return meets("1001", HALF_ORIG, "INVITE", MISHAP_CAME);
}

static int left(void)
{
	sqlite3_stmt *stmt;
	int count;

	sqlite3_prepare_v2(other, "SELECT coalesce(sum(remaining), 0) FROM fault", -1,
			   &stmt, NULL);
	sqlite3_step(stmt);
	count = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return count;
}

#define FAULT "INSERT INTO fault (extension, half, action, value, nth, remaining) VALUES "

START_TEST(a_row_is_used_up_by_its_requests)
{
	write_other(FAULT "('1001', 'orig', 'answer', '486', 1, 2)");
	ck_assert_str_eq(invite_comes(), "answer");
	ck_assert_uint_eq(mishap.number, 486);
	ck_assert_int_eq(mishap.id, 1);
	ck_assert_int_eq(left(), 1);
	ck_assert_str_eq(invite_comes(), "answer");
	ck_assert_int_eq(left(), 0);
	ck_assert_str_eq(invite_comes(), "");
}
END_TEST

START_TEST(the_requests_before_the_nth_are_spared)
{
	write_other(FAULT "('1001', 'orig', 'silent', NULL, 3, 1)");
	ck_assert_str_eq(invite_comes(), "");
	ck_assert_str_eq(invite_comes(), "");
	ck_assert_str_eq(invite_comes(), "silent");
	ck_assert_str_eq(invite_comes(), "");
}
END_TEST

START_TEST(of_two_rows_the_first_acts_and_the_second_waits)
{
	write_other(FAULT "('1001', 'orig', 'delay', '700', 1, 1),"
			  " ('1001', 'orig', 'silent', NULL, 1, 1)");
	ck_assert_str_eq(invite_comes(), "delay");
	ck_assert_uint_eq(mishap.number, 700);
	ck_assert_str_eq(invite_comes(), "silent");
	ck_assert_str_eq(invite_comes(), "");
}
END_TEST

START_TEST(another_request_does_not_meet_the_row)
{
	write_other(FAULT "('1001', 'orig', 'drop', NULL, 1, 1)");
	ck_assert_str_eq(meets("1001", HALF_ORIG, "INVITE", MISHAP_CAME), "");
	ck_assert_str_eq(meets("1001", HALF_ORIG, "INVITE", MISHAP_TIMER), "");
	ck_assert_str_eq(meets("1001", HALF_TERM, "INVITE", MISHAP_SENT), "");
	ck_assert_str_eq(meets("1001", HALF_ORIG, "BYE", MISHAP_SENT), "");
	ck_assert_str_eq(meets("1002", HALF_ORIG, "INVITE", MISHAP_SENT), "");
	ck_assert_int_eq(left(), 1);
	ck_assert_str_eq(meets("1001", HALF_ORIG, "INVITE", MISHAP_SENT), "drop");
}
END_TEST

START_TEST(a_station_has_its_other_numbers_and_a_publication_no_half)
{
	write_other(FAULT "('1001', 'term', 'lose-header', 'P-Location', 1, 1)");
	ck_assert_str_eq(meets("5550101", HALF_TERM, "INVITE", MISHAP_SENT),
			 "lose-header");
	ck_assert_str_eq(mishap.text, "P-Location");
	write_other("INSERT INTO fault (extension, half, method, action) VALUES"
		    " ('1001', 'orig', 'PUBLISH', 'stale-etag')");
	ck_assert_str_eq(meets("1001", HALF_NONE, "PUBLISH", MISHAP_SENT), "stale-etag");
}
END_TEST

START_TEST(whether_there_are_rows_is_known_as_soon_as_they_are_committed)
{
	ck_assert(!store_has_mishaps(bench.store));
	write_other("BEGIN");
	write_other(FAULT "('1001', 'orig', 'silent', NULL, 1, 1)");
	ck_assert(!store_has_mishaps(bench.store));
	write_other("COMMIT");
	ck_assert(store_has_mishaps(bench.store));
	ck_assert(store_has_mishaps(bench.store));
	invite_comes();
	ck_assert(!store_has_mishaps(bench.store));
	write_other("UPDATE fault SET remaining = 1");
	ck_assert(store_has_mishaps(bench.store));
	write_other("DELETE FROM fault");
	ck_assert(!store_has_mishaps(bench.store));
}
END_TEST

START_TEST(a_locked_database_has_no_faults_and_uses_none_up)
{
	const struct mishap_query query = { .station = "1001",
					    .half = HALF_ORIG,
					    .method = "INVITE" };

	write_other(FAULT "('1001', 'orig', 'silent', NULL, 1, 1)");
	write_other("BEGIN IMMEDIATE");
	ck_assert_int_eq(store_take_mishap(bench.store, &query, &mishap, &bench.fault),
			 -EBUSY);
	ck_assert_int_eq(mishap.action, MISHAP_NONE);
	write_other("COMMIT");
	ck_assert_str_eq(invite_comes(), "silent");
}
END_TEST

/* Written with the triggers off. */
START_TEST(a_row_that_makes_no_sense_does_nothing)
{
	write_other("DROP TRIGGER fault_insert");
	write_other(FAULT "('1001', 'orig', 'explode', NULL, 1, 1),"
			  " ('1001', 'orig', 'answer', '486', 1, 1)");
	ck_assert_str_eq(invite_comes(), "answer");
	ck_assert_str_eq(invite_comes(), "");
}
END_TEST

START_TEST(each_action_has_a_name_and_a_side)
{
	for (int i = MISHAP_SILENT; i <= MISHAP_HURRY; i++) {
		enum mishap_action action = (enum mishap_action)i;

		ck_assert_int_eq(mishap_by_name(mishap_name(action)), action);
		ck_assert_int_eq(mishap_side_of(action), i < MISHAP_DROP ? MISHAP_CAME
							 : i < MISHAP_HURRY
								 ? MISHAP_SENT
								 : MISHAP_TIMER);
	}
	ck_assert_int_eq(mishap_by_name("explode"), MISHAP_NONE);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("store_mishap");
	TCase *one = tcase_create("one");

	tcase_add_checked_fixture(one, set_up, tear_down);
	tcase_add_test(one, a_row_is_used_up_by_its_requests);
	tcase_add_test(one, the_requests_before_the_nth_are_spared);
	tcase_add_test(one, of_two_rows_the_first_acts_and_the_second_waits);
	tcase_add_test(one, another_request_does_not_meet_the_row);
	tcase_add_test(one, a_station_has_its_other_numbers_and_a_publication_no_half);
	tcase_add_test(one,
		       whether_there_are_rows_is_known_as_soon_as_they_are_committed);
	tcase_add_test(one, a_locked_database_has_no_faults_and_uses_none_up);
	tcase_add_test(one, a_row_that_makes_no_sense_does_nothing);
	tcase_add_test(one, each_action_has_a_name_and_a_side);
	suite_add_tcase(suite, one);
	return suite;
}
