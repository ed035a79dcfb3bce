/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

static unsigned count_digits(const char *number)
{
	unsigned digits = 0;

	for (; *number; number++)
		digits += *number >= '0' && *number <= '9';
	return digits;
}

bool rule_is_whole(const struct dial_pattern *pattern, const char *number)
{
	unsigned digits = count_digits(number);

	return digits >= pattern->min_length && digits <= pattern->max_length;
}

static bool incomplete(const struct inquiry *inquiry, struct verdict *verdict,
		       const char *what, unsigned limit)
{
	const struct dial_pattern *pattern = inquiry->reach.pattern;

	return rule_refuse(
		inquiry, verdict,
		(struct denial){ 484, CAUSE_INCOMPLETE, "dial-pattern:length" },
		"%s has too %s digits: pattern %s takes %s %u", inquiry->reach.number,
		what, pattern->pattern, *what == 'f' ? "at least" : "at most", limit);
}

/* Refuses a number that does not exist or is incomplete. */
bool rule_dial_plan(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct reach *reach = &inquiry->reach;
	unsigned digits = count_digits(reach->number);

	if (reach->station)
		return false;
	if (!*reach->number)
		return rule_refuse(inquiry, verdict,
				   rule_unknown(inquiry, "unknown-number"),
				   "there is no number to call");
	if (!reach->pattern && reach->is_prefix)
		return rule_refuse(
			inquiry, verdict,
			(struct denial){ 484, CAUSE_INCOMPLETE, "dial-pattern:length" },
			"%s is only the beginning of a number", reach->number);
	if (!reach->pattern)
		return rule_refuse(
			inquiry, verdict, rule_unknown(inquiry, "unknown-number"),
			"%s is neither a station nor matched by a dial pattern",
			reach->number);
	if (digits < reach->pattern->min_length)
		return incomplete(inquiry, verdict, "few", reach->pattern->min_length);
	if (digits > reach->pattern->max_length)
		return incomplete(inquiry, verdict, "many", reach->pattern->max_length);
	return false;
}
