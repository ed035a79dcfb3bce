/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"
#include "model/number.h"

static bool incomplete(const struct inquiry *inquiry, struct verdict *verdict,
		       const struct access_code *code, const char *feature)
{
	const struct denial denial = {
		484,
		CAUSE_INCOMPLETE,
		arena_printf(inquiry->arena, "%s:length", feature),
	};

	if (action_takes_number(code->action))
		return rule_refuse(inquiry, verdict, denial,
				   "%s wants the digits of a number", code->code);
	return rule_refuse(inquiry, verdict, denial, "%s takes no number", code->code);
}

/* A station may forward only to numbers it may call, and never to an emergency number. */
static bool is_no_target(const struct inquiry *inquiry, struct verdict *verdict,
			 const char *feature)
{
	const struct reach *reach = &inquiry->reach;

	if (reach->pattern && reach->pattern->is_emergency)
		return rule_refuse(
			inquiry, verdict,
			rule_restricted(inquiry, arena_printf(inquiry->arena,
							      "%s:emergency", feature)),
			"calls are not forwarded to emergency number %s", reach->number);
	return rule_calling_side(inquiry, verdict);
}

bool feature_code_decide(const struct inquiry *inquiry, const struct access_code *code,
			 const char *feature, struct verdict *verdict)
{
	bool has_number = *code->number != '\0';

	if (action_takes_number(code->action) ? !number_is(code->number) : has_number)
		return incomplete(inquiry, verdict, code, feature);
	if (code->action == ACTION_RESTRICT_CLI)
		return false;
	if (has_number && is_no_target(inquiry, verdict, feature))
		return true;
	verdict->kind = VERDICT_FEATURE;
	verdict->action = code->action;
	verdict->argument = has_number ? code->number : NULL;
	verdict->rule =
		arena_printf(inquiry->arena, "%s:%s", feature, action_name(code->action));
	return true;
}

/*
 * A dialled code changes a feature of the caller and makes no call, except restrict-cli,
 * which calls the number behind it.
 */
bool rule_feature_code(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct access_code *code = &inquiry->profile->code;

	if (!code->code)
		return false;
	if (code->action == ACTION_UNKNOWN)
		return rule_refuse(inquiry, verdict,
				   rule_unknown(inquiry, "feature-code:unknown"),
				   "code %s is for %s, which is no feature here",
				   code->code, code->feature);
	return feature_code_decide(inquiry, code, "feature-code", verdict);
}
