/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* Rules on whether inquiry->reach.by may call its number; those about the caller come
 * first. */
static const struct rule of_reach[] = {
	{ "origination", rule_origination },
	{ "dial-plan", rule_dial_plan },
	{ "calling-party", rule_calling_party },
	{ "frl", rule_frl },
	{ "calling-permission", rule_calling_permission },
};

bool rule_calling_side(const struct inquiry *inquiry, struct verdict *verdict)
{
	return RULE_ASK(of_reach, inquiry, verdict);
}
