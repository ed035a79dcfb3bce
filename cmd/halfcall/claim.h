/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One thing that must be so, a step `expect ...` of a script, held against what the daemon
 * remembers.
 */
#include "base/arena.h"
#include "base/fault.h"
#include "halfcall/evidence.h"
#include "script/case.h"

#include <stdio.h>

/** What is known while claims are looked at one after the other. */
struct claim_memory {
	struct arena arena;
	struct claim_name *names;	/* captured by `as` */
	size_t found;			/* messages up to the last one a `cm` line found */
};

/** Whether a step of this kind can be looked at here. */
bool claim_is_known(const struct script_step *step);

/** Whether it is about messages. */
bool claim_wants_messages(const struct script_step *step);

/** Whether a later event or message could make it false. */
bool claim_may_change(const struct script_step *step);

/**
 * Whether it holds.  If not, WHY says how it differs.  -errno and a sentence in WHY: that cannot be
 * told.
 */
int claim_holds(const struct script_step *step, const struct evidence *evidence,
		struct claim_memory *memory, struct fault *why);

/** The events that come nearest to it, or that are too many, key by key. */
void claim_print_nearest(const struct script_step *step, const struct evidence *evidence,
			 const struct claim_memory *memory, FILE *out);

void claim_clear(struct claim_memory *memory);
