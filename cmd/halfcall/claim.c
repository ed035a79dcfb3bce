/* SPDX-License-Identifier: MIT */
#include "halfcall/claim.h"

#include "halfcall/table.h"
#include "run/match.h"
#include "run/office.h"

#include <errno.h>
#include <string.h>

struct claim_name {
	struct claim_name *next;
	const char *name, *value;
};

bool claim_is_known(const struct script_step *step)
{
	switch ((int)step->kind) {
	case SCRIPT_EXPECT_PHASES:
	case SCRIPT_EXPECT_JOURNAL:
	case SCRIPT_EXPECT_FINDING:
	case SCRIPT_EXPECT_SQL:
	case SCRIPT_EXPECT_CM_HEARD:
	case SCRIPT_EXPECT_CM_SENT:
		return true;
	default:
		return false;
	}
}

bool claim_wants_messages(const struct script_step *step)
{
	return step->kind == SCRIPT_EXPECT_PHASES ||
	       step->kind == SCRIPT_EXPECT_CM_HEARD ||
	       step->kind == SCRIPT_EXPECT_CM_SENT;
}

static struct script_range range_of(const struct script_step *step)
{
	const struct script_terms *terms = &step->terms;

	if (terms->is_none)
		return (struct script_range){ 0, 0 };
	return terms->has_count ? terms->count
				: (struct script_range){ 1, SCRIPT_NO_END };
}

bool claim_may_change(const struct script_step *step)
{
	return step->kind == SCRIPT_EXPECT_PHASES || range_of(step).most != SCRIPT_NO_END;
}

/* Names ----------------------------------------------------------------------------------- */

static const char *value_of(void *context, const struct script_piece *variable)
{
	const struct claim_memory *memory = context;

	for (const struct claim_name *name = memory->names; name; name = name->next)
		if (strcmp(name->name, variable->variable) == 0)
			return name->value;
	return NULL;
}

static void capture(void *context, const char *name, const char *value)
{
	struct claim_memory *memory = context;
	struct claim_name *made = arena_alloc(&memory->arena, sizeof *made);

	made->name = arena_strdup(&memory->arena, name);
	made->value = arena_strdup(&memory->arena, value);
	made->next = memory->names;
	memory->names = made;
}

static struct match_names names_of(struct claim_memory *memory)
{
	return (struct match_names){
		.value = value_of,
		.capture = capture,
		.context = memory,
		.arena = &memory->arena,
	};
}

void claim_clear(struct claim_memory *memory)
{
	arena_clear(&memory->arena);
	memory->names = NULL;
}

/* Counting -------------------------------------------------------------------------------- */

static bool is_count_right(const struct script_step *step, size_t count, const char *what,
			   struct fault *why)
{
	struct script_range range = range_of(step);

	if (match_is_in(&range, count))
		return true;
	if (!*why->text && !count)
		fault_say(why, 0, "there is no such %s", what);
	else if (!*why->text)
		fault_say(why, 0, "there %s %zu such %s%s", count == 1 ? "is" : "are",
			  count, what, count == 1 ? "" : "s");
	return false;
}

/* The journal ----------------------------------------------------------------------------- */

static const char *event_key(void *context, const char *name)
{
	return evidence_value(context, name);
}

/* How many of the step's pairs EVENT has. */
static size_t pairs_in(const struct script_step *step, const struct evidence_event *event,
		       struct claim_memory *memory)
{
	size_t count = 0;

	for (size_t i = 0; i < step->pair_count; i++) {
		const char *value = evidence_value(event, step->pairs[i].key);
		const char *wanted = script_text_fill(&step->pairs[i].value, value_of,
						      memory, &memory->arena);

		count += value && wanted && strcmp(value, wanted) == 0;
	}
	return count;
}

static bool is_event(const struct script_step *step, struct evidence_event *event,
		     struct claim_memory *memory)
{
	const struct match_subject subject = { .key = event_key, .context = event };
	struct match_names names = names_of(memory);
	const struct script_detail *wrong;
	struct fault ignored;

	return pairs_in(step, event, memory) == step->pair_count &&
	       match_details(step->details, step->detail_count, &subject, &names, &wrong,
			     &ignored);
}

static bool is_finding(const struct script_step *step, const struct evidence_event *event,
		       struct claim_memory *memory)
{
	const char *name =
		script_text_fill(&step->object, value_of, memory, &memory->arena);
	const char *what = evidence_value(event, "event");
	const char *rule = evidence_value(event, "rule");

	return what && rule && name && strcmp(what, "finding") == 0 &&
	       strcmp(rule, name) == 0;
}

static bool hold_journal(const struct script_step *step, const struct evidence *evidence,
			 struct claim_memory *memory, struct fault *why)
{
	bool is_finding_asked = step->kind == SCRIPT_EXPECT_FINDING;
	size_t count = 0;

	for (size_t i = 0; i < evidence->count; i++)
		count += is_finding_asked ? is_finding(step, evidence->events[i], memory)
					  : is_event(step, evidence->events[i], memory);
	return is_count_right(step, count, is_finding_asked ? "finding" : "event", why);
}

/* Messages -------------------------------------------------------------------------------- */

static bool hold_phases(const struct script_step *step, const struct evidence *evidence,
			struct claim_memory *memory, struct fault *why)
{
	const struct sighting *messages = message_list_first(evidence->messages);
	size_t count = message_count(evidence->messages);
	const char *seen = "", *wanted = "";

	for (size_t i = 0; i < count; i++)
		if (messages[i].is_request && !messages[i].is_again &&
		    strcmp(messages[i].method, "INVITE") == 0 && *messages[i].phase_text)
			seen = arena_printf(&memory->arena, "%s%s%s", seen,
					    *seen ? " " : "", messages[i].phase_text);
	for (size_t i = 0; i < step->word_count; i++)
		wanted = arena_printf(&memory->arena, "%s%s%s", wanted,
				      *wanted ? " " : "", step->words[i]);
	if (strcmp(seen, wanted) == 0)
		return true;
	fault_say(why, 0, "the phases are %.200s", *seen ? seen : "none");
	return false;
}

static bool is_message(const struct script_step *step, const struct sighting *message,
		       struct claim_memory *memory, struct fault *why)
{
	struct match_names names = names_of(memory);
	const struct script_detail *wrong;
	struct match_subject subject;
	struct fault fault = { "" };
	struct view view;

	if (message->is_out != (step->kind == SCRIPT_EXPECT_CM_SENT) ||
	    message->status != (int)step->message.code || message->is_again ||
	    (step->message.method && strcmp(message->method, step->message.method) != 0))
		return false;
	if (!message->status && strcmp(message->method, "INVITE") == 0 &&
	    *message->to_tag)
		return false;
	view_read(&view, message->bytes, message->length, &memory->arena);
	subject = (struct match_subject){ .message = &view };
	if (match_details(step->details, step->detail_count, &subject, &names, &wrong,
			  &fault))
		return true;
	fault_say(why, 0, "message %llu: %s", (unsigned long long)message->seq,
		  fault.text);
	return false;
}

static bool hold_message(const struct script_step *step, const struct evidence *evidence,
			 struct claim_memory *memory, struct fault *why)
{
	const struct sighting *messages = message_list_first(evidence->messages);
	bool counts = step->terms.has_count || step->terms.is_none;
	size_t count = 0;

	for (size_t i = counts ? 0 : memory->found; i < message_count(evidence->messages);
	     i++) {
		if (!is_message(step, &messages[i], memory, why))
			continue;
		count++;
		if (!counts) {
			memory->found = i + 1;
			return true;
		}
	}
	return is_count_right(step, count, "message", why);
}

/* The database ---------------------------------------------------------------------------- */

static int hold_sql(const struct script_step *step, const struct evidence *evidence,
		    struct claim_memory *memory, struct fault *why)
{
	const char *query =
		script_text_fill(&step->object, value_of, memory, &memory->arena);
	const char *wanted =
		script_text_fill(&step->value, value_of, memory, &memory->arena);
	const char *value;

	if (!query || !wanted)
		return fault_say(why, EINVAL, "a variable has no value");
	if (office_ask(evidence->database, query, &memory->arena, &value, why) < 0)
		return -EINVAL;
	if (strcmp(value, wanted) == 0)
		return true;
	fault_say(why, 0, "the database says \"%.200s\"", value);
	return false;
}

int claim_holds(const struct script_step *step, const struct evidence *evidence,
		struct claim_memory *memory, struct fault *why)
{
	*why->text = '\0';
	switch ((int)step->kind) {
	case SCRIPT_EXPECT_PHASES:
		return hold_phases(step, evidence, memory, why);
	case SCRIPT_EXPECT_SQL:
		return hold_sql(step, evidence, memory, why);
	case SCRIPT_EXPECT_CM_HEARD:
	case SCRIPT_EXPECT_CM_SENT:
		return hold_message(step, evidence, memory, why);
	default:
		return hold_journal(step, evidence, memory, why);
	}
}

/* What comes near ------------------------------------------------------------------------- */

static void print_pair(const char *key, const char *value, const char *sign, FILE *out)
{
	fprintf(out, " %s%s=", sign, key);
	table_print_text(value, out);
}

/* What differs, as -wanted +found, and the whole event. */
static void print_event(const struct script_step *step,
			const struct evidence_event *event, struct claim_memory *memory,
			FILE *out)
{
	const char *key, *value;

	fputs("  found:", out);
	for (size_t i = 0; evidence_pair(event, i, &key, &value); i++)
		print_pair(key, value, "", out);
	fputs(pairs_in(step, event, memory) < step->pair_count ? "\n   differs:" : "",
	      out);
	for (size_t i = 0; i < step->pair_count; i++) {
		const char *wanted = script_text_fill(&step->pairs[i].value, value_of,
						      memory, &memory->arena);

		value = evidence_value(event, step->pairs[i].key);
		if (wanted && value && strcmp(value, wanted) == 0)
			continue;
		print_pair(step->pairs[i].key, wanted ? wanted : "?", "-", out);
		if (value)
			print_pair(step->pairs[i].key, value, "+", out);
	}
	putc('\n', out);
}

void claim_print_nearest(const struct script_step *step, const struct evidence *evidence,
			 const struct claim_memory *memory, FILE *out)
{
	enum { PRINTED = 3 };
	struct claim_memory mine = { .names = memory->names };
	size_t best = 1, printed = 0;

	if (step->kind != SCRIPT_EXPECT_JOURNAL)
		return;
	for (size_t i = 0; i < evidence->count; i++) {
		size_t count = pairs_in(step, evidence->events[i], &mine);

		best = count > best ? count : best;
	}
	for (size_t i = evidence->count; i > 0 && printed < PRINTED; i--) {
		if (pairs_in(step, evidence->events[i - 1], &mine) < best)
			continue;
		print_event(step, evidence->events[i - 1], &mine, out);
		printed++;
	}
	arena_clear(&mine.arena);
}
