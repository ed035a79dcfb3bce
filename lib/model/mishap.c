/* SPDX-License-Identifier: MIT */
#include "model/mishap.h"

#include <stddef.h>
#include <string.h>

static const char *const names[] = {
	[MISHAP_NONE] = NULL,
	[MISHAP_SILENT] = "silent",
	[MISHAP_DELAY] = "delay",
	[MISHAP_ANSWER] = "answer",
	[MISHAP_RING_THEN] = "ring-then",
	[MISHAP_DROP] = "drop",
	[MISHAP_DUPLICATE] = "duplicate",
	[MISHAP_WRONG_PHASE] = "wrong-phase",
	[MISHAP_NO_PHASE] = "no-phase",
	[MISHAP_LOSE_HEADER] = "lose-header",
	[MISHAP_MALFORMED] = "malformed",
	[MISHAP_STALE_ETAG] = "stale-etag",
	[MISHAP_LATE_CANCEL] = "late-cancel",
	[MISHAP_HURRY] = "hurry",
};

const char *mishap_name(enum mishap_action action)
{
	return names[action];
}

enum mishap_action mishap_by_name(const char *name)
{
	for (size_t i = 1; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return (enum mishap_action)i;
	return MISHAP_NONE;
}

enum mishap_side mishap_side_of(enum mishap_action action)
{
	if (action == MISHAP_HURRY)
		return MISHAP_TIMER;
	return action < MISHAP_DROP ? MISHAP_CAME : MISHAP_SENT;
}
