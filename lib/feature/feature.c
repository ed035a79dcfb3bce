/* SPDX-License-Identifier: MIT */
#include "feature/feature.h"

#include "feature/rule.h"

/* Nothing has been read from the database yet. */
static const struct rule of_request[] = {
	{ "phase", rule_phase },
	{ "way-back", rule_way_back },
	{ "uri", rule_uri },
};

static const struct rule of_caller[] = {
	{ "emergency", rule_emergency },
	{ "feature-name", rule_feature_name },
	{ "unknown-station", rule_unknown_station },
	{ "bad-profile", rule_bad_profile },
	{ "out-of-service", rule_out_of_service },
	{ "feature-action", rule_feature_action },
	{ "feature-code", rule_feature_code },
	{ NULL, rule_calling_side },
};

/*
 * Permission first: a caller who may not call a station is not forwarded by it either.
 * Then forwarding, and coverage after it; rule_coverage never decides, it only stores the
 * points.
 */
static const struct rule of_called[] = {
	{ "emergency", rule_emergency },
	{ "feature-name", rule_feature_name },
	{ "unknown-station", rule_unknown_station },
	{ "bad-profile", rule_bad_profile },
	{ "out-of-service", rule_out_of_service },
	{ "called-party", rule_called_party },
	{ "calling-permission", rule_calling_permission },
	{ "coverage", rule_coverage },
	{ "forwarding", rule_forwarding },
	{ "send-all-calls", rule_send_all_calls },
};

/*
 * Off-hook checks only whether the station may call at all; nothing has been dialled yet.
 */
static const struct rule of_line[] = {
	{ "unknown-station", rule_unknown_station },
	{ "bad-profile", rule_bad_profile },
	{ "out-of-service", rule_out_of_service },
	{ "origination", rule_origination },
	{ "require", rule_require },
	{ "appearance", rule_appearance },
};

static const struct rule of_line_request[] = { { "overtaken", rule_overtaken } };

/* What is confirmed here instead of called. */
static const struct rule of_feature[] = { { "require", rule_require } };

static const struct rule of_passed[] = {
	{ "require", rule_require_passed },
	{ "trunk-members", rule_trunk_members },
};

bool feature_screen(const struct facts *facts, const struct policy *policy,
		    struct arena *arena, struct verdict *verdict)
{
	static const struct profile unread = { 0 };
	const struct inquiry inquiry = {
		.facts = facts,
		.profile = &unread,
		.policy = policy,
		.arena = arena,
		.reach = { .number = facts_number(facts) },
	};
	struct verdict refusal = { .rule = "", .sentence = "" };

	if (!RULE_ASK(of_request, &inquiry, &refusal) &&
	    !(facts->half == HALF_LINE && RULE_ASK(of_line_request, &inquiry, &refusal)))
		return false;
	*verdict = refusal;
	return true;
}

struct verdict feature_refuse_unread(const char *sentence, struct arena *arena)
{
	return (struct verdict){
		.kind = VERDICT_REJECT,
		.status = 500,
		.rule = "database",
		.sentence = arena_strdup(arena, sentence),
		.is_unread = true,
	};
}

/* The rules of one half, in their order. */
static void ask_half(struct inquiry *inquiry, struct verdict *verdict)
{
	const struct facts *facts = inquiry->facts;
	bool is_called_here = inquiry->profile->called;
	struct facts as_called = *facts;

	if (facts->asks_shortcut && is_called_here) {
		verdict->rule = "shortcut";
		verdict->is_shortcut = true;
	} else if (facts->half == HALF_TERM) {
		RULE_ASK(of_called, inquiry, verdict);
	} else if (facts->half == HALF_LINE) {
		RULE_ASK(of_line, inquiry, verdict);
	} else if (!RULE_ASK(of_caller, inquiry, verdict) && facts->is_full_call &&
		   is_called_here) {
		as_called.half = HALF_TERM;
		inquiry->facts = &as_called;
		RULE_ASK(of_called, inquiry, verdict);
		verdict->is_shortcut = verdict->kind != VERDICT_REJECT;
		inquiry->facts = facts;
	}
}

/* What depends on how the half was decided. */
static void ask_decided(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct facts *facts = inquiry->facts;
	bool goes_back = facts->asks_shortcut && verdict->is_shortcut;
	struct verdict refusal = { .rule = "", .sentence = "" };

	if (verdict->kind == VERDICT_REJECT || facts->half == HALF_LINE || goes_back)
		return;
	/* An emergency call is tried whatever it requires. */
	if (verdict->kind == VERDICT_FEATURE
		    ? RULE_ASK(of_feature, inquiry, &refusal)
		    : !verdict->is_emergency && RULE_ASK(of_passed, inquiry, &refusal))
		*verdict = refusal;
}

struct verdict feature_decide(const struct facts *facts, const struct profile *profile,
			      const struct policy *policy, struct arena *arena)
{
	/* The party that redirected the call was asked in the caller's place. */
	bool is_redirected = facts->half == HALF_TERM && facts->redirections > 0;
	bool is_private = profile->code.action == ACTION_RESTRICT_CLI;
	struct inquiry inquiry = {
		.facts = facts,
		.profile = profile,
		.policy = policy,
		.arena = arena,
		.reach = {
			.by = profile->caller,
			.number = profile->code.code ? profile->code.number
						     : facts_number(facts),
			.station = profile->called,
			.pattern = profile->dialled,
			.is_prefix = profile->is_prefix,
			.is_permitted = profile->is_permitted || is_redirected,
		},
	};
	struct verdict verdict = {
		.kind = VERDICT_PASS,
		.rule = "",
		.sentence = "",
		.number = is_private ? profile->code.number : NULL,
		.hides_caller = is_private,
		.is_internal = profile_is_internal(profile),
		.is_outside = !profile->called,
	};

	ask_half(&inquiry, &verdict);
	ask_decided(&inquiry, &verdict);
	return verdict;
}
