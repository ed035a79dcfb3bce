/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

#include <string.h>

static bool is_number(const char *text)
{
	text += *text == '+';
	return *text && text[strspn(text, "0123456789")] == '\0';
}

static bool incomplete(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct access_code *code = &inquiry->profile->code;
	const struct denial denial = { 484, CAUSE_INCOMPLETE, "feature-code:length" };

	if (action_takes_number(code->action))
		return rule_refuse(inquiry, verdict, denial,
				   "code %s wants the digits of a number after it",
				   code->code);
	return rule_refuse(inquiry, verdict, denial, "code %s takes no number after it",
			   code->code);
}

/* A station may only forward to whom it may call itself, and never to help. */
static bool is_no_target(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct reach *reach = &inquiry->reach;

	if (reach->pattern && reach->pattern->is_emergency)
		return rule_refuse(inquiry, verdict,
				   rule_restricted(inquiry, "feature-code:emergency"),
				   "calls are not forwarded to emergency number %s",
				   reach->number);
	return rule_calling_side(inquiry, verdict);
}

/*
 * A code dialled is no call: it changes the caller's own features.  The one exception only
 * changes how the call of the number after it is made.
 */
bool rule_feature_code(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct access_code *code = &inquiry->profile->code;
	bool has_number = code->code && *code->number;

	if (!code->code)
		return false;
	if (code->action == ACTION_UNKNOWN)
		return rule_refuse(inquiry, verdict,
				   rule_unknown(inquiry, "feature-code:unknown"),
				   "code %s is for %s, which is no feature here",
				   code->code, code->feature);
	if (action_takes_number(code->action) ? !is_number(code->number) : has_number)
		return incomplete(inquiry, verdict);
	if (code->action == ACTION_RESTRICT_CLI)
		return false;
	if (has_number && is_no_target(inquiry, verdict))
		return true;
	verdict->kind = VERDICT_FEATURE;
	verdict->action = code->action;
	verdict->argument = has_number ? code->number : NULL;
	verdict->rule = arena_printf(inquiry->arena, "feature-code:%s",
				     action_name(code->action));
	return true;
}
