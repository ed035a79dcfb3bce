/* SPDX-License-Identifier: MIT */
/* What an invalid row does to a profile. */
#include "store_fixture.h"
#include "unit.h"

#include <errno.h>

static struct bench bench;

static void set_up(void)
{
	bench_init_users(&bench);
}

static void tear_down(void)
{
	bench_clear(&bench);
}

static void load(enum half half, const char *caller, const char *called)
{
	int err = bench_load(&bench, half, caller, called);

	ck_assert_msg(err == 0, "%d: %s", err, bench.fault.text);
}

/*
 * SQL that writes an invalid row in spite of the schema's checks, and words of the fault
 * it must cause.
 */
static const struct bad_row {
	const char *sql, *table, *words;
} bad_rows[] = {
	{ "UPDATE station SET cor = 'abc' WHERE extension = '1001'", "station, row 1001", "cor" },
	{ "UPDATE station SET cor = 8", "station, row 1001", "COR 8 does not exist" },
	{ "UPDATE station SET cor = -1", "station, row 1001", "cor" },
	{ "UPDATE station SET cor = 4294967297", "station, row 1001", "cor" },
	{ "UPDATE station SET cor = 1.5", "station, row 1001", "cor" },
	{ "UPDATE station SET name = x'00'", "station, row 1001", "name must be text" },
	{ "UPDATE station SET name = cast(x'410042' as text)", "station", "control" },
	{ "UPDATE station SET name = cast(x'c3' as text)", "station", "UTF-8" },
	{ "UPDATE station SET name = cast(x'eda080' as text)", "station", "UTF-8" },
	{ "UPDATE station SET name = 'a' || char(10) || 'b'", "station", "control" },
	{ "UPDATE station SET name = printf('%.1000000c', 'x')", "station", "longer than" },
	{ "UPDATE station SET name = printf('%.17000000c', 'x')", "station, row 1001", "too long" },
	{ "UPDATE station SET appearances = -3", "station", "appearances" },
	{ "UPDATE station SET ring_seconds = 'soon'", "station", "ring_seconds" },
	{ "UPDATE station SET ring_seconds = 0", "station", "ring_seconds" },
	{ "UPDATE station SET in_service = 2", "station", "in_service" },
	{ "UPDATE class_of_restriction SET calling_party = 'maybe'",
	  "class_of_restriction, row 1:", "maybe" },
	{ "UPDATE class_of_restriction SET called_party = x'6e6f6e65'",
	  "class_of_restriction, row 1:", "called_party" },
	{ "UPDATE class_of_restriction SET frl = 9", "class_of_restriction, row 1:", "frl" },
	{ "INSERT INTO calling_permission VALUES (1, 1, 'no')", "calling_permission", "permitted" },
	{ "INSERT INTO dial_pattern VALUES ('1', 'nonsense', 0, 1, 24)",
	  "dial_pattern, row 1", "nonsense" },
	{ "INSERT INTO dial_pattern VALUES ('1', 'toll', -1, 1, 24)", "dial_pattern", "min_frl" },
	{ "INSERT INTO dial_pattern VALUES ('1', 'toll', 0, 'x', 24)", "dial_pattern", "min_length" },
	{ "INSERT INTO dial_pattern VALUES ('1', 'toll', 0, 1, 1e9)", "dial_pattern", "max_length" },
	{ "UPDATE call_type SET is_toll = 'yes';"
	  "INSERT INTO dial_pattern VALUES ('1', 'toll', 0, 1, 9)",
	  "call_type, row toll:", "is_toll" },
	{ "INSERT INTO call_forwarding VALUES ('1001', 'bored', 'any', '1', 1)",
	  "call_forwarding", "bored" },
	{ "INSERT INTO call_forwarding VALUES ('1001', 'busy', 'mars', '1', 1)",
	  "call_forwarding", "mars" },
	{ "INSERT INTO call_forwarding VALUES ('1001', 'busy', 'any', x'01', 1)",
	  "call_forwarding", "destination" },
	{ "INSERT INTO call_forwarding VALUES ('1001', 'busy', 'any', '1', 'on')",
	  "call_forwarding", "active" },
	{ "INSERT INTO call_forwarding VALUES ('1001', 'busy', 'any', '', 1)",
	  "call_forwarding", "destination" },
	{ "UPDATE station SET send_all_calls = 'yes'", "station, row 1001", "send_all_calls" },
	{ "UPDATE station SET send_all_calls = 2", "station", "send_all_calls" },
	{ "INSERT INTO coverage_point VALUES ('1001', 0, '1', 'busy', 9)",
	  "coverage_point, row 1001", "step" },
	{ "INSERT INTO coverage_point VALUES ('1001', 'x', '1', 'busy', 9)",
	  "coverage_point", "step" },
	{ "INSERT INTO coverage_point VALUES ('1001', 1, '', 'busy', 9)",
	  "coverage_point, row 1001 1 busy:", "target must be digits" },
	{ "INSERT INTO coverage_point VALUES ('1001', 1, x'01', 'busy', 9)",
	  "coverage_point", "target must be text" },
	{ "INSERT INTO coverage_point VALUES ('1001', 1, printf('%.1000000c', '1'), 'busy', 9)",
	  "coverage_point", "longer than" },
	{ "INSERT INTO coverage_point VALUES ('1001', 1, '1', 'bored', 9)",
	  "coverage_point", "bored" },
	{ "INSERT INTO coverage_point VALUES ('1001', 1, '1', 'busy', 'long')",
	  "coverage_point", "ring_seconds" },
	{ "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
	  " INSERT INTO coverage_point SELECT '1001', 1, '1', i, 9 FROM n",
	  "coverage_point", "unknown" },
	{ "INSERT INTO call_forwarding VALUES ('1001', 'busy', 'any', '2 2', 1)",
	  "call_forwarding, row 1001 busy any:", "destination must be digits" },
	{ "INSERT INTO call_forwarding VALUES ('1001', 'busy', 'any', '2>;x=<sip:2', 1)",
	  "call_forwarding, row 1001 busy any:", "destination must be digits" },
	{ "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
	  " INSERT INTO call_forwarding SELECT '1001', 'busy', i, '1', 0 FROM n",
	  "call_forwarding, row 1001:", "more than 12 rows" },
	{ "UPDATE station SET name = 'a\xc2\x85' || char(10) || 'b'", "station", "control" },
};

START_TEST(a_bad_row_is_named_and_costs_only_its_call)
{
	const struct bad_row *bad = &bad_rows[_i];

	bench_write(&bench, "INSERT INTO class_of_restriction (cor) VALUES (2);"
			    "INSERT INTO station (extension, cor) VALUES ('2002', 2)");
	bench_force(&bench, bad->sql);
	ck_assert_int_eq(bench_load(&bench, HALF_TERM, "1001", "1001"), -EBADMSG);
	assert_says(&bench, bad->table);
	assert_says(&bench, bad->words);
	ck_assert_ptr_null(bench.profile.caller);

	bench_force(
		&bench,
		"UPDATE station SET cor = 2, name = '', appearances = 1,"
		"ring_seconds = NULL, in_service = 1; UPDATE class_of_restriction SET"
		" calling_party = 'none', called_party = 'none', frl = 0;"
		"DELETE FROM calling_permission; DELETE FROM dial_pattern; DELETE FROM call_forwarding;"
		"DELETE FROM coverage_point; UPDATE station SET send_all_calls = 0");
	load(HALF_TERM, "1001", "1001");
}
END_TEST

/* Several rows with one key, as in a damaged index: the right one cannot be known. */
static const struct doublet {
	const char *table, *key, *sql, *called, *row;
} doublets[] = {
	{ "station", "extension, name",
	  "INSERT INTO station (extension, name) VALUES ('1001', 'Eve')", "1001",
	  "1001" },
	{ "station_number", "number, extension",
	  "INSERT INTO station_number VALUES ('7', '1001'), ('7', '2002')", "7", "7" },
	{ "calling_permission", "from_cor, to_cor, permitted",
	  "INSERT INTO calling_permission VALUES (1, 1, 1), (1, 1, 0)", "1001",
	  "1 to 1" },
	{ "dial_pattern", "pattern, call_type, min_frl",
	  "INSERT INTO dial_pattern (pattern, call_type, min_frl) VALUES"
	  " ('9', 'toll', 7), ('9', 'toll', 0)",
	  "9", "9" },
	{ "call_forwarding", "extension, condition, source, destination",
	  "INSERT INTO call_forwarding VALUES ('1001', 'busy', 'any', '1', 1),"
	  " ('1001', 'busy', 'any', '2', 1)",
	  "1001", "1001" },
	{ "feature_access_code", "code, feature",
	  "INSERT INTO feature_access_code VALUES ('*7', 'a'), ('*7', 'b'), ('*', 'b')",
	  "*7", "*7" },
	{ "coverage_point", "extension, step, condition, target",
	  "INSERT INTO coverage_point VALUES ('1001', 1, '1', 'busy', 5),"
	  " ('1001', 1, '2', 'busy', 5)",
	  "1001", "1001" },
};

START_TEST(rows_that_contradict_each_other_are_refused)
{
	const struct doublet *row = &doublets[_i];

	bench_force_key(&bench, row->table, row->key, row->sql);
	ck_assert_int_eq(bench_load(&bench, *row->called == '*' ? HALF_ORIG : HALF_TERM,
				    "1001", row->called),
			 -EBADMSG);
	ck_assert_str_eq(
		bench.fault.text,
		arena_printf(
			&bench.arena,
			"table %s, row %s: is there more than once; the index is damaged",
			row->table, row->row));
}
END_TEST

START_TEST(a_bad_row_of_a_target_costs_only_the_way_to_it)
{
	const struct forwarding *forwarding;

	bench_write(
		&bench,
		"INSERT INTO station (extension) VALUES ('2002'), ('2003');"
		"INSERT INTO station_number VALUES ('7', '2003');"
		"INSERT INTO call_forwarding VALUES ('1001', 'busy', 'any', '2002', 1);"
		"INSERT INTO coverage_point VALUES ('1001', 1, '7', 'busy', 5)");
	bench_force(&bench, "UPDATE station SET name = x'00' WHERE extension = '2002';"
			    "UPDATE station_number SET extension = '9999'");
	load(HALF_TERM, "x", "1001");
	forwarding = &bench.profile.forwardings.rows[0];
	ck_assert_str_eq(forwarding->to.fault,
			 "table station, row 2002: name must be text");
	ck_assert_str_eq(bench.profile.coverage[0].to.fault,
			 "table station_number, row 7: station 9999 does not exist");
}
END_TEST

START_TEST(a_bad_row_of_a_party_the_call_has_left_costs_nothing)
{
	static const char *const visited[] = { "2002", "2003" };
	const struct facts facts = {
		.half = HALF_TERM,
		.caller = { .user = "x", .host = "", .display = "" },
		.called = { .user = "1001", .host = "", .display = "" },
		.visited = visited,
		.visited_count = 2,
	};

	bench_write(&bench, "INSERT INTO station (extension) VALUES ('2002'), ('2003');"
			    "INSERT INTO call_forwarding"
			    " VALUES ('1001', 'busy', 'any', '2004', 1)");
	bench_force(&bench, "UPDATE station SET name = x'00' WHERE extension = '2002'");
	ck_assert_msg(store_load_profile(bench.store, &facts, &bench.arena,
					 &bench.profile, &bench.fault) == 0,
		      "%s", bench.fault.text);
	ck_assert_ptr_null(bench.profile.visited[0]);
	ck_assert_str_eq(bench.profile.visited[1], "2003");
}
END_TEST

/* A station with as many forwardings as coverage points, and with only one of the two. */
START_TEST(parties_a_call_has_left_are_known_to_stations_that_send_on)
{
	static const char *const sends_on[] = {
		("INSERT INTO call_forwarding VALUES ('1001', 'busy', 'any', '2004', 1);"
		 "INSERT INTO coverage_point VALUES ('1001', 1, '2005', 'busy', 5)"),
		"INSERT INTO call_forwarding VALUES ('1001', 'busy', 'any', '2004', 1)",
		"INSERT INTO coverage_point VALUES ('1001', 1, '2005', 'busy', 5)",
		"",
	};
	static const char *const visited[] = { "2002", "2009" };
	const struct facts facts = {
		.half = HALF_TERM,
		.caller = { .user = "x", .host = "", .display = "" },
		.called = { .user = "1001", .host = "", .display = "" },
		.visited = visited,
		.visited_count = 2,
	};

	bench_write(&bench, "INSERT INTO station (extension) VALUES ('2002')");
	bench_write(&bench, sends_on[_i]);
	ck_assert_int_eq(store_load_profile(bench.store, &facts, &bench.arena,
					    &bench.profile, &bench.fault),
			 0);
	if (*sends_on[_i]) {
		ck_assert_str_eq(bench.profile.visited[0], "2002");
		ck_assert_ptr_null(bench.profile.visited[1]);
	} else {
		ck_assert_ptr_null(bench.profile.visited);
	}
}
END_TEST

START_TEST(a_bad_row_does_not_stop_an_emergency_call)
{
	bench_write(&bench,
		    "INSERT INTO dial_pattern (pattern, call_type, max_length) VALUES"
		    " ('112', 'emergency', 3), ('11', 'toll', 9)");
	bench_force(&bench, "UPDATE station SET cor = 'abc'");
	load(HALF_ORIG, "1001", "112");
	ck_assert(bench.profile.dialled->is_emergency);
	ck_assert_ptr_null(bench.profile.caller);
	ck_assert_int_eq(bench_load(&bench, HALF_ORIG, "1001", "113"), -EBADMSG);
	ck_assert_int_eq(bench_load(&bench, HALF_LINE, "1001", "1001"), -EBADMSG);
	bench_force(&bench,
		    "UPDATE dial_pattern SET min_frl = 'x' WHERE pattern = '112'");
	ck_assert_int_eq(bench_load(&bench, HALF_ORIG, "1001", "112"), -EBADMSG);
}
END_TEST

/* Each digit of 16, or x in its place: 65,536 patterns, and twice as many beginnings. */
START_TEST(patterns_that_all_overlap_are_given_up)
{
	bench_write(&bench,
		    "WITH RECURSIVE n(p) AS (SELECT '' UNION ALL SELECT p || d FROM n,"
		    " (SELECT '5' AS d UNION SELECT 'x') WHERE length(p) < 16)"
		    " INSERT INTO dial_pattern (pattern, call_type)"
		    " SELECT p, 'toll' FROM n WHERE length(p) = 16");
	load(HALF_TERM, "x", "5555555555555555");
	ck_assert_str_eq(bench.profile.dialled->pattern, "5555555555555555");
	ck_assert_int_eq(bench_load(&bench, HALF_TERM, "x", "55555555555555555"),
			 -EBADMSG);
	assert_says(&bench,
		    "dial_pattern, row 55555555555555555: more than 10000 patterns");
	load(HALF_TERM, "x", "1001");
}
END_TEST

START_TEST(junk_among_the_keys_hides_no_other_row)
{
	bench_write(
		&bench,
		"INSERT INTO dial_pattern (pattern, call_type) VALUES ('12', 'toll')");
	bench_force(
		&bench,
		"INSERT INTO dial_pattern (pattern, call_type) VALUES (5, 'toll'), (x'31', 'toll'),"
		"('', 'toll'), ('1;', 'toll'), (cast(x'310032' as text), 'toll'), ('zzz', 'toll'),"
		"(printf('%.1000000c', '1'), 'toll');"
		"INSERT INTO station (extension) VALUES (x'31303031'), (''),"
		"(cast(x'3130303100' as text))");
	load(HALF_TERM, "12", "123");
	ck_assert_str_eq(bench.profile.dialled->pattern, "12");
	ck_assert_str_eq(bench.profile.calling->pattern, "12");
	load(HALF_TERM, "12", "1001");
	ck_assert_str_eq(bench.profile.called->name, "Alice");
	load(HALF_TERM, "", "");
}
END_TEST

Suite *unit_suite(void)
{
	TCase *tcase = tcase_create("bad_row");
	Suite *suite = suite_create("store_bad_row");

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, a_bad_row_is_named_and_costs_only_its_call, 0,
			    COUNT(bad_rows));
	tcase_add_loop_test(
		tcase, parties_a_call_has_left_are_known_to_stations_that_send_on, 0, 4);
	tcase_add_loop_test(tcase, rows_that_contradict_each_other_are_refused, 0,
			    COUNT(doublets));
	tcase_add_test(tcase, a_bad_row_of_a_target_costs_only_the_way_to_it);
	tcase_add_test(tcase, a_bad_row_of_a_party_the_call_has_left_costs_nothing);
	tcase_add_test(tcase, a_bad_row_does_not_stop_an_emergency_call);
	tcase_add_test(tcase, patterns_that_all_overlap_are_given_up);
	tcase_add_test(tcase, junk_among_the_keys_hides_no_other_row);
	suite_add_tcase(suite, tcase);
	return suite;
}
