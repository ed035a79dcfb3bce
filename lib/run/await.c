/* SPDX-License-Identifier: MIT */
/* Waits: the oldest message of a queue, lamps, and time. */
#include "base/memory.h"
#include "lab/lamp.h"
#include "run/step.h"

#include <string.h>

enum { STILL_MS = 50, SENT_MAX = 64 };

/* Messages ---------------------------------------------------------------------------------- */

static bool is_message(const struct mail *mail, const struct script_message *message)
{
	if (mail->status != (int)message->code)
		return false;
	return !message->method || strcmp(message->method, mail->method) == 0;
}

/* The bodies that other players sent in messages of the same kind. */
static void find_sent(struct play *play, const struct view *view, const struct mail *mail,
		      struct match_subject *subject)
{
	const char **bodies = arena_alloc(&play->scratch, SENT_MAX * sizeof *bodies);
	size_t count = lab_frame_count(play->lab);

	subject->sent_bodies = bodies;
	for (size_t i = count; i > 0 && subject->sent_count < 1; i--) {
		const struct lab_frame *frame = lab_frame(play->lab, i - 1);
		struct view sent;
		bool is_player = false;

		for (size_t j = 0; j < play->kase->player_count; j++)
			is_player |=
				strcmp(frame->player, play->kase->players[j]->name) == 0;
		if (!frame->is_out || !is_player ||
		    strcmp(frame->player, phone_name(mail->phone)) == 0)
			continue;
		view_read(&sent, frame->bytes, frame->length, &play->scratch);
		if (sent.status == view->status && strcmp(sent.method, view->method) == 0)
			bodies[subject->sent_count++] = sent.body;
	}
}

static bool asks_for_sent(const struct script_step *step)
{
	for (size_t i = 0; i < step->detail_count; i++)
		if (step->details[i].is_as_sent)
			return true;
	return false;
}

bool await_fits_details(struct play *play, struct step *step, const struct mail *mail)
{
	struct match_names names = play_names(play);
	const struct script_detail *wrong;
	struct match_subject subject = { 0 };
	struct fault fault = { "" };
	struct view view;

	view_read(&view, mail->bytes, mail->length, &play->scratch);
	subject.message = &view;
	if (asks_for_sent(step->is))
		find_sent(play, &view, mail, &subject);
	if (match_details(step->is->details, step->is->detail_count, &subject, &names,
			  &wrong, &fault))
		return true;
	step_misfit(play, step, &wrong->at, "%s heard %s: %s", phone_name(mail->phone),
		    step_mail_text(play, mail), fault.text);
	return false;
}

static int64_t age_us(const struct mail *mail)
{
	int64_t taken_us = phone_taken_us(mail->phone);
	int64_t from_us = taken_us > mail->before_us ? taken_us : mail->before_us;

	return mail->at_us - from_us;
}

static bool is_after(struct play *play, struct step *step, const struct mail *mail)
{
	const struct script_terms *terms = &step->is->terms;

	if (!terms->has_after || age_us(mail) >= (int64_t)terms->after_ms * 1000)
		return true;
	step_misfit(play, step, &step->is->at, "%s heard %s after %.3f s already",
		    phone_name(mail->phone), step_mail_text(play, mail),
		    (double)age_us(mail) / 1e6);
	return false;
}

enum step_outcome await_message(struct play *play, struct step *step, struct phone *phone,
				unsigned appearance, const struct script_message *message,
				bool with_details)
{
	struct mail *mail;

	while ((mail = phone_head(phone, appearance))) {
		bool is = is_message(mail, message);

		if (is && (!with_details || (is_after(play, step, mail) &&
					     await_fits_details(play, step, mail)))) {
			phone_take(mail);
			return STEP_DONE;
		}
		if (!ending_allows(play, mail))
			return is ? STEP_MISFIT
				  : step_misfit(play, step, &step->is->at,
						"%s should hear %s, and heard %s",
						phone_name(phone),
						step_message_text(play, message),
						step_mail_text(play, mail));
		phone_take(mail);
	}
	return STEP_WAITS;
}

/* Of several phones any that has it at its head. */
static enum step_outcome take_one(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;
	enum step_outcome outcome = STEP_WAITS;
	struct phone *phone;

	for (size_t i = 0; (phone = play_who(play, &is->who, i)); i++) {
		outcome = await_message(play, step, phone, is->who.appearance,
					&is->message, true);
		if (outcome == STEP_DONE || is->who.player)
			return outcome;
	}
	return STEP_WAITS;
}

/* none: it must not come until the deadline. */
static enum step_outcome poll_none(struct play *play, struct step *step)
{
	enum step_outcome outcome = take_one(play, step);

	if (outcome == STEP_DONE)
		return play_fail(play, &step->is->at, "%s should not hear %s, and did",
				 play_who_text(play, &step->is->who),
				 step_message_text(play, &step->is->message));
	return play_now_us(play) >= step->until_us ? STEP_DONE : STEP_WAITS;
}

static enum step_outcome poll_hears(struct play *play, struct step *step)
{
	const struct script_terms *terms = &step->is->terms;
	const struct script_range once = { 1, 1 };
	const struct script_range *range = terms->has_count ? &terms->count : &once;
	enum step_outcome outcome = STEP_DONE;

	if (terms->is_none || !range->most)
		return poll_none(play, step);
	while (outcome == STEP_DONE && step->taken < range->most) {
		outcome = take_one(play, step);
		step->taken += outcome == STEP_DONE;
	}
	return step->taken >= range->least ? STEP_DONE : outcome;
}

/* What holds -------------------------------------------------------------------------------------- */

static bool is_talking(struct play *play, const struct script_step *is)
{
	struct phone *one, *other;

	for (size_t i = 0; (one = play_who(play, &is->who, i)); i++)
		for (size_t j = 0; (other = play_who(play, &is->peer, j)); j++)
			if (phone_is_talking(one, is->who.appearance, other,
					     is->peer.appearance))
				return true;
	return false;
}

static bool is_idle(struct play *play, const struct script_step *is)
{
	struct phone *phone;

	for (size_t i = 0; (phone = play_who(play, &is->who, i)); i++)
		if (!phone_is_idle(phone, is->who.appearance))
			return false;
	return true;
}

/* It is so, and still a little later. */
static enum step_outcome holds(struct play *play, struct step *step, bool is_so)
{
	int64_t now_us = play_now_us(play);

	if (!is_so)
		step->held_us = 0;
	else if (!step->held_us)
		step->held_us = now_us;
	if (!is_so || now_us - step->held_us >= STILL_MS * 1000)
		return is_so ? STEP_DONE : STEP_WAITS;
	if (step->until_us < step->held_us + STILL_MS * 1000)
		step->until_us = step->held_us + STILL_MS * 1000;
	return STEP_WAITS;
}

static enum step_outcome poll_wait(struct play *play, struct step *step)
{
	if (lab_heard(play->lab) != step->heard)
		return play_fail(play, &step->is->at,
				 "a message came while nothing should");
	return play_now_us(play) >= step->until_us ? STEP_DONE : STEP_WAITS;
}

/* Lamps ---------------------------------------------------------------------------------------------- */

static struct cursor *cursor_of(struct play *play, const struct phone *phone,
				const char *extension)
{
	struct cursor *cursor;

	for (struct list *at = play->cursors.next; at != &play->cursors; at = at->next) {
		cursor = container_of(at, struct cursor, node);
		if (cursor->phone == phone && strcmp(cursor->extension, extension) == 0)
			return cursor;
	}
	cursor = arena_alloc(&play->arena, sizeof *cursor);
	cursor->phone = phone;
	cursor->extension = extension;
	list_append(&play->cursors, &cursor->node);
	return cursor;
}

static const char *state_key(void *context, const char *name)
{
	const struct lamp_state *state = context;

	if (strcmp(name, "event") == 0)
		return state->event;
	if (strcmp(name, "code") == 0)
		return state->code;
	if (strcmp(name, "state") == 0)
		return state->name;
	return strcmp(name, "id") == 0 ? state->id : NULL;
}

static enum step_outcome check_state(struct play *play, struct step *step,
				     const struct lamp_state *state)
{
	struct match_names names = play_names(play);
	struct match_subject subject = { .key = state_key };
	const struct script_detail *wrong;
	struct fault fault = { "" };

	subject.context = (void *)(uintptr_t)state;
	if (match_details(step->is->details, step->is->detail_count, &subject, &names,
			  &wrong, &fault))
		return STEP_DONE;
	return play_fail(play, &wrong->at, "the lamp shows %s: %s", state->name,
			 fault.text);
}

/* Takes states of LAMP from *AT on; where the last one was in *LAST. */
static enum step_outcome take_states(struct play *play, struct step *step,
				     const struct lamp *lamp, size_t *at)
{
	const struct script_step *is = step->is;
	size_t wanted = 0, i = *at;

	while (wanted < is->state_count) {
		const struct script_state *state = &is->states[wanted];

		if (i == lamp_count(lamp))
			break;
		if (strcmp(lamp_state(lamp, i)->name, state->name) == 0) {
			wanted++;
			i++;
		} else if (state->may_miss) {
			wanted++;
		} else if (!wanted) {
			i++;
		} else {
			return step_misfit(play, step, &is->at,
					   "the lamp should show %s, and shows %s",
					   state->name, lamp_state(lamp, i)->name);
		}
	}
	while (wanted < is->state_count && is->states[wanted].may_miss)
		wanted++;
	if (wanted < is->state_count || i == *at)
		return STEP_WAITS;
	*at = i;
	return STEP_DONE;
}

static enum step_outcome poll_lamp(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;
	struct phone *phone = play_who(play, &is->who, 0);
	const char *extension = is->kind == SCRIPT_SEES ? play_text(play, is, &is->object)
							: phone_user(phone);
	struct lamp *lamp = lamp_find(phone, extension);
	struct cursor *cursor;
	enum step_outcome outcome;

	if (!lamp)
		return play_fail(play, &is->at, "%s does not watch %s", phone_name(phone),
				 extension);
	cursor = cursor_of(play, phone, extension);
	outcome = take_states(play, step, lamp, &cursor->taken);
	if (outcome == STEP_DONE)
		return check_state(play, step, lamp_state(lamp, cursor->taken - 1));
	if (outcome == STEP_WAITS && lamp_is_known(lamp) && !lamp_count(lamp) &&
	    is->state_count == 1 && !is->detail_count &&
	    strcmp(is->states[0].name, "terminated") == 0)
		return STEP_DONE;
	return outcome;
}

enum step_outcome await_poll(struct play *play, struct step *step)
{
	switch ((int)step->is->kind) {
	case SCRIPT_HEARS:
		return poll_hears(play, step);
	case SCRIPT_TALKS_TO:
		return holds(play, step, is_talking(play, step->is));
	case SCRIPT_IS_IDLE:
		return holds(play, step, is_idle(play, step->is));
	case SCRIPT_WAIT:
		return poll_wait(play, step);
	default:
		return poll_lamp(play, step);
	}
}
