/* SPDX-License-Identifier: MIT */
#include "run/sequence.h"

#include "base/memory.h"
#include "run/step.h"
#include "wire/loop.h"

#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 2000, CASE_MS = 60000, ROUND_MS = 10 };
enum { SETTLED_MS = 30, SETTLING_MS = 300 };

/* One line ------------------------------------------------------------------------------------- */

enum family { PERFORM, AWAIT, EXPECT, BACKSTAGE };

static enum family family_of(enum script_kind kind)
{
	if (kind <= SCRIPT_FORGETS)
		return PERFORM;
	if (kind <= SCRIPT_WAIT)
		return AWAIT;
	if (kind >= SCRIPT_EXPECT_PHASES && kind <= SCRIPT_EXPECT_CM_SENT)
		return EXPECT;
	return BACKSTAGE;
}

static enum step_outcome begin(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;
	unsigned ms = is->terms.has_within ? is->terms.within_ms : PATIENCE_MS;

	step->phone = is->who.player ? play_phone(play, is->who.player) : NULL;
	step->began_us = play->line_us;
	step->until_us = play->line_us + play_patience_us(play, ms);
	if (is->kind == SCRIPT_WAIT)
		step->until_us = play_now_us(play) + (int64_t)is->number * 1000;
	step->heard = lab_heard(play->lab);
	switch (family_of(is->kind)) {
	case PERFORM:
		return perform_begin(play, step);
	case BACKSTAGE:
		return backstage_begin(play, step);
	case AWAIT:
	case EXPECT:
		break;
	}
	return STEP_WAITS;
}

static enum step_outcome poll(struct play *play, struct step *step)
{
	switch (family_of(step->is->kind)) {
	case PERFORM:
		return perform_poll(play, step);
	case AWAIT:
		return await_poll(play, step);
	case EXPECT:
		return expect_poll(play, step);
	case BACKSTAGE:
		break;
	}
	return backstage_poll(play, step);
}

static int fail_late(struct play *play, const struct step *step)
{
	if (step->why)
		return play_fail(play, step->at ? step->at : &step->is->at, "%s",
				 step->why);
	return play_fail(play, &step->is->at, "%s did not come to it in time: %s",
			 play_who_text(play, &step->is->who),
			 step->is->at.text + strspn(step->is->at.text, " \t"));
}

/* Several lines at once ------------------------------------------------------------------------ */

struct group {
	struct step *steps;
	size_t count, open;
};

/* Polls all once; whether one of them got on.  -1 = failed. */
static int poll_all(struct play *play, struct group *group, struct step **misfit)
{
	int moved = 0;

	*misfit = NULL;
	for (size_t i = 0; i < group->count; i++) {
		struct step *step = &group->steps[i];
		unsigned taken = step->taken;
		int stage = step->stage;
		enum step_outcome outcome;

		if (step->is_done)
			continue;
		step->why = NULL;
		outcome = poll(play, step);
		if (outcome == STEP_FAILED)
			return -1;
		if (outcome == STEP_DONE) {
			step->is_done = true;
			group->open--;
		}
		if (outcome == STEP_MISFIT && !*misfit)
			*misfit = step;
		moved |= outcome == STEP_DONE || taken != step->taken ||
			 stage != step->stage;
	}
	return moved;
}

static int64_t next_deadline(const struct group *group, struct step **late)
{
	int64_t until_us = INT64_MAX;

	*late = NULL;
	for (size_t i = 0; i < group->count; i++)
		if (!group->steps[i].is_done && group->steps[i].until_us < until_us) {
			until_us = group->steps[i].until_us;
			*late = &group->steps[i];
		}
	return until_us;
}

static int64_t case_end_us(const struct play *play)
{
	unsigned ms = play->kase->limit_ms ? play->kase->limit_ms : CASE_MS;

	return play->began_us + play_patience_us(play, ms);
}

static int wait_for_all(struct play *play, struct group *group)
{
	struct step *misfit, *late;
	int64_t until_us;
	int moved;

	while (group->open) {
		moved = poll_all(play, group, &misfit);
		if (moved < 0 || play->is_failed)
			return -1;
		if (moved)
			continue;
		if (misfit)
			return play_fail(play, misfit->at, "%s", misfit->why);
		until_us = next_deadline(group, &late);
		if (late && play_now_us(play) >= until_us)
			return fail_late(play, late);
		if (play_now_us(play) >= case_end_us(play))
			return play_fail(play, late ? &late->is->at : NULL,
					 "the case takes longer than its limit");
		play_step(play, ROUND_MS);
	}
	return 0;
}

/* What is under way arrives before the next act is sent: an act that would cross it could hide
 * that no line waits for it. */
static void settle(struct play *play, const struct script_step *is)
{
	int64_t until_us = play_now_us(play) + SETTLING_MS * 1000;

	while (family_of(is->kind) == PERFORM && !play->is_failed &&
	       !step_is_quiet(play, SETTLED_MS) && play_now_us(play) < until_us)
		play_step(play, 5);
}

static int play_group(struct play *play, const struct script_step *first, size_t count)
{
	struct group group = { .count = count, .open = count };
	int rc = 0;

	settle(play, first);
	group.steps = memory_new(count * sizeof *group.steps);
	for (size_t i = 0; i < count && rc == 0; i++) {
		enum step_outcome outcome;

		group.steps[i].is = &first[i];
		outcome = begin(play, &group.steps[i]);
		if (outcome == STEP_FAILED)
			rc = -1;
		if (outcome == STEP_DONE) {
			group.steps[i].is_done = true;
			group.open--;
		}
	}
	if (rc == 0)
		rc = wait_for_all(play, &group);
	free(group.steps);
	arena_clear(&play->scratch);
	play->line_us = play_now_us(play);
	return play->is_failed ? -1 : rc;
}

int sequence_play(struct play *play)
{
	const struct script_case *kase = play->kase;

	for (size_t i = 0, count; i < kase->step_count; i += count) {
		unsigned group = kase->steps[i].group;

		count = 1;
		while (group && i + count < kase->step_count &&
		       kase->steps[i + count].group == group)
			count++;
		if (play_group(play, &kase->steps[i], count) < 0)
			return -1;
	}
	return 0;
}
