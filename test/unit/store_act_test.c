/* SPDX-License-Identifier: MIT */
/* Changes of a station to its own features: each is written completely or not at all. */
#include "store_fixture.h"
#include "unit.h"

#include <errno.h>
#include <sys/stat.h>

static struct bench bench;
static sqlite3 *other;		/* another program's connection */

static void set_up(void)
{
	bench_init_users(&bench);
	ck_assert_int_eq(sqlite3_open(bench.path, &other), SQLITE_OK);
}

static void tear_down(void)
{
	sqlite3_close(other);
	bench_clear(&bench);
}

static int act(enum action action, const char *number)
{
	bench.fault.text[0] = '\0';
	return store_act(bench.store,
			 &(struct store_act){
				 .extension = "1001",
				 .action = action,
				 .number = number,
			 },
			 &bench.fault);
}

/* What another program sees: the first column of the first row of SQL, "" if none. */
static const char *seen(const char *sql)
{
	sqlite3_stmt *stmt;
	const char *text = "";

	ck_assert_int_eq(sqlite3_prepare_v2(other, sql, -1, &stmt, NULL), SQLITE_OK);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		text = arena_strdup(&bench.arena,
				    (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return text;
}

static const char *forwardings(void)
{
	return seen("SELECT coalesce(group_concat(condition || ' ' || source || ' ' ||"
		    " destination || ' ' || active, ', '), '') FROM (SELECT * FROM"
		    " call_forwarding ORDER BY extension, condition, source)");
}

static void write_other(const char *sql)
{
	ck_assert_int_eq(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
}

START_TEST(each_condition_is_switched_on_and_off)
{
	static const struct {
		enum action on, off;
		const char *condition;
	} pairs[] = {
		{ ACTION_FORWARD_ALL_ON, ACTION_FORWARD_ALL_OFF, "unconditional" },
		{ ACTION_FORWARD_BUSY_ON, ACTION_FORWARD_BUSY_OFF, "busy" },
		{ ACTION_FORWARD_NO_ANSWER_ON, ACTION_FORWARD_NO_ANSWER_OFF, "no-answer" },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const char *condition = pairs[i].condition;

		write_other("DELETE FROM call_forwarding");
		ck_assert_int_eq(act(pairs[i].off, NULL), 0);
		ck_assert_str_eq(forwardings(), "");
		ck_assert_int_eq(act(pairs[i].on, "2001"), 0);
		ck_assert_int_eq(act(pairs[i].on, "2002"), 0);
		ck_assert_str_eq(forwardings(),
				 arena_printf(&bench.arena, "%s any 2002 1", condition));
		ck_assert_int_eq(act(pairs[i].off, NULL), 0);
		ck_assert_str_eq(forwardings(),
				 arena_printf(&bench.arena, "%s any 2002 0", condition));
	}
}
END_TEST

START_TEST(rows_for_one_source_give_way)
{
	write_other("INSERT INTO call_forwarding VALUES"
		    " ('1001', 'busy', 'external', '2003', 1),"
		    " ('1001', 'unconditional', 'internal', '2003', 1)");
	ck_assert_int_eq(act(ACTION_FORWARD_BUSY_ON, "2001"), 0);
	ck_assert_str_eq(forwardings(), "busy any 2001 1, busy external 2003 0,"
					" unconditional internal 2003 1");
	ck_assert_int_eq(act(ACTION_FORWARD_ALL_OFF, NULL), 0);
	ck_assert_str_eq(forwardings(), "busy any 2001 1, busy external 2003 0,"
					" unconditional internal 2003 0");
}
END_TEST

START_TEST(send_all_calls_is_switched_on_and_off)
{
	ck_assert_int_eq(act(ACTION_SEND_ALL_CALLS_ON, NULL), 0);
	ck_assert_str_eq(seen("SELECT send_all_calls FROM station"), "1");
	ck_assert_int_eq(bench_load(&bench, HALF_TERM, "x", "1001"), 0);
	ck_assert(bench.profile.called->sends_all_calls);
	ck_assert_int_eq(act(ACTION_SEND_ALL_CALLS_OFF, NULL), 0);
	ck_assert_str_eq(seen("SELECT send_all_calls FROM station"), "0");
	write_other("DELETE FROM station");
	ck_assert_int_eq(act(ACTION_SEND_ALL_CALLS_ON, NULL), -EPERM);
	assert_says(&bench, "1001");
}
END_TEST

/* The rows before it in the same transaction stay as they were, too. */
START_TEST(what_the_triggers_refuse_is_refused_in_their_words)
{
	write_other("INSERT INTO call_forwarding VALUES"
		    " ('1001', 'busy', 'external', '2003', 1)");
	ck_assert_int_eq(act(ACTION_FORWARD_BUSY_ON, "1001"), -EPERM);
	ck_assert_str_eq(bench.fault.text,
			 "forwarding of station 1001: it would forward to itself");
	ck_assert_str_eq(forwardings(), "busy external 2003 1");
	ck_assert_int_eq(act(ACTION_FORWARD_BUSY_ON, "20 01"), -EPERM);
	ck_assert_int_eq(act(ACTION_RESTRICT_CLI, "2001"), -EPERM);
	ck_assert_int_eq(act(ACTION_FORWARD_BUSY_ON, "2001"), 0);
}
END_TEST

START_TEST(a_locked_database_is_refused_as_a_whole)
{
	write_other("INSERT INTO call_forwarding VALUES"
		    " ('1001', 'busy', 'external', '2003', 1); BEGIN IMMEDIATE");
	ck_assert_int_eq(act(ACTION_FORWARD_BUSY_ON, "2001"), -EBUSY);
	assert_says(&bench, "locked");
	write_other("ROLLBACK");
	ck_assert_str_eq(forwardings(), "busy external 2003 1");
	ck_assert_int_eq(act(ACTION_FORWARD_BUSY_ON, "2001"), 0);
}
END_TEST

START_TEST(it_leaves_no_lock_and_no_open_transaction)
{
	ck_assert_int_eq(act(ACTION_FORWARD_ALL_ON, "1001"), -EPERM);
	write_other("BEGIN EXCLUSIVE; COMMIT");
	ck_assert_int_eq(act(ACTION_FORWARD_ALL_ON, "2001"), 0);
	write_other("BEGIN EXCLUSIVE; COMMIT");
	ck_assert_int_eq(bench_load(&bench, HALF_TERM, "x", "1001"), 0);
	ck_assert_uint_eq(bench.profile.forwardings.count, 1);
}
END_TEST

/* The file may have been replaced, so nothing is copied from the log into it. */
START_TEST(a_change_that_fails_leaves_the_log_as_it_is)
{
	char log[200];
	struct stat about;

	write_other("PRAGMA user_version = 99");
	sqlite3_close(other);
	other = NULL;
	ck_assert_int_eq(act(ACTION_FORWARD_ALL_ON, "2001"), -EPROTO);
	snprintf(log, sizeof log, "%s-wal", bench.path);
	ck_assert_int_eq(stat(log, &about), 0);
	ck_assert_int_gt(about.st_size, 0);
}
END_TEST

static void assert_code(const char *dialled, const char *code, const char *number)
{
	ck_assert_int_eq(bench_load(&bench, HALF_ORIG, "1001", dialled), 0);
	ck_assert_pstr_eq(bench.profile.code.code, code);
	ck_assert_pstr_eq(bench.profile.code.number, number);
}

START_TEST(the_longest_code_that_begins_the_number_counts)
{
	write_other(
		"INSERT INTO station (extension) VALUES ('*4444');"
		"INSERT INTO call_type (call_type, is_emergency) VALUES ('help', 1);"
		"INSERT INTO dial_pattern (pattern, call_type) VALUES ('112', 'help');"
		"INSERT INTO feature_access_code VALUES ('*4', 'send-all-calls-on'),"
		" ('*44', 'call-fwd-all-activate'), ('*', 'dance'),"
		" ('11', 'restrict-cli'), ('*44000000000001#', 'restrict-cli')");
	assert_code("*4", "*4", "");
	assert_code("*4100", "*4", "100");
	assert_code("*441001", "*44", "1001");
	ck_assert_int_eq(bench.profile.code.action, ACTION_FORWARD_ALL_ON);
	ck_assert_str_eq(bench.profile.called->extension, "1001");
	assert_code("*5", "*", "5");
	ck_assert_int_eq(bench.profile.code.action, ACTION_UNKNOWN);
	ck_assert_str_eq(bench.profile.code.feature, "dance");
	assert_code("*44000000000001#7", "*44000000000001#", "7");
	assert_code("#4", NULL, NULL);
	assert_code("*4444", NULL, NULL);
	assert_code("112", NULL, NULL);
	assert_code("1191", "11", "91");
	ck_assert_int_eq(bench_load(&bench, HALF_TERM, "1001", "*4"), 0);
	ck_assert_ptr_null(bench.profile.code.code);
}
END_TEST

static void assert_begins(const char *dialled, bool is_prefix)
{
	ck_assert_int_eq(bench_load(&bench, HALF_ORIG, "1001", dialled), 0);
	ck_assert_ptr_null(bench.profile.code.code);
	ck_assert_int_eq(bench.profile.is_prefix, is_prefix);
}

START_TEST(the_beginning_of_a_code_is_no_whole_number)
{
	write_other("INSERT INTO dial_pattern (pattern, call_type) VALUES ('8', 'local');"
		    "INSERT INTO feature_access_code VALUES ('*21', 'restrict-cli'),"
		    " ('88', 'restrict-cli'), ('##', 'restrict-cli')");
	assert_begins("*", true);
	assert_begins("*2", true);
	assert_begins("#", true);
	assert_begins("*3", false);
	assert_begins("*22", false);
	assert_begins("*2bob", false);
	assert_begins("8", false);	/* a pattern of its own */
	ck_assert_int_eq(bench_load(&bench, HALF_TERM, "1001", "*2"), 0);
	ck_assert(!bench.profile.is_prefix);
}
END_TEST

START_TEST(a_bad_code_costs_its_own_call)
{
	bench_force(&bench, "INSERT INTO feature_access_code VALUES ('*4', x'00ff')");
	ck_assert_int_eq(bench_load(&bench, HALF_ORIG, "1001", "*4"), -EBADMSG);
	assert_says(&bench, "feature_access_code");
	ck_assert_int_eq(bench_load(&bench, HALF_ORIG, "1001", "1001"), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("store act");
	TCase *tests = tcase_create("act");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, each_condition_is_switched_on_and_off);
	tcase_add_test(tests, rows_for_one_source_give_way);
	tcase_add_test(tests, send_all_calls_is_switched_on_and_off);
	tcase_add_test(tests, what_the_triggers_refuse_is_refused_in_their_words);
	tcase_add_test(tests, a_locked_database_is_refused_as_a_whole);
	tcase_add_test(tests, it_leaves_no_lock_and_no_open_transaction);
	tcase_add_test(tests, a_change_that_fails_leaves_the_log_as_it_is);
	tcase_add_test(tests, the_longest_code_that_begins_the_number_counts);
	tcase_add_test(tests, the_beginning_of_a_code_is_no_whole_number);
	tcase_add_test(tests, a_bad_code_costs_its_own_call);
	suite_add_tcase(suite, tests);
	return suite;
}
