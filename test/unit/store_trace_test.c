/* SPDX-License-Identifier: MIT */
/* The trace of what the store read, and its lists. */
#include "store_fixture.h"

#include "model/trace.h"

#include "unit.h"

static struct bench bench;
static struct trace trace;

static void set_up(void)
{
	bench_init_users(&bench);
	trace = (struct trace){ .arena = &bench.arena };
	bench_write(
		&bench,
		"INSERT INTO station (extension, name) VALUES ('2001', 'Bob B.');"
		"INSERT INTO station_number VALUES ('5550100', '2001');"
		"INSERT INTO dial_pattern (pattern, call_type) VALUES ('9', 'local');"
		"INSERT INTO calling_permission (from_cor, to_cor) VALUES (1, 1);"
		"INSERT INTO call_forwarding VALUES ('2001', 'busy', 'any', '1001', 0)");
}

static void tear_down(void)
{
	bench_clear(&bench);
}

static int load(enum half half, const char *caller, const char *called, bool is_external)
{
	const struct facts facts = {
		.half = half,
		.caller = { .user = caller, .host = "", .display = "" },
		.called = { .user = called, .host = "", .display = "" },
		.is_external = is_external,
		.trace = &trace,
	};

	return store_load_profile(bench.store, &facts, &bench.arena, &bench.profile,
				  &bench.fault);
}

/* All steps, "table key: columns" a line; "-" where there is no such row. */
static const char *story(void)
{
	const char *text = "";

	for (const struct trace_step *step = trace.first; step; step = step->next)
		text = arena_printf(&bench.arena, "%s%s %s: %s\n", text, step->subject,
				    step->about, step->is_hit ? step->text : "-");
	return text;
}

#define assert_tells(line) \
	ck_assert_msg(strstr(story(), line "\n"), "no <%s> in:\n%s", line, story())

START_TEST(each_row_that_is_read_is_noted_with_its_columns)
{
	ck_assert_int_eq(load(HALF_TERM, "1001", "5550100", false), 0);
	assert_tells("station 1001: extension=1001 name=Alice appearances=3"
		     " ring_seconds=NULL in_service=1 send_all_calls=0 cor=1");
	assert_tells(
		"class_of_restriction 1: cor=1 calling_party=none called_party=none frl=7");
	assert_tells("station 5550100: -");
	assert_tells("station_number 5550100: extension=2001");
	assert_tells("station 2001: extension=2001 name='Bob B.' appearances=3"
		     " ring_seconds=NULL in_service=1 send_all_calls=0 cor=1");
	assert_tells("dial_pattern 5550100: -");
	assert_tells("calling_permission 1 to 1: permitted=0");
	assert_tells(
		"call_forwarding 2001: condition=busy source=any destination=1001 active=0");
}
END_TEST

START_TEST(patterns_come_with_their_call_type)
{
	ck_assert_int_eq(load(HALF_ORIG, "1001", "95551", false), 0);
	assert_tells("dial_pattern 9: pattern=9 call_type=local min_frl=0 min_length=1"
		     " max_length=24");
	assert_tells("call_type local: call_type=local is_public=1 is_toll=0 is_tac=0"
		     " is_emergency=0 is_attendant=0");
	ck_assert_ptr_null(strstr(story(), "call_forwarding"));
}
END_TEST

START_TEST(beginnings_of_numbers_are_noted)
{
	ck_assert_int_eq(load(HALF_ORIG, "1001", "20", false), 0);
	assert_tells("station 20...: begins with it");
	ck_assert_int_eq(load(HALF_ORIG, "1001", "555", false), 0);
	assert_tells("station 555...: -");
	assert_tells("station_number 555...: begins with it");
	bench_write(&bench,
		    "INSERT INTO feature_access_code VALUES ('*21', 'restrict-cli')");
	ck_assert_int_eq(load(HALF_ORIG, "1001", "*2", false), 0);
	assert_tells("feature_access_code *2...: begins with it");
}
END_TEST

START_TEST(no_forwarding_at_all_is_noted_too)
{
	ck_assert_int_eq(load(HALF_TERM, "2001", "1001", false), 0);
	assert_tells("call_forwarding 1001: -");
}
END_TEST

START_TEST(a_row_that_makes_no_sense_is_noted_as_it_is)
{
	bench_force(&bench, "UPDATE station SET cor = 7, in_service = 'maybe'"
			    " WHERE extension = '1001'");
	ck_assert_int_lt(load(HALF_ORIG, "1001", "2001", false), 0);
	assert_tells("station 1001: extension=1001 name=Alice appearances=3"
		     " ring_seconds=NULL in_service=maybe send_all_calls=0 cor=7");
	assert_tells("class_of_restriction 7: -");
}
END_TEST

START_TEST(long_values_are_cut)
{
	bench_force(&bench, "UPDATE station SET name = printf('%.*c', 1000000, 'x')"
			    " WHERE extension = '1001'");
	ck_assert_int_lt(load(HALF_ORIG, "1001", "2001", false), 0);
	ck_assert_uint_lt(strlen(story()), 4096);
}
END_TEST

START_TEST(an_external_caller_is_public_whatever_the_number)
{
	ck_assert_int_eq(load(HALF_TERM, "1001", "2001", true), 0);
	ck_assert_ptr_null(bench.profile.caller);
	ck_assert(bench.profile.is_permitted);
	ck_assert_ptr_null(bench.profile.calling);
	ck_assert_ptr_null(strstr(story(), "1001:"));
}
END_TEST

START_TEST(stations_are_listed_page_by_page)
{
	struct store_page page = { .after = "", .arena = &bench.arena };
	size_t count = 0;

	bench_write(&bench,
		    "WITH RECURSIVE n(i) AS (SELECT 3000 UNION ALL SELECT i + 1 FROM n"
		    " WHERE i < 3249) INSERT INTO station (extension) SELECT i FROM n");
	do {
		ck_assert_int_eq(store_load_stations(bench.store, &page, &bench.fault),
				 0);
		for (size_t i = 0; i < page.count; i++) {
			ck_assert_int_gt(strcmp(page.stations[i].extension, page.after),
					 0);
			page.after = page.stations[i].extension;
		}
		count += page.count;
	} while (!page.is_last);
	ck_assert_uint_eq(count, 252);
}
END_TEST

/* The list goes on after them, also where the key itself is junk. */
START_TEST(bad_stations_are_left_out_of_the_list_and_told)
{
	struct store_page page = { .after = "", .arena = &bench.arena };
	size_t count = 0, bad = 0;

	bench_force(
		&bench,
		"UPDATE station SET appearances = 0 WHERE extension = '1001';"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
		" WHERE i < 300) INSERT INTO station (extension) SELECT '15 ' || i FROM n;"
		"INSERT INTO station (extension) VALUES (x'39'), ('z' || char(0) || 'z'),"
		" (printf('%.1000000c', 'z'))");
	do {
		ck_assert_int_eq(store_load_stations(bench.store, &page, &bench.fault),
				 0);
		if (page.bad && bad == 0)
			ck_assert_str_eq(page.fault,
					 "table station, row 1001:"
					 " appearances must be a number from 1 to 64");
		count += page.count;
		bad += page.bad;
		if (page.count)
			page.after = page.stations[page.count - 1].extension;
	} while (!page.is_last);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(bad, 304);
}
END_TEST

START_TEST(numbers_of_a_station_are_listed)
{
	struct store_numbers numbers = { .extension = "2001", .arena = &bench.arena };

	bench_write(&bench, "INSERT INTO station_number VALUES ('bob', '2001')");
	ck_assert_int_eq(store_load_numbers(bench.store, &numbers, &bench.fault), 0);
	ck_assert_uint_eq(numbers.count, 2);
	ck_assert_str_eq(numbers.numbers[0], "5550100");
	ck_assert_str_eq(numbers.numbers[1], "bob");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("store_trace");
	TCase *tcase = tcase_create("store_trace");

	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, each_row_that_is_read_is_noted_with_its_columns);
	tcase_add_test(tcase, patterns_come_with_their_call_type);
	tcase_add_test(tcase, beginnings_of_numbers_are_noted);
	tcase_add_test(tcase, no_forwarding_at_all_is_noted_too);
	tcase_add_test(tcase, a_row_that_makes_no_sense_is_noted_as_it_is);
	tcase_add_test(tcase, long_values_are_cut);
	tcase_add_test(tcase, an_external_caller_is_public_whatever_the_number);
	tcase_add_test(tcase, stations_are_listed_page_by_page);
	tcase_add_test(tcase, bad_stations_are_left_out_of_the_list_and_told);
	tcase_add_test(tcase, numbers_of_a_station_are_listed);
	return suite;
}
