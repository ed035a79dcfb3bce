/* SPDX-License-Identifier: MIT */
/* Which rules are applied, in which order, and the sentence of the one that decides. */
#include "feature/feature.h"

#include "unit.h"

#include <string.h>

static struct arena arena;
static struct trace trace;

static const struct station alice = {
	.extension = "1001", .name = "", .in_service = true, .cor = { .cor = 1, .frl = 7 }
};
static const struct station mute = {
	.extension = "1002",
	.name = "",
	.in_service = true,
	.cor = { .cor = 2, .calling = CALLING_ORIGINATION },
};
static const struct policy policy = { .restricted_status = 403,
				      .unknown_status = 404,
				      .forward_hops = 5,
				      .no_answer_s = 20 };

static void set_up(void)
{
	trace = (struct trace){ .arena = &arena };
}

static void tear_down(void)
{
	arena_clear(&arena);
}

static void decide(enum half half, const struct station *caller,
		   const struct station *called, struct trace *notes)
{
	const struct facts facts = {
		.half = half,
		.caller = { caller->extension, "", "" },
		.called = { called->extension, "", "" },
		.domain = "example.com",
		.trace = notes,
	};
	const struct profile profile = { .caller = caller,
					 .called = called,
					 .is_permitted = true };

	feature_decide(&facts, &profile, &policy, &arena);
}

/* The rules applied, in order; the one that decided is followed by its sentence. */
static const char *story(void)
{
	const char *text = "";

	for (const struct trace_step *step = trace.first; step; step = step->next) {
		ck_assert_int_eq(step->kind, TRACE_RULE);
		text = arena_printf(&arena, "%s%s%s%s", text,
				    step == trace.first ? "" : " ", step->subject,
				    step->is_hit ? "!" : "");
	}
	return text;
}

START_TEST(rules_are_noted_in_the_order_they_are_asked)
{
	decide(HALF_ORIG, &alice, &mute, &trace);
	ck_assert_str_eq(
		story(),
		"emergency feature-name unknown-station bad-profile"
		" out-of-service feature-action feature-code origination dial-plan calling-party frl"
		" calling-permission require trunk-members");
	ck_assert_str_eq(trace.first->about, "1001 to 1002");
	ck_assert_str_eq(trace.last->text, "");
}
END_TEST

START_TEST(the_rule_that_decides_is_the_last_and_says_why)
{
	decide(HALF_ORIG, &mute, &alice, &trace);
	ck_assert_str_eq(story(),
			 "emergency feature-name unknown-station bad-profile"
			 " out-of-service feature-action feature-code origination!");
	ck_assert_str_eq(trace.last->text,
			 "calling-party:origination: station 1002 may not call at all"
			 " (COR 2, calling party restriction origination)");
}
END_TEST

START_TEST(nothing_is_noted_unless_asked_for)
{
	decide(HALF_ORIG, &mute, &alice, NULL);
	ck_assert_ptr_null(trace.first);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("feature_trace");
	TCase *tcase = tcase_create("feature_trace");

	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, rules_are_noted_in_the_order_they_are_asked);
	tcase_add_test(tcase, the_rule_that_decides_is_the_last_and_says_why);
	tcase_add_test(tcase, nothing_is_noted_unless_asked_for);
	return suite;
}
