/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The one place where messages that pass are handed on: to each looker, while there is one.  The
 * wire is asked for them only then, so that otherwise they cost nothing.
 */
#include "base/list.h"

struct agent;
struct wire_frame;

struct sight {
	struct list lookers;
	struct agent *agent;		/* borrowed; NULL = not yet there */
};

/** Embedded in its owner, who keeps it until sight_leave(). */
struct sight_looker {
	struct list node;
	void (*seen)(void *context, const struct wire_frame *frame);
	void *context;
};

void sight_init(struct sight *sight);

/** The agent is there. */
void sight_open(struct sight *sight, struct agent *agent);

/** LOOKER sees what passes from now on; it is in no list. */
void sight_join(struct sight *sight, struct sight_looker *looker);

/** One that looks at nothing may leave, too.  Not from inside seen(). */
void sight_leave(struct sight *sight, struct sight_looker *looker);

void sight_seen(const struct sight *sight, const struct wire_frame *frame);
