/* SPDX-License-Identifier: MIT */
/* Where a call goes when it does not stay: rows of call_forwarding and verdicts. */
#include "feature/feature.h"

#include "unit.h"

#include <string.h>

enum { ROWS = 4, VISITED = 4 };

static const struct station caller = { .extension = "1001",
				       .name = "",
				       .in_service = true };
static const struct station target = { .extension = "3001",
				       .name = "",
				       .in_service = true };
static const struct station no_public = {
	.extension = "3001", .name = "", .cor.called = CALLED_PUBLIC, .in_service = true
};
static const struct station no_inward = {
	.extension = "3001", .name = "", .cor.called = CALLED_INWARD, .in_service = true
};

#define CALLED(...)                                                                 \
	{                                                                           \
		.extension = "2001", .name = "Bob", .in_service = true, __VA_ARGS__ \
	}
static const struct station bob = CALLED(.cor = { .cor = 1, .frl = 7 });
static const struct station bob_rings_35 = CALLED(.cor.frl = 7, .ring_s = 35);
static const struct station bob_mute = CALLED(.cor.calling = CALLING_ORIGINATION);
static const struct station bob_inside =
	CALLED(.cor = { .frl = 7, .calling = CALLING_OUTWARD });
static const struct station bob_cheap =
	CALLED(.cor = { .frl = 7, .calling = CALLING_ALL_TOLL });
static const struct station bob_frl_0 = CALLED(.cor.frl = 0);
static const struct station bob_deaf = CALLED(.cor.called = CALLED_TERMINATION);
static const struct station bob_broken = { .extension = "2001", .name = "Bob" };

#define PATTERN(digits, ...)                                                     \
	{                                                                        \
		.pattern = digits, .min_length = 3, .max_length = 8, __VA_ARGS__ \
	}
static const struct dial_pattern local = PATTERN("0x", .is_public = true, .min_frl = 1);
static const struct dial_pattern toll =
	PATTERN("00x", .is_public = true, .is_toll = true);
static const struct dial_pattern help = PATTERN("112", .is_emergency = true);

#define ROW(when, who, number_, ...)                                 \
	{                                                            \
		.condition = FORWARD_##when, .source = SOURCE_##who, \
		.to.number = number_, __VA_ARGS__                    \
	}
#define TO(target) .to.station = &target, .to.is_permitted = true
#define TO_STATION TO(target)

struct example {
	const char *name;
	const struct station *called;		/* NULL = bob */
	bool is_external;
	unsigned redirections;
	const char *visited[VISITED];
	const char *stations[VISITED];		/* of those */
	struct forwarding rows[ROWS];
	/* and the verdict */
	enum verdict_kind kind;
	int status, cause;
	const char *rule;			/* of the verdict */
	struct redirect redirect[FORWARD_CONDITIONS];
	unsigned ring_s;
};

#define FORWARDS(to)                                                 \
	.kind = VERDICT_FORWARD, .rule = "forwarding:unconditional", \
	.redirect[FORWARD_UNCONDITIONAL] = { to, 0, "forwarding:unconditional" }
#define PASSES .kind = VERDICT_PASS, .rule = ""
#define DENIED(code, q850, why) \
	.kind = VERDICT_REJECT, .status = code, .cause = q850, .rule = why
#define WHEN(when, to, code, why) .redirect[FORWARD_##when] = { to, code, why }

/* clang-format off */
static const struct example examples[] = {
	{ "no row", PASSES },
	{ "unconditional", .rows = { ROW(UNCONDITIONAL, ANY, "3001", TO_STATION) },
	  FORWARDS("3001") },
	{ "unconditional outside", .rows = { ROW(UNCONDITIONAL, ANY, "0123",
	  .to.pattern = &local) }, FORWARDS("0123") },
	{ "unconditional beats the others", .rows = {
		ROW(BUSY, ANY, "3002", TO_STATION), ROW(NO_ANSWER, ANY, "3003",
		  TO_STATION),
		ROW(UNCONDITIONAL, ANY, "3001", TO_STATION) }, FORWARDS("3001") },
	{ "internal row, internal call", .rows = { ROW(UNCONDITIONAL, INTERNAL, "3001",
	  TO_STATION) }, FORWARDS("3001") },
	{ "internal row, external call", .is_external = true,
	  .rows = { ROW(UNCONDITIONAL, INTERNAL, "3001", TO_STATION) }, PASSES },
	{ "external row, external call", .is_external = true,
	  .rows = { ROW(UNCONDITIONAL, EXTERNAL, "3001", TO_STATION) },
	  FORWARDS("3001") },
	{ "external row, internal call", .rows = { ROW(UNCONDITIONAL, EXTERNAL, "3001",
	  TO_STATION) }, PASSES },
	{ "exact before any", .rows = { ROW(UNCONDITIONAL, INTERNAL, "3001", TO_STATION),
		ROW(UNCONDITIONAL, ANY, "0123", .to.pattern = &local) }, FORWARDS("3001") },
	{ "exact after any", .rows = { ROW(UNCONDITIONAL, ANY, "0123", .to.pattern = &local),
		ROW(UNCONDITIONAL, INTERNAL, "3001", TO_STATION) }, FORWARDS("3001") },
	{ "any where the exact one is for others", .is_external = true, .rows = {
		ROW(UNCONDITIONAL, INTERNAL, "3001", TO_STATION),
		ROW(UNCONDITIONAL, ANY, "0123", .to.pattern = &local) }, FORWARDS("0123") },

	{ "busy", .rows = { ROW(BUSY, ANY, "3001", TO_STATION) }, PASSES,
	  WHEN(BUSY, "3001", 0, "forwarding:busy") },
	{ "unreachable", .rows = { ROW(UNREACHABLE, ANY, "3001", TO_STATION) }, PASSES,
	  WHEN(UNREACHABLE, "3001", 0, "forwarding:unreachable") },
	{ "no answer, configured time", .rows = { ROW(NO_ANSWER, ANY, "3001",
	  TO_STATION) }, PASSES,
	  WHEN(NO_ANSWER, "3001", 0, "forwarding:no-answer"), .ring_s = 20 },
	{ "no answer, the station's time", .called = &bob_rings_35,
	  .rows = { ROW(NO_ANSWER, ANY, "3001", TO_STATION) }, PASSES,
	  WHEN(NO_ANSWER, "3001", 0, "forwarding:no-answer"), .ring_s = 35 },
	{ "a ring time without a row rings on", .called = &bob_rings_35, PASSES },
	{ "no answer for other callers rings on", .rows = { ROW(NO_ANSWER, EXTERNAL,
	  "3001", TO_STATION) }, PASSES },
	{ "each condition its own way", .rows = { ROW(BUSY, INTERNAL, "3001", TO_STATION),
		ROW(BUSY, ANY, "3002", TO_STATION), ROW(NO_ANSWER, ANY, "0123",
		  .to.pattern = &local),
		ROW(UNREACHABLE, ANY, "3004", TO_STATION) }, PASSES,
	  WHEN(BUSY, "3001", 0, "forwarding:busy"), WHEN(NO_ANSWER, "0123", 0,
	  "forwarding:no-answer"),
	  WHEN(UNREACHABLE, "3004", 0, "forwarding:unreachable"), .ring_s = 20 },

	{ "to itself", .rows = { ROW(UNCONDITIONAL, ANY, "2001", .to.station = &bob,
	  .to.is_permitted = true) },
	  DENIED(482, CAUSE_NONE, "forwarding:self") },
	{ "to its own number as dialled", .rows = { ROW(UNCONDITIONAL, ANY, "2001",
	  .to.station = NULL) },
	  DENIED(482, CAUSE_NONE, "forwarding:self") },
	{ "to another number of itself", .rows = { ROW(UNCONDITIONAL, ANY, "bob",
	  .to.station = &bob_inside) },
	  DENIED(482, CAUSE_NONE, "forwarding:self") },
	{ "to itself when busy", .rows = { ROW(BUSY, ANY, "2001", .to.station = &bob) },
	  PASSES,
	  WHEN(BUSY, "2001", 482, "forwarding:self") },
	{ "back to where it came from", .redirections = 1, .visited = { "3001", "2001" },
	  .rows = { ROW(UNCONDITIONAL, ANY, "3001", TO_STATION) }, DENIED(482, CAUSE_NONE,
	  "forwarding:loop") },
	{ "back under another number", .redirections = 1, .visited = { "4001", "3001" },
	  .rows = { ROW(UNCONDITIONAL, ANY, "carol", TO_STATION) }, DENIED(482,
	  CAUSE_NONE, "forwarding:loop") },
	{ "back to a station that was called by another number", .redirections = 1,
	  .visited = { "4001", "carol" }, .stations = { NULL, "3001" },
	  .rows = { ROW(UNCONDITIONAL, ANY, "3001", TO_STATION) },
	  DENIED(482, 0, "forwarding:loop") },
	{ "back by one number to a station that was called by another", .redirections = 1,
	  .visited = { "carol" }, .stations = { "3001" },
	  .rows = { ROW(UNCONDITIONAL, ANY, "15550102", TO_STATION) },
	  DENIED(482, 0, "forwarding:loop") },
	{ "back to an outside number", .redirections = 1, .visited = { "0123" },
	  .rows = { ROW(NO_ANSWER, ANY, "0123", .to.pattern = &local) }, PASSES,
	  WHEN(NO_ANSWER, "0123", 482, "forwarding:loop"), .ring_s = 20 },
	{ "on to a new one", .redirections = 1, .visited = { "4001", "2001" },
	  .rows = { ROW(UNCONDITIONAL, ANY, "3001", TO_STATION) }, FORWARDS("3001") },
	{ "to the caller", .rows = { ROW(UNCONDITIONAL, ANY, "1001", .to.station = &caller,
	  .to.is_permitted = true) },
	  FORWARDS("1001") },
	{ "last hop allowed", .redirections = 1, .rows = { ROW(BUSY, ANY, "3001",
	  TO_STATION) }, PASSES,
	  WHEN(BUSY, "3001", 0, "forwarding:busy") },
	{ "first hop too many", .redirections = 2, .rows = { ROW(UNCONDITIONAL, ANY,
	  "3001", TO_STATION) },
	  DENIED(480, CAUSE_NONE, "forwarding:hops") },
	{ "too many hops when unreachable", .redirections = 3,
	  .rows = { ROW(UNREACHABLE, ANY, "3001", TO_STATION) }, PASSES,
	  WHEN(UNREACHABLE, "3001", 480, "forwarding:hops") },
	{ "to an emergency number", .rows = { ROW(UNCONDITIONAL, ANY, "112",
	  .to.pattern = &help) },
	  DENIED(433, CAUSE_REJECTED, "forwarding:emergency") },

	{ "to an unreadable row", .rows = { ROW(UNCONDITIONAL, ANY, "3001",
	  .to.fault = "table station, row 3001: ...") },
	  DENIED(500, CAUSE_NONE, "forwarding:database") },
	{ "when busy to an unreadable row", .rows = { ROW(BUSY, ANY, "3001",
	  .to.fault = "table station, row 3001: ...") }, PASSES,
	  WHEN(BUSY, "3001", 500, "forwarding:database") },
	{ "in a circle, readable or not", .rows = { ROW(UNCONDITIONAL, ANY, "2001",
	  .to.fault = "table station, row 2001: ...") },
	  DENIED(482, CAUSE_NONE, "forwarding:self") },

	{ "bob may not call at all", .called = &bob_mute, .rows = { ROW(UNCONDITIONAL,
	  ANY, "3001", TO_STATION) },
	  DENIED(433, CAUSE_REJECTED, "forwarding:calling-party:origination") },
	{ "bob may not call outside", .called = &bob_inside,
	  .rows = { ROW(UNCONDITIONAL, ANY, "0123", .to.pattern = &local) },
	  DENIED(433, CAUSE_REJECTED, "forwarding:calling-party:outward") },
	{ "bob may not call outside when busy", .called = &bob_inside,
	  .rows = { ROW(BUSY, ANY, "0123", .to.pattern = &local) }, PASSES,
	  WHEN(BUSY, "0123", 433, "forwarding:calling-party:outward") },
	{ "bob may forward inside", .called = &bob_inside,
	  .rows = { ROW(UNCONDITIONAL, ANY, "3001", TO_STATION) }, FORWARDS("3001") },
	{ "bob may make no toll calls", .called = &bob_cheap,
	  .rows = { ROW(UNCONDITIONAL, ANY, "00123", .to.pattern = &toll) },
	  DENIED(433, CAUSE_REJECTED, "forwarding:calling-party:all-toll") },
	{ "bob's FRL is too low", .called = &bob_frl_0, .rows = { ROW(UNCONDITIONAL, ANY,
	  "0123", .to.pattern = &local) },
	  DENIED(433, CAUSE_REJECTED, "forwarding:frl") },
	{ "bob has no permission", .rows = { ROW(UNCONDITIONAL, ANY, "3001",
	  .to.station = &target) },
	  DENIED(433, CAUSE_REJECTED, "forwarding:calling-permission") },
	{ "permission is asked on a redirected call too", .redirections = 1,
	  .rows = { ROW(UNCONDITIONAL, ANY, "3001", .to.station = &target) },
	  DENIED(433, CAUSE_REJECTED, "forwarding:calling-permission") },
	{ "to one who takes no public calls, however they arrive", .is_external = true,
	  .rows = { ROW(UNCONDITIONAL, ANY, "3001", TO(no_public)) },
	  DENIED(433, CAUSE_REJECTED, "forwarding:called-party:public") },
	{ "no public calls when busy", .is_external = true,
	  .rows = { ROW(BUSY, ANY, "3001", TO(no_public)) }, PASSES,
	  WHEN(BUSY, "3001", 433, "forwarding:called-party:public") },
	{ "no public calls, and this is none",
	  .rows = { ROW(UNCONDITIONAL, ANY, "3001", TO(no_public)) }, FORWARDS("3001") },
	{ "other restrictions are those of the one called first", .is_external = true,
	  .rows = { ROW(UNCONDITIONAL, ANY, "3001", TO(no_inward)) }, FORWARDS("3001") },
	{ "too short a number", .rows = { ROW(UNCONDITIONAL, ANY, "01",
	  .to.pattern = &local) },
	  DENIED(484, CAUSE_INCOMPLETE, "forwarding:dial-pattern:length") },
	{ "a number that is none", .rows = { ROW(UNCONDITIONAL, ANY, "7777",
	  .to.station = NULL) },
	  DENIED(604, CAUSE_UNALLOCATED, "forwarding:unknown-number") },
	{ "a row without destination", .rows = { ROW(UNCONDITIONAL, ANY, "",
	  .to.station = NULL) },
	  DENIED(604, CAUSE_UNALLOCATED, "forwarding:unknown-number") },
	{ "a row without even that, when busy", .rows = { ROW(BUSY, ANY, NULL,
	  .to.station = NULL) }, PASSES,
	  WHEN(BUSY, "", 604, "forwarding:unknown-number") },

	{ "a restricted station does not forward", .called = &bob_deaf,
	  .rows = { ROW(UNCONDITIONAL, ANY, "3001", TO_STATION) },
	  DENIED(433, CAUSE_REJECTED, "called-party:termination") },
	{ "nor one out of service", .called = &bob_broken,
	  .rows = { ROW(UNCONDITIONAL, ANY, "3001", TO_STATION) }, DENIED(480, CAUSE_NONE,
	  "out-of-service") },
};
/* clang-format on */

static const struct policy policy = {
	.restricted_status = 433,
	.unknown_status = 604,
	.forward_hops = 2,
	.no_answer_s = 20,
};

/* Whether ROW is used: an all-zero row ends the rows. */
static bool is_row(const struct forwarding *row)
{
	return row->to.number || row->condition != FORWARD_UNCONDITIONAL;
}

static struct verdict decide(const struct example *example, enum half half,
			     struct arena *arena)
{
	struct facts facts = {
		.half = half,
		.caller = { example->is_external ? "0555" : "1001", "", "" },
		.called = { "2001", "example.com", "" },
		.visited = example->visited,
		.redirections = example->redirections,
		.domain = "example.com",
	};
	struct profile profile = {
		.caller = example->is_external ? NULL : &caller,
		.called = example->called ? example->called : &bob,
		.is_permitted = true,
		.forwardings.rows = example->rows,
		.visited = example->stations,
	};

	while (facts.visited_count < VISITED && facts.visited[facts.visited_count])
		facts.visited_count++;
	while (profile.forwardings.count < ROWS &&
	       is_row(&example->rows[profile.forwardings.count]))
		profile.forwardings.count++;
	return feature_decide(&facts, &profile, &policy, arena);
}

START_TEST(every_row_forwards_as_the_table_says)
{
	const struct example *example = &examples[_i];
	struct arena arena = { 0 };
	struct verdict verdict = decide(example, HALF_TERM, &arena);

	ck_assert_msg(verdict.kind == example->kind &&
			      verdict.status == example->status &&
			      verdict.cause == example->cause &&
			      strcmp(verdict.rule, example->rule) == 0,
		      "%s: got %d %d %d %s", example->name, (int)verdict.kind,
		      verdict.status, verdict.cause, verdict.rule);
	ck_assert_uint_eq(verdict.ring_s, example->ring_s);
	for (size_t i = 0; i < FORWARD_CONDITIONS; i++) {
		const struct redirect *got = &verdict.redirect[i];
		const struct redirect *want = &example->redirect[i];

		ck_assert_pstr_eq(got->destination, want->destination);
		ck_assert_int_eq(got->refusal, want->refusal);
		ck_assert_pstr_eq(got->rule, want->rule);
	}
	arena_clear(&arena);
}
END_TEST

START_TEST(the_callers_half_forwards_nothing)
{
	static const struct example all = {
		"all",
		.rows = { ROW(UNCONDITIONAL, ANY, "3001", TO_STATION) },
	};
	struct arena arena = { 0 };
	struct verdict verdict = decide(&all, HALF_ORIG, &arena);

	ck_assert_int_eq(verdict.kind, VERDICT_PASS);
	ck_assert_ptr_null(verdict.redirect[FORWARD_UNCONDITIONAL].destination);
	arena_clear(&arena);
}
END_TEST

START_TEST(a_refused_forwarding_says_why)
{
	static const struct {
		struct example example;
		const char *sentence;
	} say[] = {
		{ { "self",
		    .rows = { ROW(UNCONDITIONAL, ANY, "2001", .to.station = NULL) } },
		  "forwarding of station 2001 leads to itself" },
		{ { "outside", .called = &bob_inside,
		    .rows = { ROW(UNCONDITIONAL, ANY, "0123", .to.pattern = &local) } },
		  "no forwarding: station 2001 may not call outside the private network"
		  " (COR 0, calling party restriction outward)" },
		{ { "hops", .redirections = 2, .rows = { ROW(UNCONDITIONAL, ANY, "3001", .to.fault = NULL) } },
		  "no forwarding by station 2001: the call was redirected 2 times" },
		{ { "unreadable", .rows = { ROW(UNCONDITIONAL, ANY, "3001",
						.to.fault = "table t, row \"r\"") } },
		  "no forwarding: table t, row ?r?" },
		{ { "emergency",
		    .rows = { ROW(UNCONDITIONAL, ANY, "112", .to.pattern = &help) } },
		  "forwarding of station 2001 may not lead to emergency number 112" },
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < sizeof say / sizeof *say; i++)
		ck_assert_str_eq(decide(&say[i].example, HALF_TERM, &arena).sentence,
				 say[i].sentence);
	arena_clear(&arena);
}
END_TEST

START_TEST(a_forwarding_refused_for_later_says_why)
{
	static const struct example busy = {
		"busy",
		.called = &bob_inside,
		.rows = { ROW(BUSY, ANY, "0123", .to.pattern = &local) },
	};
	struct arena arena = { 0 };
	struct verdict verdict = decide(&busy, HALF_TERM, &arena);
	const struct redirect *redirect = &verdict.redirect[FORWARD_BUSY];

	ck_assert_int_eq(redirect->cause, CAUSE_REJECTED);
	ck_assert_pstr_eq(redirect->sentence,
			  "no forwarding: station 2001 may not call outside the private "
			  "network (COR 0, calling party restriction outward)");
	arena_clear(&arena);
}
END_TEST

START_TEST(a_forwarding_names_the_station_behind_a_number)
{
	static const struct example busy = {
		"busy",
		.rows = { ROW(BUSY, ANY, "carol", TO_STATION),
			  ROW(NO_ANSWER, ANY, "0123", .to.pattern = &local) },
	};
	struct arena arena = { 0 };
	struct verdict verdict = decide(&busy, HALF_TERM, &arena);

	ck_assert_pstr_eq(verdict.redirect[FORWARD_BUSY].station, "3001");
	ck_assert_pstr_eq(verdict.redirect[FORWARD_BUSY].hops->station, "3001");
	ck_assert_ptr_null(verdict.redirect[FORWARD_NO_ANSWER].station);
	arena_clear(&arena);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("forwarding");
	TCase *rows = tcase_create("rows");

	tcase_add_loop_test(rows, every_row_forwards_as_the_table_says, 0,
			    (int)(sizeof examples / sizeof *examples));
	tcase_add_test(rows, the_callers_half_forwards_nothing);
	tcase_add_test(rows, a_refused_forwarding_says_why);
	tcase_add_test(rows, a_forwarding_refused_for_later_says_why);
	tcase_add_test(rows, a_forwarding_names_the_station_behind_a_number);
	suite_add_tcase(suite, rows);
	return suite;
}
