/* SPDX-License-Identifier: MIT */
/* Restrictions and permissions: a table of inputs and verdicts. */
#include "feature/feature.h"

#include "unit.h"

#include <string.h>

#define STATION(number, ...)                                                           \
	{                                                                              \
		.extension = number, .name = "", .in_service = true, .appearances = 3, \
		.cor = { __VA_ARGS__ }                                                 \
	}
#define COUNT(array) (sizeof array / sizeof *array)

static const struct station free_caller = STATION("1001", .cor = 1, .frl = 7);
static const struct station mute =
	STATION("1002", .cor = 2, .calling = CALLING_ORIGINATION);
static const struct station inside =
	STATION("1003", .cor = 3, .frl = 7, .calling = CALLING_OUTWARD);
static const struct station cheap =
	STATION("1004", .cor = 4, .frl = 7, .calling = CALLING_ALL_TOLL);
static const struct station no_tac =
	STATION("1005", .cor = 5, .frl = 7, .calling = CALLING_TAC_TOLL);
static const struct station frl_2 = STATION("1006", .cor = 6, .frl = 2);
static const struct station frl_3 = STATION("1007", .cor = 7, .frl = 3);
static const struct station broken_caller = { .extension = "1008", .cor.cor = 1 };
static const struct station odd = STATION("1009", .calling = (enum calling_party)99);

static const struct station callee = STATION("2001", .cor = 1);
static const struct station deaf =
	STATION("2002", .cor = 8, .called = CALLED_TERMINATION);
static const struct station no_inward =
	STATION("2003", .cor = 9, .called = CALLED_INWARD);
static const struct station manual = STATION("2004", .cor = 10, .called = CALLED_MANUAL);
static const struct station no_public =
	STATION("2005", .cor = 11, .called = CALLED_PUBLIC);
static const struct station broken_callee = { .extension = "2006", .cor.cor = 1 };
static const struct station odd_callee = STATION("2007", .called = (enum called_party)99);

#define PATTERN(digits, ...)                                                     \
	{                                                                        \
		.pattern = digits, .min_length = 4, .max_length = 8, __VA_ARGS__ \
	}

static const struct dial_pattern local = PATTERN("0x", .is_public = true);
static const struct dial_pattern toll =
	PATTERN("00x", .is_public = true, .is_toll = true);
static const struct dial_pattern tac_toll =
	PATTERN("*7x", .is_public = true, .is_toll = true, .is_tac = true);
static const struct dial_pattern tac_local =
	PATTERN("*8x", .is_public = true, .is_tac = true);
static const struct dial_pattern private_net = PATTERN("6xxx", .is_public = false);
static const struct dial_pattern needs_3 = PATTERN("8xxx", .min_frl = 3);
static const struct dial_pattern attendant = PATTERN("9", .is_attendant = true);
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
	enum half half;
	const struct station *caller, *called;
	const char *caller_number;		/* of no station; NULL = 0555 */
	const char *number;			/* NULL = the called station's */
	const struct dial_pattern *dialled, *calling;
	bool is_prefix, is_forbidden;
	unsigned redirections;
	const char *fnu;
	/* and the verdict */
	enum verdict_kind kind;
	int status, cause;
	const char *rule;
};

#define ORIG .half = HALF_ORIG, .caller
#define TERM .half = HALF_TERM, .called
#define LINE .half = HALF_LINE, .caller
#define PASSES(why) .kind = VERDICT_PASS, .rule = why
#define DENIED(code, q850, why) \
	.kind = VERDICT_REJECT, .status = code, .cause = q850, .rule = why
#define RESTRICTED(why) DENIED(433, CAUSE_REJECTED, why)
#define UNKNOWN(why) DENIED(604, CAUSE_UNALLOCATED, why)
#define INCOMPLETE DENIED(484, CAUSE_INCOMPLETE, "dial-pattern:length")
#define DIAL(digits, matched) .number = digits, .dialled = &matched

/* clang-format off */
static const struct example examples[] = {
	{ "a station calls a station", ORIG = &free_caller, .called = &callee,
	  PASSES("") },
	{ "a station calls a number", ORIG = &free_caller, DIAL("01234", local),
	  PASSES("") },

	{ "emergency for a restricted caller", ORIG = &mute, DIAL("112", help),
	  PASSES("emergency") },
	{ "emergency for an unknown caller", ORIG = NULL, DIAL("112", help),
	  PASSES("emergency") },
	{ "emergency out of service", ORIG = &broken_caller, DIAL("112", help),
	  PASSES("emergency") },
	{ "emergency whatever the profile", ORIG = &odd, DIAL("112", help),
	  PASSES("emergency") },
	{ "emergency in the termination half", TERM = NULL, DIAL("112", help),
	  PASSES("emergency") },
	{ "emergency at a restricted station", TERM = &deaf, DIAL("112", help),
	  PASSES("emergency") },

	{ "off-hook dials nothing yet", LINE = &free_caller, .called = &free_caller,
	  .fnu = "off-hook", PASSES("") },
	{ "off-hook at an unknown address", LINE = &free_caller, .number = "1009",
	  UNKNOWN("unknown-station") },
	{ "off-hook of who may not call", LINE = &mute, .called = &mute,
	  .fnu = "off-hook", RESTRICTED("calling-party:origination") },
	{ "off-hook of an unknown station", LINE = NULL, .number = "1009",
	  .fnu = "off-hook", UNKNOWN("unknown-station") },
	{ "a feature name is no call", ORIG = &free_caller, .called = &callee,
	  .fnu = "unheard-of",
	  DENIED(404, CAUSE_UNALLOCATED, "feature-name") },
	{ "nor in the termination half", TERM = &callee, .fnu = "",
	  DENIED(404, CAUSE_UNALLOCATED, "feature-name") },

	{ "unknown caller", ORIG = NULL, .called = &callee, UNKNOWN("unknown-station") },
	{ "unknown callee", TERM = NULL, .number = "2999", UNKNOWN("unknown-station") },
	{ "callee without a number", TERM = NULL, .number = "",
	  UNKNOWN("unknown-station") },
	{ "a pattern is no station", TERM = NULL, DIAL("6123", private_net),
	  UNKNOWN("unknown-station") },

	{ "unreadable calling restriction", ORIG = &odd, .called = &callee,
	  DENIED(500, CAUSE_NONE, "bad-profile") },
	{ "unreadable called restriction", TERM = &odd_callee,
	  DENIED(500, CAUSE_NONE, "bad-profile") },

	{ "caller out of service", ORIG = &broken_caller, .called = &callee,
	  DENIED(403, CAUSE_REJECTED, "out-of-service") },
	{ "callee out of service", TERM = &broken_callee, DENIED(480, CAUSE_NONE,
	  "out-of-service") },
	{ "its service is not the caller's half's", ORIG = &free_caller,
	  .called = &broken_callee, PASSES("") },
	{ "nor the caller's the called's half's", TERM = &callee,
	  .caller = &broken_caller, PASSES("") },

	{ "origination: not even stations", ORIG = &mute, .called = &callee,
	  RESTRICTED("calling-party:origination") },
	{ "origination before the dial plan", ORIG = &mute, .number = "7",
	  RESTRICTED("calling-party:origination") },

	{ "one digit short", ORIG = &free_caller, DIAL("012", local), INCOMPLETE },
	{ "just long enough", ORIG = &free_caller, DIAL("0123", local), PASSES("") },
	{ "just short enough", ORIG = &free_caller, DIAL("01234567", local), PASSES("") },
	{ "one digit over", ORIG = &free_caller, DIAL("012345678", local), INCOMPLETE },
	{ "a plus is no digit", ORIG = &free_caller, DIAL("+01234567", local),
	  PASSES("") },
	{ "a plus does not complete", ORIG = &free_caller, DIAL("+012", local),
	  INCOMPLETE },
	{ "beginning of a number", ORIG = &free_caller, .number = "20", .is_prefix = true,
	  INCOMPLETE },
	{ "beginning of a longer pattern, whole by another", ORIG = &free_caller,
	  DIAL("0123", local), .is_prefix = true, PASSES("") },
	{ "a station's number is whole though others go on", ORIG = &free_caller,
	  .called = &callee,
	  .is_prefix = true, PASSES("") },
	{ "a station's number needs no pattern length", ORIG = &free_caller,
	  .called = &callee,
	  DIAL("20", private_net), PASSES("") },
	{ "unknown number", ORIG = &free_caller, .number = "7777",
	  UNKNOWN("unknown-number") },
	{ "no number", ORIG = &free_caller, .number = "", UNKNOWN("unknown-number") },
	{ "nothing begins everything", ORIG = &free_caller, .number = "",
	  .is_prefix = true,
	  UNKNOWN("unknown-number") },

	{ "outward to a station", ORIG = &inside, .called = &callee, PASSES("") },
	{ "outward to a station that matches a public pattern", ORIG = &inside,
	  .called = &callee,
	  DIAL("0123", local), PASSES("") },
	{ "outward inside the private network", ORIG = &inside, DIAL("6123", private_net),
	  PASSES("") },
	{ "outward outside", ORIG = &inside, DIAL("0123", local),
	  RESTRICTED("calling-party:outward") },
	{ "outward asks length first", ORIG = &inside, DIAL("01", local), INCOMPLETE },
	{ "all-toll, local call", ORIG = &cheap, DIAL("0123", local), PASSES("") },
	{ "all-toll, toll call", ORIG = &cheap, DIAL("00123", toll),
	  RESTRICTED("calling-party:all-toll") },
	{ "all-toll, toll by access code", ORIG = &cheap, DIAL("*71234", tac_toll),
	  RESTRICTED("calling-party:all-toll") },
	{ "all-toll, local by access code", ORIG = &cheap, DIAL("*81234", tac_local),
	  PASSES("") },
	{ "tac-toll, toll call", ORIG = &no_tac, DIAL("00123", toll), PASSES("") },
	{ "tac-toll, local by access code", ORIG = &no_tac, DIAL("*81234", tac_local),
	  PASSES("") },
	{ "tac-toll, toll by access code", ORIG = &no_tac, DIAL("*71234", tac_toll),
	  RESTRICTED("calling-party:tac-toll") },

	{ "FRL below", ORIG = &frl_2, DIAL("8123", needs_3), RESTRICTED("frl") },
	{ "FRL equal", ORIG = &frl_3, DIAL("8123", needs_3), PASSES("") },
	{ "FRL is no matter of stations", ORIG = &frl_2, .called = &callee, DIAL("8123",
	  needs_3), PASSES("") },

	{ "no permission", ORIG = &free_caller, .called = &callee, .is_forbidden = true,
	  RESTRICTED("calling-permission") },
	{ "permission is between stations", ORIG = &free_caller, DIAL("0123", local),
	  .is_forbidden = true, PASSES("") },
	{ "no permission, termination", TERM = &callee, .caller = &free_caller,
	  .is_forbidden = true,
	  RESTRICTED("calling-permission") },
	{ "no permission, but redirected", TERM = &callee, .caller = &free_caller,
	  .is_forbidden = true,
	  .redirections = 1, PASSES("") },
	{ "permission is not asked of trunks", TERM = &callee, .is_forbidden = true,
	  PASSES("") },

	{ "termination", TERM = &deaf, .caller = &free_caller,
	  RESTRICTED("called-party:termination") },
	{ "termination, redirected", TERM = &deaf, .caller = &free_caller,
	  .redirections = 1, PASSES("") },
	{ "termination is not asked of the caller's half", ORIG = &free_caller,
	  .called = &deaf, PASSES("") },
	{ "inward from a station", TERM = &no_inward, .caller = &free_caller,
	  PASSES("") },
	{ "inward from a station with a public number", TERM = &no_inward,
	  .caller = &free_caller,
	  .calling = &local, PASSES("") },
	{ "inward from nowhere known", TERM = &no_inward,
	  RESTRICTED("called-party:inward") },
	{ "inward from outside", TERM = &no_inward, .calling = &local,
	  RESTRICTED("called-party:inward") },
	{ "inward from the private network", TERM = &no_inward, .calling = &private_net,
	  PASSES("") },
	{ "inward from more digits than the private network has", TERM = &no_inward,
	  .caller_number = "612345678", .calling = &private_net,
	  RESTRICTED("called-party:inward") },
	{ "inward from fewer", TERM = &no_inward, .caller_number = "612",
	  .calling = &private_net, RESTRICTED("called-party:inward") },
	{ "inward, redirected", TERM = &no_inward, .calling = &local, .redirections = 1,
	  PASSES("") },
	{ "manual from a station", TERM = &manual, .caller = &free_caller,
	  RESTRICTED("called-party:manual") },
	{ "manual from outside", TERM = &manual, RESTRICTED("called-party:manual") },
	{ "manual from the attendant", TERM = &manual, .calling = &attendant,
	  PASSES("") },
	{ "manual from an attendant's station", TERM = &manual, .caller = &free_caller,
	  .calling = &attendant, PASSES("") },
	{ "manual, redirected", TERM = &manual, .caller = &free_caller, .redirections = 1,
	  PASSES("") },
	{ "public from a station", TERM = &no_public, .caller = &free_caller,
	  PASSES("") },
	{ "public from the private network", TERM = &no_public, .calling = &private_net,
	  PASSES("") },
	{ "public from outside", TERM = &no_public, .calling = &local,
	  RESTRICTED("called-party:public") },
	{ "public from outside, redirected", TERM = &no_public, .calling = &local,
	  .redirections = 1,
	  RESTRICTED("called-party:public") },
	{ "origination does not stop being called", TERM = &mute, .caller = &free_caller,
	  PASSES("") },
};
/* clang-format on */

/* Only the last rule of a trace has decided. */
static void check_trace(const struct trace *trace, const struct verdict *verdict)
{
	for (const struct trace_step *step = trace->first; step; step = step->next)
		ck_assert_msg(step->is_hit == (!step->next && *verdict->rule),
			      "%s, which was asked as %s, %s", step->subject,
			      step->next ? "one of several" : "the last",
			      step->is_hit ? "decides" : "says nothing");
}

static struct verdict decide(const struct example *example, struct arena *arena)
{
	struct trace trace = { .arena = arena };
	struct verdict verdict;
	struct facts facts = {
		.half = example->half,
		.caller = { example->caller	     ? example->caller->extension
			    : example->caller_number ? example->caller_number
						     : "0555",
			    "", "" },
		.called = { .user = example->number,
			    .host = "example.com",
			    .display = "" },
		.fnu = example->fnu,
		.redirections = example->redirections,
		.domain = "example.com",
		.trace = &trace,
	};
	struct profile profile = {
		.caller = example->caller,
		.called = example->called,
		.dialled = example->dialled,
		.calling = example->calling,
		.is_prefix = example->is_prefix,
		.is_permitted = !example->is_forbidden,
	};

	if (!facts.called.user)
		facts.called.user = example->called->extension;
	verdict = feature_decide(&facts, &profile, &policy, arena);
	check_trace(&trace, &verdict);
	return verdict;
}

START_TEST(every_rule_decides_as_the_table_says)
{
	const struct example *example = &examples[_i];
	struct arena arena = { 0 };
	struct verdict verdict = decide(example, &arena);

	ck_assert_msg(verdict.kind == example->kind &&
			      verdict.status == example->status &&
			      verdict.cause == example->cause &&
			      strcmp(verdict.rule, example->rule) == 0,
		      "%s: got %d %d %d %s", example->name, (int)verdict.kind,
		      verdict.status, verdict.cause, verdict.rule);
	ck_assert_int_eq(verdict.is_internal, example->caller != NULL);
	ck_assert_int_eq(verdict.is_emergency, strcmp(example->rule, "emergency") == 0);
	ck_assert_uint_eq(verdict.ring_s, 0);
	ck_assert_int_eq(*verdict.sentence != '\0', verdict.kind == VERDICT_REJECT);
	for (size_t i = 0; i < FORWARD_CONDITIONS; i++)
		ck_assert_ptr_null(verdict.redirect[i].destination);
	arena_clear(&arena);
}
END_TEST

/* One line per kind of sentence in a Warning. */
START_TEST(a_refusal_says_why)
{
	static const struct {
		struct example example;
		const char *sentence;
	} say[] = {
		{ { "outward", ORIG = &inside, DIAL("0123", local) },
		  "station 1003 may not call outside the private network"
		  " (COR 3, calling party restriction outward)" },
		{ { "short", ORIG = &free_caller, DIAL("012", local) },
		  "012 has too few digits: pattern 0x takes at least 4" },
		{ { "long", ORIG = &free_caller, DIAL("012345678", local) },
		  "012345678 has too many digits: pattern 0x takes at most 8" },
		{ { "frl", ORIG = &frl_2, DIAL("8123", needs_3) },
		  "station 1006 may not call 8123 (COR 6 has FRL 2, dial pattern 8xxx needs 3)" },
		{ { "inward", TERM = &no_inward },
		  "station 2003 takes no calls from the public network"
		  " (COR 9, called party restriction inward)" },
		{ { "feature", ORIG = &free_caller, .number = "", .fnu = "unheard-of" },
		  "there is no feature named 'unheard-of' here" },
		{ { "origination", ORIG = &mute, .called = &callee },
		  "station 1002 may not call at all"
		  " (COR 2, calling party restriction origination)" },
		{ { "all-toll", ORIG = &cheap, DIAL("00123", toll) },
		  "station 1004 may not make toll calls"
		  " (COR 4, calling party restriction all-toll)" },
		{ { "tac-toll", ORIG = &no_tac, DIAL("*7123", tac_toll) },
		  "station 1005 may not make toll calls through a trunk access code"
		  " (COR 5, calling party restriction tac-toll)" },
		{ { "permission", ORIG = &free_caller, .called = &no_public,
		    .is_forbidden = true },
		  "station 1001 may not call station 2005"
		  " (COR 1 has no calling permission for COR 11)" },
		{ { "no number", ORIG = &free_caller, .number = "" },
		  "there is no number to call" },
		{ { "prefix", ORIG = &free_caller, .number = "20", .is_prefix = true },
		  "20 is only the beginning of a number" },
		{ { "no pattern", ORIG = &free_caller, .number = "777" },
		  "777 is neither a station nor matched by a dial pattern" },
		{ { "termination", TERM = &deaf, .caller = &free_caller },
		  "station 2002 takes no calls (COR 8, called party restriction"
		  " termination)" },
		{ { "manual", TERM = &manual, .caller = &free_caller },
		  "station 2004 takes no calls save from the attendant"
		  " (COR 10, called party restriction manual)" },
		{ { "public", TERM = &no_public, .calling = &local },
		  "station 2005 takes no calls of the public network, however they arrive"
		  " (COR 11, called party restriction public)" },
		{ { "unknown", TERM = NULL, .number = "2999" },
		  "there is no station 2999 here" },
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < COUNT(say); i++)
		ck_assert_str_eq(decide(&say[i].example, &arena).sentence,
				 say[i].sentence);
	arena_clear(&arena);
}
END_TEST

START_TEST(a_sentence_cannot_break_the_warning_header)
{
	static const struct example nasty = {
		"quotes",
		TERM = NULL,
		.number = "a\"b\\c\r\nX: y\x7f\xc3\xbc",
	};
	struct arena arena = { 0 };

	ck_assert_str_eq(decide(&nasty, &arena).sentence,
			 "there is no station a?b?c??X: y??? here");
	arena_clear(&arena);
}
END_TEST

START_TEST(a_sentence_stays_short_whatever_the_number)
{
	static char number[1 << 20];
	struct example endless = { "endless", ORIG = &free_caller, .number = number };
	struct arena arena = { 0 };
	struct verdict verdict;

	memset(number, '7', sizeof number - 1);
	verdict = decide(&endless, &arena);
	ck_assert_str_eq(verdict.rule, "unknown-number");
	ck_assert_uint_eq(strlen(verdict.sentence), 255);
	arena_clear(&arena);
}
END_TEST

/* A feature access code was dialled; the digits behind it are the number. */
struct dialled_code {
	const char *name;
	const struct station *caller;
	enum action action;
	const char *number;
	const struct station *called;
	const struct dial_pattern *dialled;
	/* and the verdict */
	enum verdict_kind kind;
	int status;
	const char *rule;
	const char *argument;
};

#define ACTION(which) .action = ACTION_##which
#define DOES(word, with) \
	.kind = VERDICT_FEATURE, .rule = "feature-code:" word, .argument = with
#define REFUSES(code, why) .kind = VERDICT_REJECT, .status = code, .rule = why

/* clang-format off */
static const struct dialled_code dialled_codes[] = {
	{ "forward all", &free_caller, ACTION(FORWARD_ALL_ON), "2001", &callee,
	  DOES("call-fwd-all-activate", "2001") },
	{ "forward outside", &free_caller, ACTION(FORWARD_BUSY_ON), "01234", NULL, &local,
	  DOES("call-fwd-busy-activate", "01234") },
	{ "no more", &free_caller, ACTION(FORWARD_ALL_OFF), "", DOES("call-fwd-all-deactivate", NULL) },
	{ "send all calls", &mute, ACTION(SEND_ALL_CALLS_ON), "", DOES("send-all-calls-on", NULL) },
	{ "no number", &free_caller, ACTION(FORWARD_ALL_ON), "", REFUSES(484, "feature-code:length") },
	{ "a handle", &free_caller, ACTION(FORWARD_ALL_ON), "bob", REFUSES(484, "feature-code:length") },
	{ "a lone plus", &free_caller, ACTION(FORWARD_ALL_ON), "+", REFUSES(484, "feature-code:length") },
	{ "too much", &free_caller, ACTION(SEND_ALL_CALLS_OFF), "1", REFUSES(484, "feature-code:length") },
	{ "too few digits", &free_caller, ACTION(FORWARD_ALL_ON), "012", NULL, &local,
	  REFUSES(484, "dial-pattern:length") },
	{ "a target unknown", &free_caller, ACTION(FORWARD_ALL_ON), "777",
	  REFUSES(604, "unknown-number") },
	{ "a target out of reach", &inside, ACTION(FORWARD_ALL_ON), "01234", NULL, &local,
	  REFUSES(433, "calling-party:outward") },
	{ "who may not call", &mute, ACTION(FORWARD_ALL_ON), "2001", &callee,
	  REFUSES(433, "calling-party:origination") },
	{ "an emergency", &free_caller, ACTION(FORWARD_ALL_ON), "112", NULL, &help,
	  REFUSES(433, "feature-code:emergency") },
	{ "out of service", &broken_caller, ACTION(SEND_ALL_CALLS_ON), "",
	  REFUSES(403, "out-of-service") },
	{ "no station", NULL, ACTION(SEND_ALL_CALLS_ON), "", REFUSES(604, "unknown-station") },
	{ "an unknown word", &free_caller, ACTION(UNKNOWN), "2001", &callee,
	  REFUSES(604, "feature-code:unknown") },
	{ "hidden", &free_caller, ACTION(RESTRICT_CLI), "2001", &callee, PASSES("") },
	{ "hidden, restricted", &inside, ACTION(RESTRICT_CLI), "01234", NULL, &local,
	  REFUSES(433, "calling-party:outward") },
	{ "hidden from no party", &free_caller, ACTION(RESTRICT_CLI), "",
	  REFUSES(484, "feature-code:length") },
	{ "hidden from help", &mute, ACTION(RESTRICT_CLI), "112", NULL, &help,
	  PASSES("emergency") },
};
/* clang-format on */

static const struct policy naming = {
	.restricted_status = 433,
	.unknown_status = 604,
	.feature_names = { { "sac", ACTION_SEND_ALL_CALLS_ON, ACTION_SEND_ALL_CALLS_OFF },
			   { "cfa", ACTION_FORWARD_ALL_ON, ACTION_FORWARD_ALL_OFF } },
	.feature_name_count = 2,
};

START_TEST(a_feature_name_is_what_the_configuration_says)
{
	static const struct {
		const char *name, *action, *destination, *extension;
		const struct dial_pattern *dialled;
		int status;
		const char *rule;
		const struct station *named;
		const char *sentence;
	} asked[] = {
		{ "sac", NULL, NULL, NULL, NULL, 0, "feature-name:send-all-calls-on" },
		{ "SAC", "Off", "2001", "1001", NULL, 0, "feature-name:send-all-calls-off" },
		{ "cfa", "on", "01234", NULL, &local, 0, "feature-name:call-fwd-all-activate" },
		{ "cfa", "off", "01234", NULL, &local, 0, "feature-name:call-fwd-all-deactivate" },
		{ "cfa", "off", "112", NULL, &help, 0, "feature-name:call-fwd-all-deactivate" },
		{ "cfa", "on", "112", NULL, &help, 433, "feature-name:emergency" },
		{ "cfa", "on", NULL, NULL, NULL, 484, "feature-name:length" },
		{ "cfa", "on", "777", NULL, NULL, 604, "unknown-number" },
		{ "sac", "on", NULL, "1002", NULL, 433, "feature-name:extension" },
		{ "sac", "on", NULL, "1002", NULL, 433, "feature-name:extension", &mute,
		  "station 1001 may not change features of 1002" },
		{ "sac", "on", NULL, "alice", NULL, 0, "feature-name:send-all-calls-on",
		  &free_caller },
		{ "sac", "", NULL, NULL, NULL, 404, "feature-name:action", NULL,
		  "feature sac knows on and off, but not ''" },
		{ "send-all-calls", NULL, NULL, NULL, NULL, 404, "feature-name" },
	};
	const struct facts facts = {
		.half = HALF_ORIG,
		.caller = { "1001", "", "" },
		.called = { "1001", "example.com", "" },
		.fnu = asked[_i].name,
		.fnu_action = asked[_i].action,
		.fnu_destination = asked[_i].destination,
		.fnu_extension = asked[_i].extension,
	};
	const struct profile profile = {
		.caller = &free_caller,
		.dialled = asked[_i].dialled,
		.named = asked[_i].named,
		.is_permitted = true,
	};
	struct arena arena = { 0 };
	struct verdict verdict = feature_decide(&facts, &profile, &naming, &arena);

	ck_assert_str_eq(verdict.rule, asked[_i].rule);
	if (asked[_i].sentence)
		ck_assert_str_eq(verdict.sentence, asked[_i].sentence);
	ck_assert_int_eq(verdict.status, asked[_i].status);
	ck_assert_int_eq(verdict.kind,
			 asked[_i].status ? VERDICT_REJECT : VERDICT_FEATURE);
	arena_clear(&arena);
}
END_TEST

START_TEST(a_code_is_a_feature_and_no_call)
{
	const struct dialled_code *example = &dialled_codes[_i];
	const struct facts facts = {
		.half = HALF_ORIG,
		.caller = { "0555", "", "" },
		.called = { "*1", "example.com", "" },
		.domain = "example.com",
	};
	const struct profile profile = {
		.caller = example->caller,
		.code = { "*1", "word", example->action, example->number },
		.called = example->called,
		.dialled = example->dialled,
		.is_permitted = true,
	};
	struct arena arena = { 0 };
	struct verdict verdict = feature_decide(&facts, &profile, &policy, &arena);
	bool is_call = verdict.kind == VERDICT_PASS;

	ck_assert_msg(verdict.kind == example->kind &&
			      verdict.status == example->status &&
			      strcmp(verdict.rule, example->rule) == 0,
		      "%s: got %d %d %s", example->name, (int)verdict.kind,
		      verdict.status, verdict.rule);
	if (verdict.kind != VERDICT_PASS)
		ck_assert_int_eq(*verdict.sentence != '\0',
				 verdict.kind == VERDICT_REJECT);
	if (example->action == ACTION_UNKNOWN)
		ck_assert_str_eq(verdict.sentence,
				 "code *1 is for word, which is no feature here");
	if (verdict.kind == VERDICT_FEATURE) {
		ck_assert_int_eq(verdict.action, example->action);
		ck_assert_pstr_eq(verdict.argument, example->argument);
	}
	if (is_call)
		ck_assert_pstr_eq(verdict.number, example->number);
	if (is_call)
		ck_assert_int_eq(verdict.hides_caller, !verdict.is_emergency);
	arena_clear(&arena);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("feature");
	TCase *rules = tcase_create("rules");

	tcase_add_loop_test(rules, every_rule_decides_as_the_table_says, 0,
			    (int)COUNT(examples));
	tcase_add_loop_test(rules, a_code_is_a_feature_and_no_call, 0,
			    (int)COUNT(dialled_codes));
	tcase_add_loop_test(rules, a_feature_name_is_what_the_configuration_says, 0, 13);
	tcase_add_test(rules, a_refusal_says_why);
	tcase_add_test(rules, a_sentence_cannot_break_the_warning_header);
	tcase_add_test(rules, a_sentence_stays_short_whatever_the_number);
	suite_add_tcase(suite, rules);
	return suite;
}
