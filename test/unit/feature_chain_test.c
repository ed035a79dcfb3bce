/* SPDX-License-Identifier: MIT */
/*
 * Forwarding that goes on from the new target: who is tried, and how the call got there.
 */
#include "feature/feature.h"

#include "unit.h"

#include <string.h>

/* Stations are named by their index: "0" is called, "9" calls. */
enum { STATIONS = 10, ROWS = 3 };

static struct station stations[STATIONS];
static char names[STATIONS][2];
static struct forwarding rows[STATIONS][ROWS];
static struct forwardings forwardings[STATIONS];
static struct arena arena;
static struct policy policy;
static struct facts facts;
static struct profile profile;

static void set_up(void)
{
	memset(stations, 0, sizeof stations);
	memset(forwardings, 0, sizeof forwardings);
	for (int i = 0; i < STATIONS; i++) {
		names[i][0] = (char)('0' + i);
		forwardings[i].rows = rows[i];
		stations[i] = (struct station){
			.extension = names[i],
			.name = "",
			.cor.frl = 7,
			.in_service = true,
		};
	}
	policy = (struct policy){
		.restricted_status = 403,
		.unknown_status = 404,
		.forward_hops = 5,
		.is_chained = true,
		.no_answer_s = 20,
	};
	facts = (struct facts){
		.half = HALF_TERM,
		.caller = { "9", "", "" },
		.called = { "0", "", "" },
		.domain = "example.com",
	};
	profile = (struct profile){
		.caller = &stations[9],
		.called = &stations[0],
		.is_permitted = true,
	};
}

static void tear_down(void)
{
	arena_clear(&arena);
}

static void forward(int from, enum forward_condition condition, int to)
{
	rows[from][forwardings[from].count++] = (struct forwarding){
		.condition = condition,
		.source = SOURCE_ANY,
		.to = { .number = names[to],
			.station = &stations[to],
			.is_permitted = true },
		.next = &forwardings[to],
	};
}

static struct verdict decide(void)
{
	profile.forwardings = forwardings[0];
	return feature_decide(&facts, &profile, &policy, &arena);
}

/* "busy>1 unconditional>2" for the hops of REDIRECT. */
static const char *way_of(const struct redirect *redirect)
{
	const char *way = "";

	for (unsigned i = 0; i < redirect->hop_count; i++)
		way = arena_printf(&arena, "%s%s%s>%s", way, i > 0 ? " " : "",
				   forward_condition_name(
					   (enum forward_condition)redirect->hops[i].why),
				   redirect->hops[i].to);
	return way;
}

START_TEST(a_chain_is_folded_into_one_redirect)
{
	const struct redirect *redirect;
	struct verdict verdict;

	forward(0, FORWARD_UNCONDITIONAL, 1);
	forward(1, FORWARD_UNCONDITIONAL, 2);
	forward(2, FORWARD_UNCONDITIONAL, 3);
	verdict = decide();
	redirect = &verdict.redirect[FORWARD_UNCONDITIONAL];
	ck_assert_int_eq(verdict.kind, VERDICT_FORWARD);
	ck_assert_str_eq(verdict.rule, "forwarding:unconditional");
	ck_assert_str_eq(redirect->destination, "3");
	ck_assert_str_eq(way_of(redirect),
			 "unconditional>1 unconditional>2 unconditional>3");
	ck_assert_ptr_null(redirect->next);
	ck_assert_uint_eq(redirect->ring_s, 0);
}
END_TEST

/* The forwardings of the second station are unreadable; only calls that need them are
 * refused. */
START_TEST(a_chain_of_which_a_part_is_unreadable_is_refused_as_a_whole)
{
	struct verdict verdict;

	forward(0, FORWARD_UNCONDITIONAL, 1);
	forward(1, FORWARD_UNCONDITIONAL, 2);
	forwardings[2].fault = "table call_forwarding, row 2: ...";
	verdict = decide();
	ck_assert_int_eq(verdict.kind, VERDICT_REJECT);
	ck_assert_int_eq(verdict.status, 500);
	ck_assert_str_eq(verdict.rule, "forwarding:database");
	ck_assert_str_eq(verdict.sentence,
			 "no forwarding: table call_forwarding, row 2: ...");
	policy.is_chained = false;
	ck_assert_int_eq(decide().kind, VERDICT_FORWARD);
}
END_TEST

START_TEST(unless_chained_the_next_target_is_the_last)
{
	struct verdict verdict;

	policy.is_chained = false;
	forward(0, FORWARD_UNCONDITIONAL, 1);
	forward(1, FORWARD_UNCONDITIONAL, 2);
	verdict = decide();
	ck_assert_str_eq(way_of(&verdict.redirect[FORWARD_UNCONDITIONAL]),
			 "unconditional>1");
	ck_assert_ptr_null(verdict.redirect[FORWARD_UNCONDITIONAL].next);
}
END_TEST

START_TEST(what_the_target_forwards_on_condition_comes_after_it)
{
	const struct redirect *busy, *next;
	struct verdict verdict;

	stations[1].ring_s = 7;
	forward(0, FORWARD_BUSY, 1);
	forward(1, FORWARD_NO_ANSWER, 2);
	forward(2, FORWARD_UNCONDITIONAL, 3);
	forward(3, FORWARD_UNREACHABLE, 4);
	verdict = decide();
	ck_assert_int_eq(verdict.kind, VERDICT_PASS);
	busy = &verdict.redirect[FORWARD_BUSY];
	ck_assert_str_eq(way_of(busy), "busy>1");
	ck_assert_uint_eq(busy->ring_s, 7);
	ck_assert_ptr_null(busy->next[FORWARD_BUSY].destination);

	next = &busy->next[FORWARD_NO_ANSWER];
	ck_assert_str_eq(next->rule, "forwarding:no-answer");
	ck_assert_str_eq(way_of(next), "no-answer>2 unconditional>3");
	ck_assert_uint_eq(next->ring_s, 0);
	ck_assert_str_eq(way_of(&next->next[FORWARD_UNREACHABLE]), "unreachable>4");
}
END_TEST

START_TEST(a_circle_is_refused_as_a_whole)
{
	struct verdict verdict;

	forward(0, FORWARD_UNCONDITIONAL, 1);
	forward(1, FORWARD_UNCONDITIONAL, 2);
	forward(2, FORWARD_UNCONDITIONAL, 0);
	verdict = decide();
	ck_assert_int_eq(verdict.kind, VERDICT_REJECT);
	ck_assert_int_eq(verdict.status, 482);
	ck_assert_str_eq(verdict.rule, "forwarding:loop");
	ck_assert_str_eq(verdict.sentence,
			 "forwarding of station 2 leads to 0, where the call came from");
	ck_assert_ptr_null(verdict.redirect[FORWARD_UNCONDITIONAL].destination);
}
END_TEST

START_TEST(a_circle_on_condition_is_refused_when_it_closes)
{
	struct verdict verdict;
	const struct redirect *first;

	forward(0, FORWARD_BUSY, 1);
	forward(1, FORWARD_BUSY, 0);
	verdict = decide();
	first = &verdict.redirect[FORWARD_BUSY];
	ck_assert_int_eq(first->refusal, 0);
	ck_assert_int_eq(first->next[FORWARD_BUSY].refusal, 482);
	ck_assert_str_eq(first->next[FORWARD_BUSY].rule, "forwarding:loop");
}
END_TEST

START_TEST(a_party_in_the_history_is_not_reached_by_a_chain)
{
	static const char *const visited[] = { "7", "2", "0" };
	struct verdict verdict;

	facts.visited = visited;
	facts.visited_count = 3;
	facts.redirections = 1;
	forward(0, FORWARD_UNCONDITIONAL, 1);
	forward(1, FORWARD_UNCONDITIONAL, 2);
	verdict = decide();
	ck_assert_int_eq(verdict.status, 482);
}
END_TEST

/* One forwarding more and one less than call.forward_hops allows; those in History-Info
 * count. */
START_TEST(a_chain_is_as_long_as_the_limit_allows)
{
	struct verdict verdict;

	for (int i = 0; i < 5; i++)
		forward(i, FORWARD_UNCONDITIONAL, i + 1);
	verdict = decide();
	ck_assert_str_eq(verdict.redirect[FORWARD_UNCONDITIONAL].destination, "5");

	facts.redirections = 1;
	verdict = decide();
	ck_assert_int_eq(verdict.status, 480);
	ck_assert_str_eq(verdict.rule, "forwarding:hops");
	facts.redirections = 0;
	forward(5, FORWARD_UNCONDITIONAL, 6);
	ck_assert_str_eq(decide().rule, "forwarding:hops");
	policy.forward_hops = 0;
	ck_assert_str_eq(decide().rule, "forwarding:hops");
	policy.forward_hops = FORWARD_HOPS_MAX;
	ck_assert_str_eq(decide().redirect[FORWARD_UNCONDITIONAL].destination, "6");
}
END_TEST

START_TEST(each_station_on_the_way_is_bound_by_its_own_restrictions)
{
	struct verdict verdict;

	stations[1].cor.calling = CALLING_ORIGINATION;
	forward(0, FORWARD_UNCONDITIONAL, 1);
	forward(1, FORWARD_UNCONDITIONAL, 2);
	verdict = decide();
	ck_assert_int_eq(verdict.status, 403);
	ck_assert_str_eq(verdict.rule, "forwarding:calling-party:origination");
	ck_assert_ptr_nonnull(strstr(verdict.sentence, "station 1"));
}
END_TEST

START_TEST(a_station_out_of_service_does_not_forward_on)
{
	stations[1].in_service = false;
	forward(0, FORWARD_UNCONDITIONAL, 1);
	forward(1, FORWARD_UNCONDITIONAL, 2);
	ck_assert_str_eq(decide().redirect[FORWARD_UNCONDITIONAL].destination, "1");
}
END_TEST

static unsigned count_redirects(const struct redirect *redirects)
{
	unsigned count = 0;

	for (int i = 0; redirects && i < FORWARD_CONDITIONS; i++)
		if (redirects[i].destination)
			count += 1 + count_redirects(redirects[i].next);
	return count;
}

/* Each station forwards to three others on three conditions: far too many branches. */
START_TEST(a_thicket_of_forwardings_is_cut)
{
	struct verdict verdict;

	policy.forward_hops = FORWARD_HOPS_MAX;
	for (int i = 0; i < STATIONS; i++) {
		forward(i, FORWARD_BUSY, (i + 1) % STATIONS);
		forward(i, FORWARD_NO_ANSWER, (i + 3) % STATIONS);
		forward(i, FORWARD_UNREACHABLE, (i + 7) % STATIONS);
	}
	verdict = decide();
	ck_assert_uint_gt(count_redirects(verdict.redirect), 200);
	ck_assert_uint_lt(count_redirects(verdict.redirect), 2000);
	ck_assert_str_eq(verdict.redirect[FORWARD_UNREACHABLE].rule, "forwarding:ways");
	ck_assert_int_eq(verdict.redirect[FORWARD_UNREACHABLE].refusal, 480);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("chain");
	TCase *tests = tcase_create("chain");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_chain_is_folded_into_one_redirect);
	tcase_add_test(tests,
		       a_chain_of_which_a_part_is_unreadable_is_refused_as_a_whole);
	tcase_add_test(tests, unless_chained_the_next_target_is_the_last);
	tcase_add_test(tests, what_the_target_forwards_on_condition_comes_after_it);
	tcase_add_test(tests, a_circle_is_refused_as_a_whole);
	tcase_add_test(tests, a_circle_on_condition_is_refused_when_it_closes);
	tcase_add_test(tests, a_party_in_the_history_is_not_reached_by_a_chain);
	tcase_add_test(tests, a_chain_is_as_long_as_the_limit_allows);
	tcase_add_test(tests, each_station_on_the_way_is_bound_by_its_own_restrictions);
	tcase_add_test(tests, a_station_out_of_service_does_not_forward_on);
	tcase_add_test(tests, a_thicket_of_forwardings_is_cut);
	suite_add_tcase(suite, tests);
	return suite;
}
