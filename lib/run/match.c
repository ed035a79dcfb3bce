/* SPDX-License-Identifier: MIT */
#include "run/match.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { GROUPS_MAX = 20, VALUES_MAX = 1000 };

struct values {
	const char *texts[VALUES_MAX];
	size_t count;
};

bool match_is_sent(const struct script_detail *detail)
{
	return detail->kind == SCRIPT_SET || detail->kind == SCRIPT_LEAVE_OUT ||
	       detail->kind == SCRIPT_SET_BODY;
}

bool match_is_in(const struct script_range *range, size_t number)
{
	return number >= range->least &&
	       (range->most == SCRIPT_NO_END || number <= range->most);
}

/* Selecting ------------------------------------------------------------------------------- */

static void put(struct values *values, const char *text)
{
	if (text && values->count < VALUES_MAX)
		values->texts[values->count++] = text;
}

/* Keeps the one that INDEX names. */
static void choose(struct values *values, int index)
{
	size_t at = index == SCRIPT_LAST ? values->count - 1 : (size_t)index - 1;

	if (index == SCRIPT_EVERY)
		return;
	if (!values->count || at >= values->count) {
		values->count = 0;
		return;
	}
	values->texts[0] = values->texts[at];
	values->count = 1;
}

static void begin(struct values *values, const struct script_selector *selector,
		  const struct match_subject *subject, struct arena *arena)
{
	const struct view *view = subject->message;
	const char *text;

	switch (selector->subject) {
	case SCRIPT_HEADER:
		for (size_t i = 0; view && (text = view_field(view, selector->name, i));
		     i++)
			put(values, text);
		break;
	case SCRIPT_REQUEST_URI:
		put(values, view ? view->uri : NULL);
		break;
	case SCRIPT_STATUS:
		if (view && view->status)
			put(values, arena_printf(arena, "%d", view->status));
		break;
	case SCRIPT_BODY:
		put(values, view && view->body_length ? view->body : NULL);
		break;
	case SCRIPT_KEY:
		put(values,
		    subject->key ? subject->key(subject->context, selector->name) : NULL);
		break;
	}
}

static void step_into(struct values *values, const struct script_step_into *part,
		      struct arena *arena)
{
	struct values next = { .count = 0 };
	const char *text;

	for (size_t i = 0; i < values->count; i++)
		for (size_t j = 0;
		     j < VALUES_MAX &&
		     (text = view_part(values->texts[i], part->name, j, arena));
		     j++)
			put(&next, text);
	choose(&next, part->index);
	*values = next;
}

static void select_values(struct values *values, const struct script_selector *selector,
			  const struct match_subject *subject, struct arena *arena)
{
	begin(values, selector, subject, arena);
	choose(values, selector->index);
	for (size_t i = 0; i < selector->part_count; i++)
		step_into(values, &selector->parts[i], arena);
}

/* Several values as one text. */
static const char *joined(const struct values *values, struct arena *arena)
{
	const char *text = values->texts[0];

	for (size_t i = 1; i < values->count; i++)
		text = arena_printf(arena, "%s, %s", text, values->texts[i]);
	return text;
}

/* Comparing --------------------------------------------------------------------------------- */

/* host and transport ignore case. */
static bool ignores_case(const struct script_selector *selector)
{
	const char *name = selector->part_count
				   ? selector->parts[selector->part_count - 1].name
				   : "";

	return strcmp(name, "host") == 0 || strcmp(name, "transport") == 0;
}

static bool is_equal(const struct script_detail *detail, const char *value,
		     const char *wanted)
{
	return ignores_case(&detail->selector) ? strcasecmp(value, wanted) == 0
					       : strcmp(value, wanted) == 0;
}

static bool is_as_sent(const struct match_subject *subject)
{
	const struct view *view = subject->message;

	for (size_t i = 0; view && i < subject->sent_count; i++)
		if (strcmp(view->body, subject->sent_bodies[i]) == 0)
			return true;
	return false;
}

static bool is_number(const char *text, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && !*end;
}

/* 1 it holds, 0 it does not, -1 and a sentence: it cannot be compared. */
static int compare_numbers(const struct script_detail *detail, const char *value,
			   const char *wanted, struct fault *fault)
{
	double left, right;

	if (!is_number(value, &left) || !is_number(wanted, &right)) {
		fault_say(fault, 1, "\"%.100s\" and \"%.100s\" are not both numbers",
			  value, wanted);
		return -1;
	}
	return detail->kind == SCRIPT_LESS ? left < right : left > right;
}

static int match_expression(const struct script_detail *detail, const char *value,
			    const char *wanted, const struct match_names *names,
			    struct fault *fault)
{
	regmatch_t groups[GROUPS_MAX];
	regex_t regex;
	int rc = regcomp(&regex, wanted, REG_EXTENDED);

	if (rc) {
		fault_say(fault, 1, "\"%.100s\" is no regular expression", wanted);
		return -1;
	}
	rc = regexec(&regex, value, GROUPS_MAX, groups, 0) == 0;
	for (size_t i = 0;
	     rc && names->capture && i < detail->capture_count && i + 1 < GROUPS_MAX;
	     i++) {
		const regmatch_t *group = &groups[i + 1];
		size_t length =
			group->rm_so < 0 ? 0 : (size_t)(group->rm_eo - group->rm_so);

		names->capture(
			names->context, detail->captures[i],
			arena_strndup(names->arena,
				      value + (group->rm_so < 0 ? 0 : group->rm_so),
				      length));
	}
	regfree(&regex);
	return rc;
}

/* What the detail is about, for a sentence. */
static const char *subject_text(const struct script_selector *selector,
				struct arena *arena)
{
	static const char *const names[] = { [SCRIPT_HEADER] = "header",
					     [SCRIPT_REQUEST_URI] = "Request-URI",
					     [SCRIPT_STATUS] = "status",
					     [SCRIPT_BODY] = "body",
					     [SCRIPT_KEY] = "key" };
	const char *text = selector->name ? selector->name : names[selector->subject];

	if (selector->index == SCRIPT_LAST)
		text = arena_printf(arena, "%s[last]", text);
	else if (selector->index)
		text = arena_printf(arena, "%s[%d]", text, selector->index);
	for (size_t i = 0; i < selector->part_count; i++)
		text = selector->parts[i].index ? arena_printf(arena, "%s.%s[%d]", text,
							       selector->parts[i].name,
							       selector->parts[i].index)
						: arena_printf(arena, "%s.%s", text,
							       selector->parts[i].name);
	return text;
}

static const char *const verbs[] = {
	[SCRIPT_EQUAL] = "be", [SCRIPT_UNEQUAL] = "not be",
	[SCRIPT_MATCH] = "match", [SCRIPT_LESS] = "be below",
	[SCRIPT_GREATER] = "be above",
};

/* Details about what is there or not. */
static bool check_presence(const struct script_detail *detail,
			   const struct values *values, struct arena *arena, bool *holds,
			   struct fault *fault)
{
	const char *subject = subject_text(&detail->selector, arena);

	switch (detail->kind) {
	case SCRIPT_ABSENT:
		*holds = !values->count;
		if (!*holds)
			fault_say(fault, 1, "%s should be absent, and is \"%.200s\"",
				  subject, values->texts[0]);
		return true;
	case SCRIPT_COUNT:
		*holds = match_is_in(&detail->count, values->count);
		if (!*holds)
			fault_say(fault, 1, "there are %zu of %s", values->count,
				  subject);
		return true;
	case SCRIPT_SET:
	case SCRIPT_LEAVE_OUT:
	case SCRIPT_SET_BODY:
	case SCRIPT_EQUAL:
	case SCRIPT_UNEQUAL:
	case SCRIPT_MATCH:
	case SCRIPT_LESS:
	case SCRIPT_GREATER:
	case SCRIPT_PRESENT:
	case SCRIPT_CAPTURE:
		break;
	}
	if (!values->count) {
		*holds = false;
		fault_say(fault, 1, "there is no %s", subject);
		return true;
	}
	*holds = true;
	return detail->kind == SCRIPT_PRESENT;
}

static int compare(const struct script_detail *detail, const char *value,
		   const char *wanted, const struct match_names *names,
		   struct fault *fault)
{
	if (detail->kind == SCRIPT_MATCH)
		return match_expression(detail, value, wanted, names, fault);
	if (detail->kind == SCRIPT_LESS || detail->kind == SCRIPT_GREATER)
		return compare_numbers(detail, value, wanted, fault);
	return is_equal(detail, value, wanted) == (detail->kind == SCRIPT_EQUAL);
}

static bool check_value(const struct script_detail *detail, const char *value,
			const struct match_subject *subject,
			const struct match_names *names, struct fault *fault)
{
	const char *wanted;
	int holds;

	if (detail->is_as_sent) {
		if (is_as_sent(subject) == (detail->kind == SCRIPT_EQUAL))
			return true;
		fault_say(fault, 1, "the body is not the one that was sent");
		return false;
	}
	wanted = script_text_fill(&detail->value, names->value, names->context,
				  names->arena);
	if (!wanted) {
		fault_say(fault, 1, "%.100s has a variable that is not set yet",
			  detail->value.text);
		return false;
	}
	holds = compare(detail, value, wanted, names, fault);
	if (holds == 0)
		fault_say(fault, 1, "%s should %s \"%.150s\", and is \"%.150s\"",
			  subject_text(&detail->selector, names->arena),
			  verbs[detail->kind], wanted, value);
	return holds == 1;
}

static bool check(const struct script_detail *detail, const struct match_subject *subject,
		  const struct match_names *names, struct fault *fault)
{
	struct values *values = arena_alloc(names->arena, sizeof *values);
	const char *value;
	bool holds;

	select_values(values, &detail->selector, subject, names->arena);
	if (check_presence(detail, values, names->arena, &holds, fault))
		return holds;
	value = joined(values, names->arena);
	if (detail->kind != SCRIPT_CAPTURE)
		return check_value(detail, value, subject, names, fault);
	if (names->capture)
		names->capture(names->context, detail->captures[0], value);
	return true;
}

static bool check_all(const struct script_detail *details, size_t count,
		      const struct match_subject *subject,
		      const struct match_names *names, const struct script_detail **wrong,
		      struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		if (match_is_sent(&details[i]) ||
		    check(&details[i], subject, names, fault))
			continue;
		*wrong = &details[i];
		return false;
	}
	return true;
}

bool match_details(const struct script_detail *details, size_t count,
		   const struct match_subject *subject, const struct match_names *names,
		   const struct script_detail **wrong, struct fault *fault)
{
	struct match_names silent = *names;

	/* First without captures: a message that does not fit leaves no trace. */
	silent.capture = NULL;
	return check_all(details, count, subject, &silent, wrong, fault) &&
	       check_all(details, count, subject, names, wrong, fault);
}
