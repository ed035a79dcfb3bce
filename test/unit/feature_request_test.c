/* SPDX-License-Identifier: MIT */
/*
 * What is decided by the request and by what else is alive: wrong tags, strange URIs, ways back
 * that lead nowhere, extensions, trunk members, line appearances.
 */
#include "feature/feature.h"
#include "unit.h"

#include <limits.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)

static struct arena arena;

static void tear_down(void)
{
	arena_clear(&arena);
}

static struct facts facts_of(enum half half)
{
	return (struct facts){
		.half = half,
		.tag = { .phase = half == HALF_TERM ? PHASE_IMSTERM : PHASE_IMSORIG,
			 .phases = 1,
			 .text = "",
			 .carried = "" },
		.caller = { "1001", "example.com", "" },
		.called = { "2001", "example.com", "" },
		.domain = "example.com",
	};
}

/* Before the profile is read. */

static const struct {
	struct route_tag tag;
	bool routes_untagged;
	int status;			/* 0 = let through */
	const char *says;
} tags[] = {
	{ { PHASE_IMSORIG, 1, "imsorig", "" }, false, 0, "" },
	{ { PHASE_IMSTERM, 1, "imsterm", "" }, false, 0, "" },
	{ { PHASE_IMSTERM, 2, "imsterm", "" }, true, 400, "2 phases, the last of them imsterm" },
	{ { PHASE_ORIGDONE, 1, "origdone", "" }, true, 400, "phase=origdone is ours to send" },
	{ { PHASE_TERMDONE, 1, "TermDone", "" }, true, 400, "phase=TermDone is ours to send" },
	{ { PHASE_TERMINATING, 1, "terminating", "" }, false, 400, "ordinary last hop" },
	{ { PHASE_TERMINATING, 1, "terminating", "" }, true, 0, "" },
	{ { PHASE_UNKNOWN, 1, "imsfoo", "" }, true, 400, "phase=imsfoo is unknown" },
	{ { PHASE_NONE, 0, NULL, "" }, false, 403, "carries no phase" },
	{ { PHASE_NONE, 0, NULL, "" }, true, 0, "" },
};

START_TEST(wrong_tags_are_answered_and_never_guessed)
{
	struct facts facts = facts_of(HALF_TERM);
	struct policy policy = { .routes_untagged = tags[_i].routes_untagged };
	struct verdict verdict = { .kind = VERDICT_PASS };
	bool is_refused;

	facts.tag = tags[_i].tag;
	is_refused = feature_screen(&facts, &policy, &arena, &verdict);
	ck_assert_int_eq(is_refused, tags[_i].status != 0);
	ck_assert_int_eq(verdict.status, tags[_i].status);
	ck_assert_int_eq(verdict.kind, is_refused ? VERDICT_REJECT : VERDICT_PASS);
	if (!is_refused)
		return;
	ck_assert_str_eq(verdict.rule, "phase");
	ck_assert_msg(strstr(verdict.sentence, tags[_i].says) != NULL, "%s",
		      verdict.sentence);
}
END_TEST

START_TEST(a_way_back_that_leads_nowhere_is_refused_and_named)
{
	struct facts facts = facts_of(HALF_ORIG);
	struct policy policy = { 0 };
	struct verdict verdict;

	facts.senseless_way_back = "sip:sm.example.com;lr;transport=@x@";
	ck_assert(feature_screen(&facts, &policy, &arena, &verdict));
	ck_assert_int_eq(verdict.status, 400);
	ck_assert_str_eq(verdict.rule, "way-back");
	ck_assert_ptr_nonnull(strstr(verdict.sentence, "transport=@x@"));
}
END_TEST

START_TEST(a_request_uri_of_another_scheme_is_refused)
{
	struct facts facts = facts_of(HALF_ORIG);
	struct policy policy = { 0 };
	struct verdict verdict;

	facts.has_other_scheme = true;
	ck_assert(feature_screen(&facts, &policy, &arena, &verdict));
	ck_assert_int_eq(verdict.status, 416);
	ck_assert_str_eq(verdict.rule, "uri");
}
END_TEST

/* A call whose number was dialled is a call; only its off-hook comes too late. */
START_TEST(an_off_hook_after_its_number_is_refused)
{
	struct policy policy = { 0 };
	struct verdict verdict = { .kind = VERDICT_PASS };
	struct facts facts = facts_of(_i ? HALF_ORIG : HALF_LINE);

	facts.is_overtaken = true;
	ck_assert_int_eq(feature_screen(&facts, &policy, &arena, &verdict), !_i);
	ck_assert_int_eq(verdict.status, _i ? 0 : 484);
	if (!_i)
		ck_assert_str_eq(verdict.rule, "overtaken");
}
END_TEST

/* With the profile. */

static struct station station = {
	.extension = "1001", .name = "", .in_service = true, .appearances = 3
};

static const struct dial_pattern pattern = { .pattern = "2xxx", .max_length = 4 };

static struct verdict decide(const struct facts *facts, const struct profile *profile,
			     unsigned trunk_members)
{
	const struct policy policy = {
		.restricted_status = 403,
		.unknown_status = 404,
		.trunk_members = trunk_members,
	};

	return feature_decide(facts, profile, &policy, &arena);
}

static const struct {
	unsigned wanted;
	uint64_t busy;
	unsigned appearances;
	int status;			/* 0 = the line may be had */
	const char *rule;
} lines[] = {
	{ 0, 0, 3, 0, "" },
	{ 0, 3, 3, 0, "" },
	{ 0, 7, 3, 486, "appearance:busy" },
	{ 1, 0, 3, 0, "" },
	{ 1, 6, 3, 0, "" },
	{ 1, 1, 3, 486, "appearance:busy" },
	{ 3, 4, 3, 486, "appearance:busy" },
	{ 3, 3, 3, 0, "" },
	{ 4, 0, 3, 404, "appearance:unknown" },
	{ UINT_MAX, 0, 3, 404, "appearance:unknown" },
	{ 64, (uint64_t)1 << 63, 64, 486, "appearance:busy" },
	{ 0, UINT64_MAX, 64, 486, "appearance:busy" },
	{ 0, UINT64_MAX >> 1, 64, 0, "" },
};

START_TEST(an_off_hook_needs_an_idle_line_appearance)
{
	struct facts facts = facts_of(HALF_LINE);
	struct station with = station;
	struct profile profile = { .caller = &with,
				   .called = &with,
				   .busy_lines = lines[_i].busy };
	struct verdict verdict;

	with.appearances = lines[_i].appearances;
	facts.appearance = lines[_i].wanted;
	verdict = decide(&facts, &profile, 0);
	ck_assert_int_eq(verdict.kind, lines[_i].status ? VERDICT_REJECT : VERDICT_PASS);
	ck_assert_int_eq(verdict.status, lines[_i].status);
	ck_assert_str_eq(verdict.rule, lines[_i].rule);
}
END_TEST

START_TEST(an_off_hook_may_not_require_what_is_not_known)
{
	struct facts facts = facts_of(HALF_LINE);
	struct profile profile = { .caller = &station, .called = &station };
	struct verdict verdict;

	facts.unsupported = "foo, bar";
	verdict = decide(&facts, &profile, 0);
	ck_assert_int_eq(verdict.status, 420);
	ck_assert_str_eq(verdict.rule, "require");
	ck_assert_str_eq(verdict.unsupported, "foo, bar");
	ck_assert_ptr_nonnull(strstr(verdict.sentence, "foo, bar"));
}
END_TEST

/* What passes end to end is the far end's to refuse; the short way is looked at before. */
START_TEST(a_call_may_require_what_hinders_its_way_only)
{
	static const struct {
		const char *answered, *passed;
		bool is_short, is_emergency;
		const char *refused;
	} ways[] = {
		{ "a", NULL, false, false, NULL },
		{ "a", "b", false, false, "b" },
		{ "a", "b", false, true, NULL },
		{ "a", "b", true, false, NULL },
	};
	struct dial_pattern emergency = { .is_emergency = true };
	struct facts facts = facts_of(HALF_TERM);
	struct profile profile = { .caller = &station,
				   .called = &station,
				   .is_permitted = true };
	struct verdict verdict;

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		facts.unsupported = ways[i].answered;
		facts.unsupported_passed = ways[i].passed;
		facts.asks_shortcut = ways[i].is_short;
		profile.dialled = ways[i].is_emergency ? &emergency : NULL;
		verdict = decide(&facts, &profile, 0);
		ck_assert_int_eq(verdict.kind,
				 ways[i].refused ? VERDICT_REJECT : VERDICT_PASS);
		ck_assert_int_eq(verdict.status, ways[i].refused ? 420 : 0);
		ck_assert_pstr_eq(verdict.unsupported, ways[i].refused);
	}
}
END_TEST

static const struct {
	unsigned in_use, members;
	bool is_emergency, is_short;
	int status;
} trunks[] = {
	{ 0, 0, false, false, 0 },   { 1000, 0, false, false, 0 },
	{ 0, 1, false, false, 0 },   { 1, 1, false, false, 503 },
	{ 2, 1, false, false, 503 }, { 1, 2, false, false, 0 },
	{ 9, 1, true, false, 0 },    { 9, 1, false, true, 0 },
};

START_TEST(a_call_that_is_let_through_needs_a_trunk_member)
{
	struct facts facts = facts_of(HALF_TERM);
	struct dial_pattern dialled = pattern;
	struct profile profile = { .caller = &station,
				   .called = &station,
				   .dialled = &dialled,
				   .is_permitted = true };
	struct verdict verdict;

	dialled.is_emergency = trunks[_i].is_emergency;
	facts.asks_shortcut = trunks[_i].is_short;
	facts.members = trunks[_i].in_use;
	verdict = decide(&facts, &profile, trunks[_i].members);
	ck_assert_int_eq(verdict.status, trunks[_i].status);
	if (trunks[_i].status)
		ck_assert_str_eq(verdict.rule, "trunk-members");
}
END_TEST

/* Why it is refused anyhow comes first. */
START_TEST(a_refused_call_asks_for_no_trunk_member)
{
	struct facts facts = facts_of(HALF_TERM);
	struct profile profile = { .caller = &station };

	facts.members = 9;
	ck_assert_str_eq(decide(&facts, &profile, 1).rule, "unknown-station");
}
END_TEST

START_TEST(what_cannot_be_read_is_refused_with_500)
{
	struct verdict verdict = feature_refuse_unread("the database is locked", &arena);

	ck_assert_int_eq(verdict.kind, VERDICT_REJECT);
	ck_assert_int_eq(verdict.status, 500);
	ck_assert_str_eq(verdict.rule, "database");
	ck_assert_str_eq(verdict.sentence, "the database is locked");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("feature_request");
	TCase *request = tcase_create("request"), *alive = tcase_create("alive");

	tcase_add_checked_fixture(request, NULL, tear_down);
	tcase_add_loop_test(request, wrong_tags_are_answered_and_never_guessed, 0,
			    (int)COUNT(tags));
	tcase_add_test(request, a_way_back_that_leads_nowhere_is_refused_and_named);
	tcase_add_test(request, a_request_uri_of_another_scheme_is_refused);
	tcase_add_loop_test(request, an_off_hook_after_its_number_is_refused, 0, 2);
	tcase_add_test(request, what_cannot_be_read_is_refused_with_500);
	suite_add_tcase(suite, request);
	tcase_add_checked_fixture(alive, NULL, tear_down);
	tcase_add_loop_test(alive, an_off_hook_needs_an_idle_line_appearance, 0,
			    (int)COUNT(lines));
	tcase_add_test(alive, an_off_hook_may_not_require_what_is_not_known);
	tcase_add_test(alive, a_call_may_require_what_hinders_its_way_only);
	tcase_add_loop_test(alive, a_call_that_is_let_through_needs_a_trunk_member, 0,
			    (int)COUNT(trunks));
	tcase_add_test(alive, a_refused_call_asks_for_no_trunk_member);
	suite_add_tcase(suite, alive);
	return suite;
}
