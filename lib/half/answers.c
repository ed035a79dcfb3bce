/* SPDX-License-Identifier: MIT */
#include "half/answers.h"

#include "base/arena.h"

#include <strings.h>

/* The answer with TAG, added if it is new; NULL = ANSWERS_MAX are in use. */
static struct answer *answer_get(struct answers *answers, struct arena *arena,
				 const char *tag)
{
	struct answer *answer = answers->answer;

	for (; answer < answers->answer + answers->count; answer++)
		if (strcasecmp(answer->tag, tag) == 0)
			return answer;
	if (answers->count == ANSWERS_MAX)
		return NULL;
	answer->tag = arena_strdup(arena, tag);
	answers->count++;
	return answer;
}

void answers_add(struct answers *answers, struct arena *arena, const char *tag)
{
	/* An answer that has ended stays ended: its BYE may arrive before the ACK. */
	if (tag)
		answer_get(answers, arena, tag);
}

bool answers_end(struct answers *answers, struct arena *arena, const char *tag)
{
	struct answer *answer = tag ? answer_get(answers, arena, tag) : NULL;

	if (answer)
		answer->is_over = true;
	for (answer = answers->answer; answer < answers->answer + answers->count;
	     answer++)
		if (!answer->is_over)
			return false;
	return true;
}
