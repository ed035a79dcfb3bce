/* SPDX-License-Identifier: MIT */
/* Facts about the whole case so far. */
#include "base/memory.h"
#include "lab/lamp.h"
#include "run/diary.h"
#include "run/finding.h"
#include "run/office.h"
#include "run/step.h"

#include <stdlib.h>
#include <string.h>

enum { QUIET_MS = 100 };

/* Whether a later message could make it false. */
static bool wants_quiet(const struct script_step *is)
{
	const struct script_terms *terms = &is->terms;

	return is->kind == SCRIPT_EXPECT_PHASES || is->kind == SCRIPT_EXPECT_SHOWS ||
	       is->kind == SCRIPT_EXPECT_SEES || terms->is_none ||
	       (terms->has_count && terms->count.most != SCRIPT_NO_END);
}

/* How many must fit. */
static struct script_range wanted_count(const struct script_step *is)
{
	const struct script_terms *terms = &is->terms;

	if (terms->is_none)
		return (struct script_range){ 0, 0 };
	return terms->has_count ? terms->count
				: (struct script_range){ 1, SCRIPT_NO_END };
}

static enum step_outcome count_fits(struct play *play, struct step *step, size_t count,
				    const char *what)
{
	struct script_range range = wanted_count(step->is);

	if (match_is_in(&range, count))
		return STEP_DONE;
	if (!step->why)
		step_misfit(play, step, &step->is->at, "there are %zu such %s", count,
			    what);
	return STEP_WAITS;
}

/* phases --------------------------------------------------------------------------------------- */

/* Whether the message belongs to a call that WHO began: From says so. */
static bool is_of(struct play *play, const struct trace_message *message,
		  const struct script_who *who)
{
	const char *from = view_field(&message->view, "From", 0);
	const char *user = from ? view_part(from, "user", 0, &play->scratch) : NULL;
	const char *wanted = who->extension ? who->extension
			     : who->player  ? who->player->name
					    : NULL;

	return !wanted || (user && strcmp(user, wanted) == 0);
}

static enum step_outcome poll_phases(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;
	const char *seen = "", *wanted = "";

	for (size_t i = 0; i < play->trace.count; i++) {
		const struct trace_message *message = play->trace.messages[i];

		if (message->phase && is_of(play, message, &is->peer))
			seen = arena_printf(&play->scratch, "%s%s%s", seen,
					    *seen ? " " : "", message->phase);
	}
	for (size_t i = 0; i < is->word_count; i++)
		wanted = arena_printf(&play->scratch, "%s%s%s", wanted,
				      *wanted ? " " : "", is->words[i]);
	if (strcmp(seen, wanted) == 0)
		return STEP_DONE;
	step_misfit(play, step, &is->at, "the phases are %s", *seen ? seen : "none");
	return STEP_WAITS;
}

/* journal ---------------------------------------------------------------------------------------- */

static const char *event_key(void *context, const char *name)
{
	return diary_value(context, name);
}

static bool is_event(struct play *play, struct step *step,
		     const struct diary_event *event)
{
	const struct script_step *is = step->is;
	struct match_names names = play_names(play);
	struct match_subject subject = { .key = event_key };
	const struct script_detail *wrong;
	struct fault fault;

	for (size_t i = 0; i < is->pair_count; i++) {
		const char *value = diary_value(event, is->pairs[i].key);
		const char *wanted = play_text(play, is, &is->pairs[i].value);

		if (!value || !wanted || strcmp(value, wanted) != 0)
			return false;
	}
	subject.context = (void *)(uintptr_t)event;
	return match_details(is->details, is->detail_count, &subject, &names, &wrong,
			     &fault);
}

static enum step_outcome poll_journal(struct play *play, struct step *step)
{
	size_t count = 0;

	diary_read(play->diary);
	for (size_t i = 0; i < diary_count(play->diary); i++)
		count += is_event(play, step, diary_event(play->diary, i));
	return count_fits(play, step, count, "events");
}

static enum step_outcome poll_finding(struct play *play, struct step *step)
{
	const char *name = play_text(play, step->is, &step->is->object);

	finding_read(play);
	return name ? count_fits(play, step, finding_count(play, name), "findings")
		    : STEP_FAILED;
}

/* CM ------------------------------------------------------------------------------------------------- */

static bool is_initial(struct play *play, const struct view *view)
{
	const char *to = view_field(view, "To", 0);

	return !to || !view_part(to, "tag", 0, &play->scratch);
}

static bool is_cm_message(struct play *play, struct step *step,
			  const struct trace_message *message)
{
	const struct script_step *is = step->is;
	const struct view *view = &message->view;
	struct match_names names = play_names(play);
	struct match_subject subject = { .message = view };
	const struct script_detail *wrong;
	struct fault fault = { "" };

	if (message->is_heard != (is->kind == SCRIPT_EXPECT_CM_HEARD) ||
	    view->status != (int)is->message.code ||
	    (is->message.method && strcmp(view->method, is->message.method) != 0))
		return false;
	if (!view->status && strcmp(view->method, "INVITE") == 0 &&
	    !is_initial(play, view))
		return false;
	if (match_details(is->details, is->detail_count, &subject, &names, &wrong,
			  &fault))
		return true;
	step_misfit(play, step, &wrong->at, "%s", fault.text);
	return false;
}

static enum step_outcome poll_cm(struct play *play, struct step *step)
{
	const struct script_terms *terms = &step->is->terms;
	struct trace *trace = &play->trace;
	bool counts = terms->has_count || terms->is_none;
	size_t count = 0;

	for (size_t i = counts ? 0 : trace->found; i < trace->count; i++) {
		if (!is_cm_message(play, step, trace->messages[i]))
			continue;
		count++;
		if (!counts) {
			trace->found = i + 1;
			return STEP_DONE;
		}
	}
	return count_fits(play, step, count, "messages at CM");
}

/* Lamps and the rest ------------------------------------------------------------------------------- */

static enum step_outcome poll_states(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;
	struct phone *phone = play_who(play, &is->who, 0);
	const char *extension = is->kind == SCRIPT_EXPECT_SEES
					? play_text(play, is, &is->object)
					: phone_user(phone);
	const struct lamp *lamp = lamp_find(phone, extension);
	size_t wanted = 0, i = 0;
	const char *seen = "";

	if (!lamp)
		return play_fail(play, &is->at, "%s does not watch %s", phone_name(phone),
				 extension);
	for (; i < lamp_count(lamp); i++)
		seen = arena_printf(&play->scratch, "%s %s", seen,
				    lamp_state(lamp, i)->name);
	for (i = 0; wanted < is->state_count; wanted++) {
		if (i < lamp_count(lamp) &&
		    strcmp(lamp_state(lamp, i)->name, is->states[wanted].name) == 0)
			i++;
		else if (!is->states[wanted].may_miss)
			break;
	}
	if (wanted == is->state_count && i == lamp_count(lamp))
		return STEP_DONE;
	step_misfit(play, step, &is->at, "the lamp has shown%s",
		    *seen ? seen : " nothing");
	return STEP_WAITS;
}

static enum step_outcome poll_sql(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;
	const char *query = play_text(play, is, &is->object);
	const char *wanted = play_text(play, is, &is->value), *value;
	struct fault fault = { "" };

	if (!query || !wanted)
		return STEP_FAILED;
	if (office_ask(play->database, query, &play->scratch, &value, &fault) < 0)
		return play_fail(play, &is->at, "%s", fault.text);
	if (strcmp(value, wanted) == 0)
		return STEP_DONE;
	step_misfit(play, step, &is->at, "the database says \"%.100s\"", value);
	return STEP_WAITS;
}

static enum step_outcome poll_idle(struct play *play, struct step *step)
{
	struct phone *phone;

	for (size_t i = 0; (phone = play_who(play, &step->is->who, i)); i++)
		if (!phone_is_idle(phone, step->is->who.appearance)) {
			step_misfit(play, step, &step->is->at, "%s is not idle: %s",
				    phone_name(phone), phone_what_is_left(phone));
			return STEP_WAITS;
		}
	return STEP_DONE;
}

static enum step_outcome poll_exit(struct play *play, struct step *step)
{
	if (!play->daemon_has_ended)
		return STEP_WAITS;
	if (play->daemon_status == (int)step->is->number)
		return STEP_DONE;
	return play_fail(play, &step->is->at, "halfcalld ended with %d",
			 play->daemon_status);
}

static enum step_outcome poll_fact(struct play *play, struct step *step)
{
	switch ((int)step->is->kind) {
	case SCRIPT_EXPECT_PHASES:
		return poll_phases(play, step);
	case SCRIPT_EXPECT_JOURNAL:
		return poll_journal(play, step);
	case SCRIPT_EXPECT_FINDING:
		return poll_finding(play, step);
	case SCRIPT_EXPECT_SQL:
		return poll_sql(play, step);
	case SCRIPT_EXPECT_SHOWS:
	case SCRIPT_EXPECT_SEES:
		return poll_states(play, step);
	case SCRIPT_EXPECT_IDLE:
		return poll_idle(play, step);
	case SCRIPT_EXPECT_EXIT:
		return poll_exit(play, step);
	default:
		return poll_cm(play, step);
	}
}

enum step_outcome expect_poll(struct play *play, struct step *step)
{
	trace_read(&play->trace);
	if (wants_quiet(step->is) && !step_is_quiet(play, QUIET_MS)) {
		if (step->until_us < lab_last_us(play->lab) + QUIET_MS * 1000)
			step->until_us = lab_last_us(play->lab) + QUIET_MS * 1000;
		return STEP_WAITS;
	}
	return poll_fact(play, step);
}
