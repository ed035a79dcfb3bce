/* SPDX-License-Identifier: MIT */
/* A whole case, from set-up to verdict. */
#include "run/play.h"
#include "run/sequence.h"

static void play_it(struct play *play)
{
	play->began_us = play->line_us = play_now_us(play);
	if (sequence_play(play) == 0)
		ending_judge(play);
}

static enum run_verdict verdict_of(const struct play *play)
{
	if (play->is_broken)
		return RUN_BROKEN;
	if (play->is_failed)
		return play->kase->known ? RUN_KNOWN : RUN_FAILED;
	return play->kase->known ? RUN_FIXED : RUN_PASSED;
}

void run_case(const struct script_case *kase, const struct run_settings *settings,
	      struct run_result *result)
{
	struct play play = { .kase = kase, .settings = settings };
	int64_t began_us;

	*result = (struct run_result){ .drawing = "" };
	list_init(&play.captures);
	list_init(&play.allowances);
	list_init(&play.rules);
	list_init(&play.cursors);
	list_init(&play.findings);
	if (scene_open(&play) == 0)
		play_it(&play);
	began_us = play.began_us ? play.began_us : play_now_us(&play);
	result->seconds = (double)(play_now_us(&play) - began_us) / 1e6;
	result->verdict = verdict_of(&play);
	result->at = play.failed_at;
	result->sentence = arena_strdup(&result->arena, play.sentence);
	if (play.is_failed)
		result->drawing = drawing_make(&play, &result->arena);
	if (result->verdict == RUN_FIXED)
		result->sentence =
			arena_printf(&result->arena,
				     "it is known to fail (%s), and passed", kase->known);
	scene_close(&play);
	arena_clear(&play.scratch);
	arena_clear(&play.arena);
}
