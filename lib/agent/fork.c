/* SPDX-License-Identifier: MIT */
#include "agent/fork.h"

#include "base/arena.h"

#include <strings.h>

/* The fork of TAG, a new one where there is room; NULL = none. */
static struct fork *fork_get(struct forks *forks, struct arena *arena, const char *tag)
{
	struct fork *fork = forks->fork;

	for (; fork < forks->fork + forks->count; fork++)
		if (strcasecmp(fork->tag, tag) == 0)
			return fork;
	if (forks->count == FORKS_MAX)
		return NULL;
	fork->tag = arena_strdup(arena, tag);
	forks->count++;
	return fork;
}

void fork_answered(struct forks *forks, struct arena *arena, const char *tag)
{
	/* One that is over stays so: its BYE may have overtaken the ACK. */
	if (tag)
		fork_get(forks, arena, tag);
}

bool fork_over(struct forks *forks, struct arena *arena, const char *tag)
{
	struct fork *fork = tag ? fork_get(forks, arena, tag) : NULL;

	if (fork)
		fork->is_over = true;
	for (fork = forks->fork; fork < forks->fork + forks->count; fork++)
		if (!fork->is_over)
			return false;
	return true;
}
