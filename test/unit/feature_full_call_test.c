/* SPDX-License-Identifier: MIT */
/* The full calls of an evolution server, the short way back, and who is outside. */
#include "feature/feature.h"

#include "unit.h"

#include <string.h>

#define STATION(number, ...)                                         \
	{                                                            \
		.extension = number, .name = "", .in_service = true, \
		.cor = { __VA_ARGS__ }                               \
	}
#define COUNT(array) (sizeof array / sizeof *array)

static const struct station free_caller = STATION("1001", .cor = 1, .frl = 7);
static const struct station deaf =
	STATION("2002", .cor = 8, .called = CALLED_TERMINATION);
static const struct station callee = STATION("2001", .cor = 1);
static const struct station broken_caller = { .extension = "1008", .cor.cor = 1 };
static const struct station broken_callee = { .extension = "2006", .cor.cor = 1 };

#define PATTERN(digits, ...)                                                     \
	{                                                                        \
		.pattern = digits, .min_length = 4, .max_length = 8, __VA_ARGS__ \
	}

static const struct dial_pattern local = PATTERN("0x", .is_public = true);
static const struct dial_pattern help =
	PATTERN("112", .is_emergency = true, .is_public = true, .min_frl = 7);

static const struct policy policy = {
	.restricted_status = 433,	/* not the default, so a literal 403 shows */
	.unknown_status = 604,
	.forward_hops = 5,
	.no_answer_s = 20,
};

struct example {
	const char *name;
	const struct station *caller, *called;
	const char *number;			/* NULL = the called station's */
	const struct dial_pattern *dialled;
	/* and the verdict */
	enum verdict_kind kind;
	int status;
	const char *rule;
};

#define PASSES(why) .kind = VERDICT_PASS, .rule = why
#define DENIED(code, why) .kind = VERDICT_REJECT, .status = code, .rule = why

/* Full calls of an evolution server: the caller's rules, then the called station's. */
static const struct {
	struct example example;
	bool is_shortcut;
} full_calls[] = {
	{ { "station to station", .caller = &free_caller, .called = &callee, PASSES("") },
	  true },
	{ { "the called party objects", .caller = &free_caller, .called = &deaf,
	    DENIED(433, "called-party:termination") },
	  false },
	{ { "both object, the caller's comes first", .caller = &broken_caller,
	    .called = &broken_callee, DENIED(403, "out-of-service") },
	  false },
	{ { "the called party is out of service", .caller = &free_caller,
	    .called = &broken_callee, DENIED(480, "out-of-service") },
	  false },
	{ { "to a number outside", .caller = &free_caller, .number = "01234",
	    .dialled = &local, PASSES("") },
	  false },
	{ { "emergency", .caller = &free_caller, .called = &deaf, .number = "112",
	    .dialled = &help, PASSES("emergency") },
	  false },
	{ { "by an unknown caller", .caller = NULL, .called = &callee,
	    DENIED(604, "unknown-station") },
	  false },
};

START_TEST(a_full_call_asks_both_users_rules)
{
	const struct example *example = &full_calls[_i].example;
	const struct facts facts = {
		.half = HALF_ORIG,
		.is_full_call = true,
		.caller = { example->caller ? example->caller->extension : "0555", "",
			    "" },
		.called = { example->number ? example->number
					    : example->called->extension,
			    "", "" },
	};
	const struct profile profile = {
		.caller = example->caller,
		.called = example->called,
		.dialled = example->dialled,
		.is_permitted = true,
	};
	struct arena arena = { 0 };
	struct verdict verdict = feature_decide(&facts, &profile, &policy, &arena);

	ck_assert_msg(verdict.kind == example->kind &&
			      verdict.status == example->status &&
			      strcmp(verdict.rule, example->rule) == 0,
		      "%s: got %d %d %s", example->name, (int)verdict.kind,
		      verdict.status, verdict.rule);
	ck_assert_int_eq(verdict.is_shortcut, full_calls[_i].is_shortcut);
	arena_clear(&arena);
}
END_TEST

START_TEST(a_full_call_is_forwarded)
{
	const struct forwarding row = {
		.condition = FORWARD_UNCONDITIONAL,
		.source = SOURCE_ANY,
		.to = { .number = "2002", .station = &deaf, .is_permitted = true },
	};
	const struct facts facts = {
		.half = HALF_ORIG,
		.is_full_call = true,
		.caller = { "1001", "", "" },
		.called = { "2001", "", "" },
	};
	struct profile profile = {
		.caller = &free_caller,
		.called = &callee,
		.is_permitted = true,
		.forwardings = { &row, 1 },
	};
	struct arena arena = { 0 };
	struct verdict verdict = feature_decide(&facts, &profile, &policy, &arena);

	ck_assert_int_eq(verdict.kind, VERDICT_FORWARD);
	ck_assert_str_eq(verdict.redirect[FORWARD_UNCONDITIONAL].destination, "2002");
	ck_assert(verdict.is_shortcut);
	arena_clear(&arena);
}
END_TEST

/* Which parties are outside: the called one, forwarding targets, coverage points. */
START_TEST(who_is_no_station_is_outside)
{
	const struct forwarding row = {
		.condition = FORWARD_BUSY,
		.source = SOURCE_ANY,
		.to = { .number = "2002",
			.station = _i ? NULL : &deaf,
			.pattern = _i ? &local : NULL,
			.is_permitted = true },
	};
	const struct coverage_point point = { .condition = COVER_BUSY,
					      .step = 1,
					      .to = row.to };
	const struct facts facts = {
		.half = HALF_TERM,
		.caller = { "1001", "", "" },
		.called = { "1001", "", "" },
	};
	struct profile profile = {
		.caller = &free_caller,
		.called = &free_caller,
		.is_permitted = true,
		.forwardings = { &row, 1 },
		.coverage = &point,
		.coverage_count = 1,
	};
	struct arena arena = { 0 };
	struct verdict verdict = feature_decide(&facts, &profile, &policy, &arena);

	ck_assert(!verdict.is_outside);
	ck_assert_int_eq(verdict.redirect[FORWARD_BUSY].is_outside, _i);
	ck_assert_uint_eq(verdict.coverage[COVER_WHEN_BUSY].count, 1);
	ck_assert_int_eq(verdict.coverage[COVER_WHEN_BUSY].points[0].is_outside, _i);
	profile.called = NULL;
	verdict = feature_decide(&facts, &profile, &policy, &arena);
	ck_assert(verdict.is_outside);
	arena_clear(&arena);
}
END_TEST

/* Verdicts for a termination that asks for the short way, to a station and to other
 * numbers. */
START_TEST(a_short_way_is_for_stations_and_asks_no_rule)
{
	const struct facts facts = {
		.half = HALF_TERM,
		.asks_shortcut = true,
		.caller = { "1001", "", "" },
		.called = { "2002", "", "" },
	};
	struct profile profile = { .caller = &free_caller, .called = &deaf };
	struct arena arena = { 0 };
	struct verdict verdict = feature_decide(&facts, &profile, &policy, &arena);

	ck_assert_int_eq(verdict.kind, VERDICT_PASS);
	ck_assert_str_eq(verdict.rule, "shortcut");
	ck_assert(verdict.is_shortcut);
	profile.called = NULL;
	verdict = feature_decide(&facts, &profile, &policy, &arena);
	ck_assert_int_eq(verdict.kind, VERDICT_REJECT);
	ck_assert_str_eq(verdict.rule, "unknown-station");
	ck_assert(!verdict.is_shortcut);
	arena_clear(&arena);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("feature full call");
	TCase *rules = tcase_create("rules");

	tcase_add_loop_test(rules, a_full_call_asks_both_users_rules, 0,
			    (int)COUNT(full_calls));
	tcase_add_test(rules, a_full_call_is_forwarded);
	tcase_add_loop_test(rules, who_is_no_station_is_outside, 0, 2);
	tcase_add_test(rules, a_short_way_is_for_stations_and_asks_no_rule);
	suite_add_tcase(suite, rules);
	return suite;
}
