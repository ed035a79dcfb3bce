/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* First of all rules: nothing that is administered stands between a person and help. */
bool rule_emergency(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct dial_pattern *pattern = inquiry->reach.pattern;

	if (!pattern || !pattern->is_emergency)
		return false;
	verdict->kind = VERDICT_PASS;
	verdict->rule = "emergency";
	verdict->is_emergency = true;
	return true;
}
