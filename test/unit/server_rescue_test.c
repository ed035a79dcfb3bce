/* SPDX-License-Identifier: MIT */
/* The emergency numbers in memory: what they match, and when they are read again. */
#include "server/rescue.h"

#include "base/clock.h"
#include "base/log.h"
#include "store_fixture.h"

#include "unit.h"

#include <errno.h>

static struct bench bench;
static struct rescue *rescue;

static const char users[] =
	"INSERT OR REPLACE INTO call_type (call_type, is_public, is_emergency)"
	" VALUES ('help', 1, 1), ('local', 1, 0);"
	"INSERT OR REPLACE INTO dial_pattern (pattern, call_type, min_length, max_length)"
	" VALUES ('112', 'help', NULL, 3), ('911', 'help', NULL, 3), ('9911', 'help', NULL, 4),"
	" ('77x', 'help', 4, 5), ('5', 'local', 4, 8);"
	"INSERT OR REPLACE INTO feature_access_code (code, feature)"
	" VALUES ('*67', 'restrict-cli'), ('*2', 'call-fwd-all-activate');";

static void setup(void)
{
	clock_set(1795253400000000, 1000000);
	log_set_level(LOG_ERROR);
	bench_init(&bench);
	ck_assert_int_eq(store_upgrade(bench.path, &bench.fault), 0);
	ck_assert_ptr_null(bench_try(&bench, bench.path, users));
	ck_assert_int_eq(store_open(bench.path, &bench.store, &bench.fault), 0);
	rescue = rescue_new(bench.store);
}

static void teardown(void)
{
	rescue_free(rescue);
	bench_clear(&bench);
	clock_set(-1, -1);
}

START_TEST(numbers_are_compared_with_the_patterns)
{
	static const char *const yes[] = { "112",   "911",  "9911",   "7701",
					   "77012", "+112", "*67112", "*679911" };
	static const char *const no[] = {
		"1120",	  "11",	 "1",	  "",	 "5112", "770",
		"770123", "bob", "*2112", "*67", "112a", "67112"
	};

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		ck_assert_msg(rescue_is_emergency(rescue, yes[i]), "%s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		ck_assert_msg(!rescue_is_emergency(rescue, no[i]), "%s", no[i]);
}
END_TEST

static void write_another(void)
{
	ck_assert_ptr_null(bench_try(
		&bench, bench.path,
		"INSERT INTO dial_pattern (pattern, call_type) VALUES ('999', 'help')"));
}

START_TEST(a_change_is_seen_a_second_later_or_when_asked)
{
	write_another();
	rescue_refresh(rescue, false);
	ck_assert(!rescue_is_emergency(rescue, "999"));
	clock_set(1795253400000000, 1001000);
	rescue_refresh(rescue, false);
	ck_assert(rescue_is_emergency(rescue, "999"));
	ck_assert(rescue_is_emergency(rescue, "112"));
	ck_assert_ptr_null(bench_try(&bench, bench.path,
				     "DELETE FROM dial_pattern WHERE pattern = '999'"));
	rescue_refresh(rescue, true);
	ck_assert(!rescue_is_emergency(rescue, "999"));
	/* Nothing changed. */
	rescue_refresh(rescue, true);
	ck_assert(rescue_is_emergency(rescue, "112"));
}
END_TEST

START_TEST(another_file_in_its_place_is_read)
{
	char other[128];

	snprintf(other, sizeof other, "%s/other.db", bench.directory);
	ck_assert_int_eq(store_upgrade(other, &bench.fault), 0);
	ck_assert_ptr_null(
		bench_try(&bench, other,
			  "DELETE FROM dial_pattern; "
			  "INSERT OR REPLACE INTO call_type (call_type, is_public, "
			  "is_emergency) VALUES ('help', 1, 1);"
			  "INSERT INTO dial_pattern (pattern, call_type, max_length)"
			  " VALUES ('000', 'help', 3);"
			  "PRAGMA wal_checkpoint(TRUNCATE);"));
	ck_assert_int_eq(rename(other, bench.path), 0);
	rescue_refresh(rescue, true);
	ck_assert(rescue_is_emergency(rescue, "000"));
	ck_assert(!rescue_is_emergency(rescue, "112"));
}
END_TEST

START_TEST(a_locked_database_leaves_them_as_they_were)
{
	char other[128];
	sqlite3 *sqlite;

	snprintf(other, sizeof other, "%s/other.db", bench.directory);
	ck_assert_int_eq(store_upgrade(other, &bench.fault), 0);
	ck_assert_int_eq(sqlite3_open(other, &sqlite), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(sqlite,
				      "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;"
				      "DELETE FROM dial_pattern",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(rename(other, bench.path), 0);
	rescue_refresh(rescue, true);
	ck_assert(rescue_is_emergency(rescue, "112"));
	ck_assert(!rescue_is_emergency(rescue, "1120"));
	ck_assert_int_eq(
		store_load_numbers(bench.store,
				   &(struct store_numbers){ .extension = "1",
							    .arena = &bench.arena },
				   &bench.fault),
		-EBUSY);
	sqlite3_close(sqlite);
}
END_TEST

START_TEST(never_read_everything_may_be_one)
{
	struct rescue *other;

	ck_assert_int_eq(unlink(bench.path), 0);
	other = rescue_new(bench.store);
	ck_assert(rescue_is_emergency(other, "2001"));
	rescue_refresh(rescue, true);
	ck_assert(rescue_is_emergency(rescue, "112"));
	ck_assert(!rescue_is_emergency(rescue, "2001"));
	rescue_free(other);
}
END_TEST

START_TEST(a_row_that_is_invalid_is_no_reason_to_refuse)
{
	ck_assert_ptr_null(
		bench_try(&bench, bench.path,
			  "DROP TRIGGER dial_pattern_insert; "
			  "INSERT INTO dial_pattern (pattern, call_type, min_length, "
			  "max_length) VALUES ('118', 'help', -3, 1000)"));
	rescue_refresh(rescue, true);
	ck_assert(rescue_is_emergency(rescue, "118"));
	ck_assert(rescue_is_emergency(rescue, "112"));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("server_rescue");
	TCase *tcase = tcase_create("rescue");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, numbers_are_compared_with_the_patterns);
	tcase_add_test(tcase, a_change_is_seen_a_second_later_or_when_asked);
	tcase_add_test(tcase, another_file_in_its_place_is_read);
	tcase_add_test(tcase, a_locked_database_leaves_them_as_they_were);
	tcase_add_test(tcase, never_read_everything_may_be_one);
	tcase_add_test(tcase, a_row_that_is_invalid_is_no_reason_to_refuse);
	suite_add_tcase(suite, tcase);
	return suite;
}
