/* SPDX-License-Identifier: MIT */
/* The contents of a profile. */
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

START_TEST(a_station_is_loaded_with_its_class)
{
	const struct station *caller;

	bench_write(
		&bench,
		"INSERT INTO class_of_restriction VALUES (7, '', 'outward', 'manual', 3);"
		"INSERT INTO station VALUES ('1002', 'Zoë', 7, 5, 12, 0, 1)");
	load(HALF_ORIG, "1002", "1001");
	caller = bench.profile.caller;
	ck_assert_str_eq(caller->extension, "1002");
	ck_assert_str_eq(caller->name, "Zoë");
	ck_assert_int_eq(caller->cor.cor, 7);
	ck_assert_int_eq(caller->cor.calling, CALLING_OUTWARD);
	ck_assert_int_eq(caller->cor.called, CALLED_MANUAL);
	ck_assert_uint_eq(caller->cor.frl, 3);
	ck_assert_uint_eq(caller->appearances, 5);
	ck_assert_uint_eq(caller->ring_s, 12);
	ck_assert(!caller->in_service);
	ck_assert(caller->sends_all_calls);
	ck_assert_str_eq(bench.profile.called->extension, "1001");
	ck_assert_uint_eq(bench.profile.called->ring_s, 0);
	ck_assert(bench.profile.called->in_service);
	ck_assert(!bench.profile.called->sends_all_calls);
}
END_TEST

START_TEST(a_full_call_brings_the_called_stations_forwarding_and_coverage)
{
	const struct facts full = {
		.half = HALF_ORIG,
		.is_full_call = true,
		.caller = { .user = "1001", .host = "", .display = "" },
		.called = { .user = "1001", .host = "", .display = "" },
	};

	bench_write(&bench,
		    "INSERT INTO call_forwarding (extension, condition, destination)"
		    " VALUES ('1001', 'busy', '2001');"
		    "INSERT INTO coverage_point (extension, step, target, condition)"
		    " VALUES ('1001', 1, '2001', 'all')");
	load(HALF_ORIG, "1001", "1001");
	ck_assert_uint_eq(bench.profile.forwardings.count, 0);
	ck_assert_uint_eq(bench.profile.coverage_count, 0);
	ck_assert_int_eq(store_load_profile(bench.store, &full, &bench.arena,
					    &bench.profile, &bench.fault),
			 0);
	ck_assert_uint_eq(bench.profile.forwardings.count, 1);
	ck_assert_uint_eq(bench.profile.coverage_count, 1);
}
END_TEST

START_TEST(a_stranger_is_no_station)
{
	load(HALF_TERM, "15559999", "unknown");
	ck_assert_ptr_null(bench.profile.caller);
	ck_assert_ptr_null(bench.profile.called);
	ck_assert_ptr_null(bench.profile.dialled);
	ck_assert(bench.profile.is_permitted);
	ck_assert(!bench.profile.is_prefix);
}
END_TEST

/* Every way of writing the number of 1001. */
static const char *const spellings[] = {
	"1001",	      "15550100",   "+15550100", "+1-555-0100",
	"1.555.0100", "(1555)0100", "alice",	 "1-001",
};

START_TEST(a_station_is_found_by_number_and_handle)
{
	bench_write(&bench, "INSERT INTO station_number VALUES ('15550100', '1001'),"
			    " ('alice', '1001')");
	load(HALF_TERM, "x", spellings[_i]);
	ck_assert_ptr_nonnull(bench.profile.called);
	ck_assert_str_eq(bench.profile.called->extension, "1001");
}
END_TEST

/* Users that are no number of a station, also very long and odd ones. */
static const char *const strangers[] = {
	"",	 "+",	   "Alice",
	"1001 ", "1001;x", "%00",
	"+-.()", "10O1",   "1001'; DROP TABLE station; --",
};

START_TEST(odd_users_find_nothing)
{
	bench_write(&bench, "INSERT INTO station_number VALUES ('alice', '1001')");
	load(HALF_TERM, strangers[_i], strangers[_i]);
	ck_assert_ptr_null(bench.profile.caller);
	ck_assert_ptr_null(bench.profile.called);
}
END_TEST

START_TEST(a_very_long_user_finds_nothing)
{
	char *user = arena_alloc(&bench.arena, 100001);

	memset(user, '1', 100000);
	bench_write(
		&bench,
		"INSERT INTO dial_pattern (pattern, call_type) VALUES ('1', 'local')");
	load(HALF_TERM, user, user);
	ck_assert_ptr_null(bench.profile.dialled);
}
END_TEST

static const struct pattern_case {
	const char *number, *pattern;	/* NULL = none */
	bool is_prefix;
} pattern_cases[] = {
	{ "9", "9", false },
	{ "95550100", "9", false },
	{ "911", "911", false },
	{ "9112", "911", false },
	{ "91", "9", false },
	{ "2345", "2xxx", false },
	{ "23456", "2xxx", false },
	{ "234", NULL, true },
	{ "2", NULL, true },
	{ "2999", "299x", false },	/* equally long: the one with a digit first wins */
	{ "2990", "299x", false },
	{ "2900", "2xxx", false },
	{ "3123", "3x2", false },
	{ "3120", "3x2", false },
	{ "3113", "31", false },
	{ "3423", "3x2", false },
	{ "412", "41x", false },
	{ "419", "41x", false },
	{ "422", "4x2", false },
	{ "+1 ", NULL, false },
	{ "+95550100", "9", false },
	{ "10", NULL, true },		/* of station 1001 */
	{ "1001", NULL, false },
	{ "10011", NULL, false },
	{ "777", NULL, true },		/* of number 77715 */
	{ "+77-7", NULL, true },
	{ "al", NULL, false },		/* names are not dialled digit by digit */
	{ "8", NULL, false },
};

START_TEST(the_longest_pattern_counts)
{
	const struct pattern_case *t = &pattern_cases[_i];

	bench_write(
		&bench,
		"INSERT INTO dial_pattern (pattern, call_type) VALUES ('9', 'local'),"
		"('911', 'emergency'), ('2XXX', 'internal'), ('29xx', 'internal'), ('299x', 'toll'),"
		"('31', 'toll'), ('3x2', 'toll'), ('41x', 'toll'), ('4x2', 'toll');"
		"DELETE FROM dial_pattern WHERE pattern = '29xx';"
		"UPDATE dial_pattern SET pattern = '2xxx' WHERE pattern = '2XXX';"
		"INSERT INTO station_number VALUES ('77715', '1001'), ('alice', '1001')");
	load(HALF_ORIG, "1001", t->number);
	ck_assert_pstr_eq(bench.profile.dialled ? bench.profile.dialled->pattern : NULL,
			  t->pattern);
	ck_assert_int_eq(bench.profile.is_prefix, t->is_prefix);
}
END_TEST

START_TEST(of_two_patterns_as_long_a_digit_beats_x)
{
	bench_write(&bench, "INSERT INTO dial_pattern (pattern, call_type) VALUES"
			    " ('4x2', 'toll'), ('41x', 'toll'), ('X12', 'toll')");
	load(HALF_ORIG, "1001", "412");
	ck_assert_str_eq(bench.profile.dialled->pattern, "41x");
	load(HALF_ORIG, "1001", "512");
	ck_assert_str_eq(bench.profile.dialled->pattern, "X12");
}
END_TEST

START_TEST(a_pattern_says_what_its_type_means)
{
	const struct dial_pattern *pattern;

	bench_write(&bench,
		    "INSERT INTO dial_pattern VALUES ('5', 'TAC-Toll', 3, NULL, 9),"
		    " ('911', 'emer', 0, 3, 3), ('0', 'attd', 0, 1, 1)");
	load(HALF_ORIG, "1001", "5123");
	pattern = bench.profile.dialled;
	ck_assert_str_eq(pattern->call_type, "TAC-Toll");
	ck_assert(pattern->is_public && pattern->is_toll && pattern->is_tac);
	ck_assert(!pattern->is_emergency && !pattern->is_attendant);
	ck_assert_uint_eq(pattern->min_frl, 3);
	ck_assert_uint_eq(pattern->min_length, 1);
	ck_assert_uint_eq(pattern->max_length, 9);

	load(HALF_ORIG, "1001", "911");
	ck_assert(bench.profile.dialled->is_emergency);
	load(HALF_ORIG, "1001", "0");
	ck_assert(bench.profile.dialled->is_attendant);
}
END_TEST

START_TEST(a_station_has_a_calling_pattern_where_only_the_attendant_may_call)
{
	bench_write(
		&bench,
		"INSERT INTO dial_pattern (pattern, call_type) VALUES ('1', 'attendant');"
		"INSERT INTO class_of_restriction (cor, called_party) VALUES (9, 'manual');"
		"INSERT INTO station (extension, cor) VALUES ('1002', 9)");
	load(HALF_TERM, "1001", "1002");
	ck_assert_ptr_nonnull(bench.profile.caller);
	ck_assert_ptr_nonnull(bench.profile.calling);
	ck_assert(bench.profile.calling->is_attendant);
}
END_TEST

START_TEST(only_a_strange_calling_number_has_a_pattern)
{
	bench_write(&bench, "INSERT INTO dial_pattern (pattern, call_type) VALUES"
			    " ('0', 'attendant'), ('1', 'internal')");
	load(HALF_TERM, "0", "1001");
	ck_assert(bench.profile.calling->is_attendant);
	load(HALF_TERM, "1001", "1001");
	ck_assert_ptr_null(bench.profile.calling);
	ck_assert_str_eq(bench.profile.dialled->pattern, "1");
}
END_TEST

START_TEST(a_calling_permission_goes_one_way)
{
	bench_write(&bench, "INSERT INTO class_of_restriction (cor) VALUES (2);"
			    "INSERT INTO station (extension, cor) VALUES ('1002', 2);"
			    "INSERT INTO calling_permission VALUES (1, 2, 0), (2, 1, 1)");
	load(HALF_TERM, "1001", "1002");
	ck_assert(!bench.profile.is_permitted);
	load(HALF_TERM, "1002", "1001");
	ck_assert(bench.profile.is_permitted);
	load(HALF_TERM, "15559999", "1002");
	ck_assert(bench.profile.is_permitted);
}
END_TEST

START_TEST(a_called_station_brings_its_active_forwardings)
{
	const struct forwarding *to;

	bench_write(
		&bench,
		"INSERT INTO class_of_restriction (cor) VALUES (2);"
		"INSERT INTO station (extension, cor) VALUES ('1002', 2);"
		"INSERT INTO calling_permission VALUES (1, 2, 0);"
		"INSERT INTO dial_pattern (pattern, call_type) VALUES ('9', 'toll');"
		"INSERT INTO call_forwarding VALUES ('1001', 'busy', 'internal', '1002', 1),"
		"('1001', 'no-answer', 'any', '95550199', 1), ('1001', 'unconditional', 'any', '1', 0)");
	load(HALF_ORIG, "1002", "1001");
	ck_assert_uint_eq(bench.profile.forwardings.count, 0);

	load(HALF_TERM, "1002", "1001");
	ck_assert_uint_eq(bench.profile.forwardings.count, 2);
	to = &bench.profile.forwardings.rows[0];
	ck_assert_int_eq(to->condition, FORWARD_BUSY);
	ck_assert_int_eq(to->source, SOURCE_INTERNAL);
	ck_assert_str_eq(to->to.number, "1002");
	ck_assert_str_eq(to->to.station->extension, "1002");
	ck_assert(!to->to.is_permitted);
	to = &bench.profile.forwardings.rows[1];
	ck_assert_int_eq(to->condition, FORWARD_NO_ANSWER);
	ck_assert_ptr_null(to->to.station);
	ck_assert(to->to.pattern->is_toll);
	ck_assert(to->to.is_permitted);
}
END_TEST

START_TEST(a_called_station_brings_its_coverage_by_step)
{
	const struct coverage_point *point;

	bench_write(
		&bench,
		"INSERT INTO class_of_restriction (cor) VALUES (2);"
		"INSERT INTO station (extension, cor) VALUES ('1002', 2);"
		"INSERT INTO calling_permission VALUES (1, 2, 0);"
		"INSERT INTO dial_pattern (pattern, call_type) VALUES ('9', 'toll');"
		"INSERT INTO coverage_point VALUES ('1001', 10, '95550199', 'all', NULL),"
		"('1001', 2, '1002', 'no-answer', 12), ('1001', 2, '1002', 'busy', 300),"
		"('1002', 1, '1001', 'send-all-calls', 5)");
	load(HALF_ORIG, "1002", "1001");
	ck_assert_uint_eq(bench.profile.coverage_count, 0);

	load(HALF_TERM, "1002", "1001");
	ck_assert_uint_eq(bench.profile.coverage_count, 3);
	point = bench.profile.coverage;
	ck_assert_int_eq(point->condition, COVER_BUSY);
	ck_assert_uint_eq(point->step, 2);
	ck_assert_uint_eq(point->ring_s, 300);
	ck_assert_str_eq(point->to.number, "1002");
	ck_assert_str_eq(point->to.station->extension, "1002");
	ck_assert(!point->to.is_permitted);
	ck_assert_int_eq((++point)->condition, COVER_NO_ANSWER);
	point++;
	ck_assert_int_eq(point->condition, COVER_ALL);
	ck_assert_uint_eq(point->ring_s, 0);
	ck_assert_ptr_null(point->to.station);
	ck_assert(point->to.pattern->is_toll);
}
END_TEST

/* A ring: each station forwards to the next one, and the last one to the first. */
static void write_ring(int from, int to)
{
	bench_write(
		&bench,
		arena_printf(
			&bench.arena,
			"BEGIN; WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1"
			" FROM n WHERE i < %d) INSERT INTO station (extension) SELECT i FROM n;"
			"INSERT INTO call_forwarding (extension, destination) SELECT extension,"
			" iif(extension = '%d', %d, extension + 1) FROM station"
			" WHERE extension >= '%d'; COMMIT",
			from, to, to, from, from));
}

static unsigned chain_length(const struct forwardings *forwardings, unsigned limit)
{
	unsigned length = 0;

	while (forwardings && forwardings->count && length < limit) {
		length++;
		forwardings = forwardings->rows[0].next;
	}
	return length;
}

START_TEST(chains_of_forwardings_are_followed_as_far_as_asked)
{
	write_ring(20000, 29999);
	load(HALF_TERM, "1001", "20000");
	ck_assert_uint_eq(chain_length(&bench.profile.forwardings, 100), 1);

	store_follow(bench.store, 5);
	load(HALF_TERM, "1001", "20000");
	ck_assert_uint_eq(chain_length(&bench.profile.forwardings, 100), 6);
	ck_assert_str_eq(bench.profile.forwardings.rows[0].to.number, "20001");
	ck_assert_str_eq(bench.profile.forwardings.rows[0].next->rows[0].to.number,
			 "20002");

	/* The number of stations looked up for one call is limited, whatever
	 * store_follow() allows. */
	store_follow(bench.store, 20000);
	load(HALF_TERM, "1001", "20000");
	ck_assert_uint_eq(chain_length(&bench.profile.forwardings, 100), 64);
}
END_TEST

START_TEST(a_circle_of_forwardings_is_loaded_once)
{
	write_ring(20000, 20002);
	store_follow(bench.store, 20);
	load(HALF_TERM, "1001", "20000");
	ck_assert_uint_eq(chain_length(&bench.profile.forwardings, 100), 100);
	ck_assert_ptr_eq(
		bench.profile.forwardings.rows[0].next->rows[0].next->rows[0].next->rows,
		bench.profile.forwardings.rows);
}
END_TEST

START_TEST(a_bad_row_far_down_the_chain_is_named)
{
	write_ring(20000, 20004);
	bench_force(&bench, "UPDATE call_forwarding SET active = 7"
			    " WHERE extension = '20003'");
	load(HALF_TERM, "1001", "20000");
	store_follow(bench.store, 5);
	load(HALF_TERM, "1001", "20000");
	ck_assert_uint_eq(chain_length(&bench.profile.forwardings, 100), 3);
	ck_assert_ptr_nonnull(strstr(
		bench.profile.forwardings.rows[0].next->rows[0].next->rows[0].next->fault,
		"call_forwarding, row 20003"));
}
END_TEST

/* Valid rows before the invalid one are not used either. */
START_TEST(a_bad_row_of_the_party_forwarded_to_spoils_all_its_forwardings)
{
	const struct forwardings *next;

	write_ring(20000, 20002);
	bench_write(&bench, "INSERT INTO call_forwarding VALUES"
			    " ('20001', 'busy', 'any', '20002', 1),"
			    " ('20001', 'no-answer', 'any', '20002', 1)");
	bench_force(&bench, "UPDATE call_forwarding SET active = 7"
			    " WHERE extension = '20001' AND condition = 'unconditional'");
	store_follow(bench.store, 5);
	load(HALF_TERM, "1001", "20000");
	next = bench.profile.forwardings.rows[0].next;
	ck_assert_ptr_nonnull(next);
	ck_assert_ptr_nonnull(strstr(next->fault, "call_forwarding, row 20001"));
	ck_assert_uint_eq(next->count, 0);
	ck_assert_ptr_null(bench.profile.forwardings.fault);
	ck_assert_uint_eq(bench.profile.forwardings.count, 1);
}
END_TEST

START_TEST(ten_thousand_stations_and_patterns_are_searched)
{
	bench_write(
		&bench,
		"BEGIN;"
		"WITH RECURSIVE n(i) AS (SELECT 20000 UNION ALL SELECT i + 1 FROM n WHERE i < 29999)"
		" INSERT INTO station (extension) SELECT i FROM n;"
		"WITH RECURSIVE n(i) AS (SELECT 50000 UNION ALL SELECT i + 1 FROM n WHERE i < 59999)"
		" INSERT INTO dial_pattern (pattern, call_type)"
		" SELECT iif(i % 7 = 0, substr(i, 1, 2) || 'x' || substr(i, 4), i), 'toll' FROM n"
		" WHERE true ON CONFLICT DO NOTHING; COMMIT");
	load(HALF_TERM, "29999", "51234567");
	ck_assert_str_eq(bench.profile.caller->extension, "29999");
	ck_assert_str_eq(bench.profile.dialled->pattern, "51234");
}
END_TEST

Suite *unit_suite(void)
{
	TCase *tcase = tcase_create("profile");
	Suite *suite = suite_create("store_profile");

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, a_station_is_loaded_with_its_class);
	tcase_add_test(tcase,
		       a_full_call_brings_the_called_stations_forwarding_and_coverage);
	tcase_add_test(tcase, a_stranger_is_no_station);
	tcase_add_loop_test(tcase, a_station_is_found_by_number_and_handle, 0,
			    COUNT(spellings));
	tcase_add_loop_test(tcase, odd_users_find_nothing, 0, COUNT(strangers));
	tcase_add_test(tcase, a_very_long_user_finds_nothing);
	tcase_add_loop_test(tcase, the_longest_pattern_counts, 0, COUNT(pattern_cases));
	tcase_add_test(tcase, of_two_patterns_as_long_a_digit_beats_x);
	tcase_add_test(tcase, a_pattern_says_what_its_type_means);
	tcase_add_test(tcase, only_a_strange_calling_number_has_a_pattern);
	tcase_add_test(tcase,
		       a_station_has_a_calling_pattern_where_only_the_attendant_may_call);
	tcase_add_test(tcase, a_calling_permission_goes_one_way);
	tcase_add_test(tcase, a_called_station_brings_its_active_forwardings);
	tcase_add_test(tcase, a_called_station_brings_its_coverage_by_step);
	tcase_add_test(tcase, chains_of_forwardings_are_followed_as_far_as_asked);
	tcase_add_test(tcase, a_circle_of_forwardings_is_loaded_once);
	tcase_add_test(tcase, a_bad_row_far_down_the_chain_is_named);
	tcase_add_test(tcase,
		       a_bad_row_of_the_party_forwarded_to_spoils_all_its_forwardings);
	tcase_add_test(tcase, ten_thousand_stations_and_patterns_are_searched);
	suite_add_tcase(suite, tcase);
	return suite;
}
