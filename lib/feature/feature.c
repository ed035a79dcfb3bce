/* SPDX-License-Identifier: MIT */
#include "feature/feature.h"

#include "feature/rule.h"

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
 * Permission first: who may not call a station is not forwarded by it either.  Then
 * forwarding, and coverage after it; rule_coverage only prepares.
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

/* Off-hook asks whether the station may call at all; nothing has been dialled yet. */
static const struct rule of_line[] = {
	{ "unknown-station", rule_unknown_station },
	{ "bad-profile", rule_bad_profile },
	{ "out-of-service", rule_out_of_service },
	{ "origination", rule_origination },
};

struct verdict feature_decide(const struct facts *facts, const struct profile *profile,
			      const struct policy *policy, struct arena *arena)
{
	bool is_term = facts->half == HALF_TERM;
	/* Whoever redirected the call was asked in the caller's place. */
	bool is_redirected = is_term && facts->redirections > 0;
	bool is_private = profile->code.action == ACTION_RESTRICT_CLI;
	struct facts as_called = *facts;
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

	if (facts->asks_shortcut && profile->called) {
		verdict.rule = "shortcut";
		verdict.is_shortcut = true;
	} else if (is_term) {
		RULE_ASK(of_called, &inquiry, &verdict);
	} else if (facts->half == HALF_LINE) {
		RULE_ASK(of_line, &inquiry, &verdict);
	} else if (!RULE_ASK(of_caller, &inquiry, &verdict) && facts->is_full_call &&
		   profile->called) {
		as_called.half = HALF_TERM;
		inquiry.facts = &as_called;
		RULE_ASK(of_called, &inquiry, &verdict);
		verdict.is_shortcut = verdict.kind != VERDICT_REJECT;
	}
	return verdict;
}
