/* SPDX-License-Identifier: MIT */
/* Coverage: which points take a call, when, and in which order. */
#include "feature/feature.h"

#include "unit.h"

#include <string.h>

enum { POINTS = 4 };

static const struct station caller = { .extension = "1001",
				       .name = "",
				       .in_service = true };
static const struct station target = { .extension = "3001",
				       .name = "",
				       .in_service = true };
static const struct station bob = {
	.extension = "2001", .name = "Bob", .cor.frl = 7, .ring_s = 12, .in_service = true
};
static const struct station bob_away = { .extension = "2001",
					 .name = "Bob",
					 .cor.frl = 7,
					 .in_service = true,
					 .sends_all_calls = true };
static const struct station bob_mute = { .extension = "2001",
					 .name = "Bob",
					 .cor.calling = CALLING_ORIGINATION,
					 .in_service = true,
					 .sends_all_calls = true };
static const struct dial_pattern help = {
	.pattern = "112", .min_length = 3, .max_length = 3, .is_emergency = true
};

#define POINT(when, number_, seconds)                         \
	{                                                     \
		.condition = COVER_##when, .ring_s = seconds, \
		.to = {.number = number_,                     \
		       .station = &target,                    \
		       .is_permitted = true }                 \
	}
#define FORWARD(when)                                              \
	{                                                          \
		.condition = FORWARD_##when, .source = SOURCE_ANY, \
		.to = {.number = "4001",                           \
		       .station = &caller,                         \
		       .is_permitted = true }                      \
	}

struct example {
	const char *name;
	const struct station *called;		/* NULL = bob */
	unsigned redirections;
	const char *visited;			/* NULL = none */
	struct coverage_point points[POINTS];
	struct forwarding forwarding;		/* destination NULL = none */
	/* expected: the points as tell() writes them */
	enum verdict_kind kind;
	const char *rule;
	const char *paths[COVER_WHENS];
	unsigned ring_s;
};

#define PASSES .kind = VERDICT_PASS, .rule = ""
#define AT_ONCE(text) .paths[COVER_AT_ONCE] = text
#define BUSY(text) .paths[COVER_WHEN_BUSY] = text
#define UNANSWERED(text) .paths[COVER_WHEN_UNANSWERED] = text

/* clang-format off */
static const struct example examples[] = {
	{ "no point", PASSES },
	{ "busy", .points = { POINT(BUSY, "a", 9) }, PASSES, BUSY("a:9 cover-busy") },
	{ "no answer", .points = { POINT(NO_ANSWER, "a", 0) }, PASSES,
	  UNANSWERED("a:20 cover-no-reply"), .ring_s = 12 },
	{ "each its own", .points = { POINT(BUSY, "a", 9), POINT(NO_ANSWER, "b", 8),
	  POINT(BUSY, "c", 7) }, PASSES, BUSY("a:9 cover-busy c:7 cover-busy"),
	  UNANSWERED("b:8 cover-no-reply"), .ring_s = 12 },
	{ "all, at once and also later", .points = { POINT(BUSY, "a", 9), POINT(ALL, "b", 8) },
	  .kind = VERDICT_COVER, .rule = "coverage:all", AT_ONCE("b:8 cover-all"),
	  BUSY("a:9 cover-busy b:8 cover-busy"), UNANSWERED("b:8 cover-no-reply"),
	  .ring_s = 12 },
	{ "send all calls, switched off", .points = { POINT(SEND_ALL_CALLS, "a", 9) }, PASSES },
	{ "send all calls", .called = &bob_away, .points = { POINT(SEND_ALL_CALLS, "a", 9),
	  POINT(BUSY, "b", 8), POINT(ALL, "c", 7) }, .kind = VERDICT_COVER,
	  .rule = "coverage:send-all-calls",
	  AT_ONCE("a:9 send-all-calls c:7 send-all-calls"),
	  BUSY("a:9 cover-busy b:8 cover-busy c:7 cover-busy"),
	  UNANSWERED("a:9 cover-no-reply c:7 cover-no-reply"), .ring_s = 20 },
	{ "send all calls, and no point for it", .called = &bob_away,
	  .points = { POINT(BUSY, "a", 9) }, PASSES, BUSY("a:9 cover-busy") },
	{ "unconditional forwarding comes first", .called = &bob_away,
	  .points = { POINT(SEND_ALL_CALLS, "a", 9) }, .forwarding = FORWARD(UNCONDITIONAL),
	  .kind = VERDICT_FORWARD, .rule = "forwarding:unconditional",
	  BUSY("a:9 cover-busy"), UNANSWERED("a:9 cover-no-reply"), .ring_s = 20 },
	{ "sending all calls comes before forwarding on condition", .called = &bob_away,
	  .points = { POINT(SEND_ALL_CALLS, "a", 9) }, .forwarding = FORWARD(BUSY),
	  .kind = VERDICT_COVER, .rule = "coverage:send-all-calls",
	  AT_ONCE("a:9 send-all-calls"), BUSY("a:9 cover-busy"),
	  UNANSWERED("a:9 cover-no-reply"), .ring_s = 20 },

	{ "a point that leads back", .visited = "3001", .redirections = 1,
	  .points = { POINT(BUSY, "a", 9) }, PASSES, BUSY("a!482 coverage:loop") },
	{ "a point that is the station", .points = { POINT(BUSY, "2001", 9) }, PASSES,
	  BUSY("2001!482 coverage:self") },
	{ "a call that came too far", .redirections = 2, .points = { POINT(BUSY, "a", 9) },
	  PASSES, BUSY("a!480 coverage:hops") },
	{ "help is no coverage", .points = { { .condition = COVER_BUSY,
	  .to = { .number = "112", .pattern = &help } } }, PASSES,
	  BUSY("112!433 coverage:emergency") },
	{ "an empty target", .points = { { .condition = COVER_BUSY, .to = { .number = "" } } },
	  PASSES, BUSY("!604 coverage:unknown-number") },
	{ "no target at all", .points = { { .condition = COVER_BUSY, .step = 1 } }, PASSES,
	  BUSY("!604 coverage:unknown-number") },
	{ "a forbidden point among others", .points = { POINT(BUSY, "a", 9),
	  { .condition = COVER_BUSY, .to = { .number = "b", .station = &target } },
	  POINT(BUSY, "c", 8) }, PASSES,
	  BUSY("a:9 cover-busy b!433 coverage:calling-permission c:8 cover-busy") },
	{ "an unreadable point among others", .points = { { .condition = COVER_BUSY,
	  .to = { .number = "b", .fault = "table station, row b: ..." } },
	  POINT(BUSY, "c", 8) }, PASSES, BUSY("b!500 coverage:database c:8 cover-busy") },
	{ "a station that may not call rings, if it has no other point", .called = &bob_mute,
	  .points = { POINT(SEND_ALL_CALLS, "a", 9) }, PASSES,
	  BUSY("a!433 coverage:calling-party:origination"),
	  UNANSWERED("a!433 coverage:calling-party:origination"), .ring_s = 20 },
};
/* clang-format on */

static const struct policy policy = {
	.restricted_status = 433,
	.unknown_status = 604,
	.forward_hops = 2,
	.no_answer_s = 20,
};

static struct verdict decide(const struct example *example, struct arena *arena)
{
	const struct facts facts = {
		.half = HALF_TERM,
		.caller = { "1001", "", "" },
		.called = { "2001", "example.com", "" },
		.visited = &example->visited,
		.visited_count = example->visited != NULL,
		.redirections = example->redirections,
		.domain = "example.com",
	};
	struct profile profile = {
		.caller = &caller,
		.called = example->called ? example->called : &bob,
		.is_permitted = true,
		.forwardings = { &example->forwarding,
				 example->forwarding.to.number != NULL },
		.coverage = example->points,
	};

	while (profile.coverage_count < POINTS &&
	       (example->points[profile.coverage_count].to.number ||
		example->points[profile.coverage_count].step))
		profile.coverage_count++;
	return feature_decide(&facts, &profile, &policy, arena);
}

/* "a:9 cover-busy" for a point, "a!482 coverage:loop" for one that is refused. */
static const char *tell(struct arena *arena, const struct coverage *coverage)
{
	const char *text = NULL;

	for (size_t i = 0; i < coverage->count; i++) {
		const struct redirect *point = &coverage->points[i];

		ck_assert_str_eq(point->refusal ? "3001" : point->station, "3001");
		ck_assert_str_eq(point->refusal ? "3001" : point->hops->station, "3001");
		text = text ? arena_printf(arena, "%s ", text) : "";
		if (point->refusal)
			text = arena_printf(arena, "%s%s!%d %s", text, point->destination,
					    point->refusal, point->rule);
		else
			text = arena_printf(arena, "%s%s:%u %s", text, point->hops->to,
					    point->ring_s,
					    redirect_reason(point->hops->why)->cm_reason);
	}
	return text;
}

START_TEST(every_call_is_covered_as_the_table_says)
{
	const struct example *example = &examples[_i];
	struct arena arena = { 0 };
	struct verdict verdict = decide(example, &arena);

	ck_assert_msg(verdict.kind == example->kind &&
			      strcmp(verdict.rule, example->rule) == 0,
		      "%s: got %d %s", example->name, (int)verdict.kind, verdict.rule);
	for (int i = 0; i < COVER_WHENS; i++)
		ck_assert_pstr_eq(tell(&arena, &verdict.coverage[i]), example->paths[i]);
	ck_assert_uint_eq(verdict.ring_s, example->ring_s);
	arena_clear(&arena);
}
END_TEST

/* The target of a forwarding rings for the ring time, after which coverage follows. */
START_TEST(a_forwarded_call_rings_until_it_is_covered)
{
	static const struct example forwarded = {
		.points = { POINT(NO_ANSWER, "a", 9) },
		.forwarding = FORWARD(BUSY),
	};
	static const struct example uncovered = { .forwarding = FORWARD(BUSY) };
	struct arena arena = { 0 };

	ck_assert_uint_eq(decide(&forwarded, &arena).redirect[FORWARD_BUSY].ring_s, 20);
	ck_assert_uint_eq(decide(&uncovered, &arena).redirect[FORWARD_BUSY].ring_s, 0);
	arena_clear(&arena);
}
END_TEST

START_TEST(no_more_points_are_tried_than_a_path_can_have)
{
	static struct coverage_point points[200];
	const struct facts facts = {
		.half = HALF_TERM,
		.caller = { "1001", "", "" },
		.called = { "2001", "", "" },
	};
	const struct profile profile = {
		.caller = &caller,
		.called = &bob,
		.is_permitted = true,
		.coverage = points,
		.coverage_count = 200,
	};
	struct arena arena = { 0 };
	struct verdict verdict;

	for (int i = 0; i < 200; i++)
		points[i] = (struct coverage_point)POINT(BUSY, "a", 9);
	verdict = feature_decide(&facts, &profile, &policy, &arena);
	ck_assert_uint_eq(verdict.coverage[COVER_WHEN_BUSY].count, COVER_POINTS_MAX);
	arena_clear(&arena);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("coverage");
	TCase *tests = tcase_create("points");

	tcase_add_loop_test(tests, every_call_is_covered_as_the_table_says, 0,
			    (int)(sizeof examples / sizeof *examples));
	tcase_add_test(tests, a_forwarded_call_rings_until_it_is_covered);
	tcase_add_test(tests, no_more_points_are_tried_than_a_path_can_have);
	suite_add_tcase(suite, tests);
	return suite;
}
