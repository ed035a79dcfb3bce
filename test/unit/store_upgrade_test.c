/* SPDX-License-Identifier: MIT */
/*
 * Creating and upgrading: each step is done completely or not at all, and never to the
 * file of another program.
 */
#include "store/schema.h"
#include "store_fixture.h"
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static struct bench bench;

static void set_up(void)
{
	bench_init(&bench);
}

static void tear_down(void)
{
	bench_clear(&bench);
}

static void upgrade(const char *path)
{
	ck_assert_msg(store_upgrade(path, &bench.fault) == 0, "%s", bench.fault.text);
}

/* All rows of QUERY, in the arena. */
static const char *query(const char *path, const char *sql)
{
	const char *all = "";
	sqlite3_stmt *stmt;
	sqlite3 *sqlite;

	ck_assert_int_eq(sqlite3_open(path, &sqlite), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(sqlite, sql, -1, &stmt, NULL) == SQLITE_OK, "%s",
		      sqlite3_errmsg(sqlite));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		all = arena_printf(&bench.arena, "%s%s\n", all,
				   (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_close(sqlite);
	return all;
}

static const char *content(const char *path)
{
	return arena_printf(
		&bench.arena, "%s%s%s",
		query(path,
		      "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY type, name"),
		query(path,
		      "SELECT concat FROM (SELECT call_type || is_public || is_toll || is_tac"
		      " || is_emergency || is_attendant AS concat FROM call_type)"),
		query(path, "PRAGMA user_version"));
}

START_TEST(a_new_database_has_our_version_and_a_wal)
{
	upgrade(bench.path);
	ck_assert_str_eq(query(bench.path, "PRAGMA journal_mode"), "wal\n");
	ck_assert_str_eq(query(bench.path, "PRAGMA user_version"),
			 arena_printf(&bench.arena, "%d\n", store_version()));
	bench_open(&bench);
}
END_TEST

START_TEST(upgrading_twice_changes_nothing)
{
	const char *before;

	upgrade(bench.path);
	bench_write(&bench, "INSERT INTO class_of_restriction (cor) VALUES (5)");
	before = content(bench.path);
	upgrade(bench.path);
	ck_assert_str_eq(content(bench.path), before);
	ck_assert_str_eq(query(bench.path, "SELECT cor FROM class_of_restriction"),
			 "5\n");
}
END_TEST

/* From every earlier version, made with its schema files and the sqlite3 shell. */
START_TEST(an_upgraded_database_equals_a_fresh_one)
{
	const char *fresh = bench_file(&bench, "fresh.db");

	upgrade(fresh);
	for (int version = 0; version <= store_version(); version++) {
		const char *path = arena_printf(&bench.arena, "%s/from-%d.db",
						bench.directory, version);
		const char *command = arena_printf(
			&bench.arena,
			"ls %s/schema/*.sql | head -n %d | xargs -r cat | sqlite3 -bail %s",
			SOURCE_DIR, version, path);

		ck_assert_int_eq(system(command), 0);
		upgrade(path);
		ck_assert_str_eq(content(path), content(fresh));
	}
}
END_TEST

static const struct schema_step good = {
	"001-good.sql",
	"CREATE TABLE good (a); PRAGMA user_version = 1",
};

static const struct step_case {
	struct schema_step step;
	const char *words;
} bad_steps[] = {
	{ { "002-bad.sql", "CREATE TABLE half (a); PRAGMA user_version = 2; NONSENSE" }, "NONSENSE" },
	{ { "002-bad.sql", "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)" }, "nowhere" },
	{ { "002-forgetful.sql", "CREATE TABLE half (a)" }, "user_version" },
};

START_TEST(a_failed_step_leaves_the_version_before_it)
{
	const struct schema_step steps[] = { good, bad_steps[_i].step };
	sqlite3 *sqlite;
	int err;

	ck_assert_int_eq(sqlite3_open(bench.path, &sqlite), SQLITE_OK);
	err = schema_apply(sqlite, bench.path, steps, 2, &bench.fault);
	sqlite3_close(sqlite);
	ck_assert_int_lt(err, 0);
	assert_says(&bench, bad_steps[_i].words);
	assert_says(&bench, steps[1].name);
	ck_assert_str_eq(query(bench.path, "PRAGMA user_version"), "1\n");
	ck_assert_str_eq(query(bench.path, "SELECT name FROM sqlite_schema"), "good\n");
}
END_TEST

START_TEST(somebody_elses_database_is_left_alone)
{
	bench_write(&bench, "CREATE TABLE bookmarks (url)");
	ck_assert_int_eq(store_upgrade(bench.path, &bench.fault), -EPROTO);
	assert_says(&bench, "not one of halfcall's");
	ck_assert_str_eq(query(bench.path, "SELECT name FROM sqlite_schema"),
			 "bookmarks\n");
	ck_assert_str_eq(query(bench.path, "PRAGMA journal_mode"), "delete\n");
}
END_TEST

START_TEST(a_file_that_cannot_be_made_is_told)
{
	const char *path = bench_file(&bench, "no/such/users.db");

	ck_assert_int_eq(store_upgrade(path, &bench.fault), -ENOENT);
	assert_says(&bench, path);
}
END_TEST

START_TEST(a_locked_database_is_told_and_left_as_it_was)
{
	sqlite3 *other;

	bench_write(&bench, "VACUUM");
	ck_assert_int_eq(sqlite3_open(bench.path, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(store_upgrade(bench.path, &bench.fault), -EBUSY);
	assert_says(&bench, "locked");
	sqlite3_close(other);
	upgrade(bench.path);
}
END_TEST

START_TEST(upgrades_at_once_all_succeed)
{
	enum { UPGRADERS = 8 };
	int statuses = 0;

	for (int i = 0; i < UPGRADERS; i++)
		if (fork() == 0)
			_exit(store_upgrade(bench.path, &bench.fault) == 0 ? 0 : 1);
	for (int i = 0, status; i < UPGRADERS; i++) {
		ck_assert_int_gt(wait(&status), 0);
		statuses |= status;
	}
	ck_assert_int_eq(statuses, 0);
	bench_open(&bench);
}
END_TEST

/* As if the disk had room for LIMIT more bytes. */
static int upgrade_on_small_disk(rlim_t limit)
{
	int err;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ limit, RLIM_INFINITY });
	err = store_upgrade(bench.path, &bench.fault);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
	return err;
}

static const rlim_t small_disks[] = { 0, 1000, 4096, 8192, 40000, 60000 };

START_TEST(a_full_disk_leaves_no_half_made_database)
{
	ck_assert_int_lt(upgrade_on_small_disk(small_disks[_i]), 0);
	assert_says(&bench, "users.db");
	ck_assert_int_ne(access(bench.path, F_OK), 0);
	upgrade(bench.path);
	bench_open(&bench);
}
END_TEST

Suite *unit_suite(void)
{
	TCase *tcase = tcase_create("upgrade");
	Suite *suite = suite_create("store_upgrade");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, a_new_database_has_our_version_and_a_wal);
	tcase_add_test(tcase, upgrading_twice_changes_nothing);
	tcase_add_test(tcase, an_upgraded_database_equals_a_fresh_one);
	tcase_add_loop_test(tcase, a_failed_step_leaves_the_version_before_it, 0, 3);
	tcase_add_test(tcase, somebody_elses_database_is_left_alone);
	tcase_add_test(tcase, a_file_that_cannot_be_made_is_told);
	tcase_add_test(tcase, a_locked_database_is_told_and_left_as_it_was);
	tcase_add_test(tcase, upgrades_at_once_all_succeed);
	tcase_add_loop_test(tcase, a_full_disk_leaves_no_half_made_database, 0, 6);
	suite_add_tcase(suite, tcase);
	return suite;
}
