/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

#include <stdarg.h>
#include <stdio.h>

/* Longest sentence: fits a header line even with long names in it. */
enum { SENTENCE = 256 };

/*
 * Characters that are not plain ASCII, or would need an escape in a quoted-string (RFC
 * 3261 25.1), become question marks; they can only come from names and numbers in
 * requests.
 */
static void make_quotable(char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e || *text == '"' || *text == '\\')
			*text = '?';
}

struct denial rule_restricted(const struct inquiry *inquiry, const char *rule)
{
	return (struct denial){ inquiry->policy->restricted_status, CAUSE_REJECTED,
				rule };
}

struct denial rule_unknown(const struct inquiry *inquiry, const char *rule)
{
	return (struct denial){ inquiry->policy->unknown_status, CAUSE_UNALLOCATED,
				rule };
}

bool rule_refuse(const struct inquiry *inquiry, struct verdict *verdict,
		 struct denial denial, const char *format, ...)
{
	char text[SENTENCE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	make_quotable(text);

	verdict->kind = VERDICT_REJECT;
	verdict->status = denial.status;
	verdict->cause = denial.cause;
	verdict->rule = denial.rule;
	verdict->sentence = arena_strdup(inquiry->arena, text);
	return true;
}
