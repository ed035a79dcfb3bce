/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* The first rule of all: no administered restriction may prevent an emergency call. */
bool rule_emergency(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct dial_pattern *pattern = inquiry->reach.pattern;
	const struct facts *facts = inquiry->facts;
	const struct access_code *code = &inquiry->profile->code;

	if (!pattern || !pattern->is_emergency)
		return false;
	/* The number is the argument of a feature and is not called. */
	if (facts->half == HALF_ORIG && facts->fnu && facts->fnu_destination)
		return false;
	if (code->code && code->action != ACTION_RESTRICT_CLI)
		return false;
	verdict->kind = VERDICT_PASS;
	verdict->rule = "emergency";
	verdict->is_emergency = true;
	verdict->hides_caller = false;
	return true;
}
