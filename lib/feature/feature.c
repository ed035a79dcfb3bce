/* SPDX-License-Identifier: MIT */
#include "feature/feature.h"

#include "feature/rule.h"

struct rule {
	bool (*ask)(const struct inquiry *inquiry, struct verdict *verdict);
};

static const struct rule of_caller[] = {
	{ rule_emergency },
	{ rule_feature_name },
	{ rule_unknown_station },
	{ rule_bad_profile },
	{ rule_out_of_service },
	{ rule_calling_side },
};

/* Permission first: who may not call a station is not forwarded by it either. */
static const struct rule of_called[] = {
	{ rule_emergency },
	{ rule_feature_name },
	{ rule_unknown_station },
	{ rule_bad_profile },
	{ rule_out_of_service },
	{ rule_called_party },
	{ rule_calling_permission },
	{ rule_forwarding },
};

/* Off-hook asks whether the station may call at all; nothing has been dialled yet. */
static const struct rule of_line[] = {
	{ rule_unknown_station },
	{ rule_bad_profile },
	{ rule_out_of_service },
	{ rule_origination },
};

/* What the caller is must be settled before what it may dial. */
static const struct rule of_reach[] = {
	{ rule_origination },
	{ rule_dial_plan },
	{ rule_calling_party },
	{ rule_frl },
	{ rule_calling_permission },
};

#define ASK(rules, inquiry, verdict) \
	ask(rules, sizeof rules / sizeof *rules, inquiry, verdict)

static bool ask(const struct rule *rules, size_t count, const struct inquiry *inquiry,
		struct verdict *verdict)
{
	for (size_t i = 0; i < count; i++)
		if (rules[i].ask(inquiry, verdict))
			return true;
	return false;
}

bool rule_calling_side(const struct inquiry *inquiry, struct verdict *verdict)
{
	return ASK(of_reach, inquiry, verdict);
}

struct verdict feature_decide(const struct facts *facts, const struct profile *profile,
			      const struct policy *policy, struct arena *arena)
{
	bool is_term = facts->half == HALF_TERM;
	/* Whoever redirected the call was asked in the caller's place. */
	bool is_redirected = is_term && facts->redirections > 0;
	struct inquiry inquiry = {
		.facts = facts,
		.profile = profile,
		.policy = policy,
		.arena = arena,
		.reach = {
			.by = profile->caller,
			.number = facts->called.user,
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
		.is_internal = profile_is_internal(profile),
	};

	if (is_term)
		ASK(of_called, &inquiry, &verdict);
	else if (facts->half == HALF_LINE)
		ASK(of_line, &inquiry, &verdict);
	else
		ASK(of_caller, &inquiry, &verdict);
	return verdict;
}
