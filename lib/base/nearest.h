/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Finds the name that a mistyped one probably stands for: of the names offered, the one
 * with the fewest changed letters, if at most a third of its letters are changed.
 */
#include <stddef.h>

struct nearest {
	const char *meant;	/* what was written; borrowed */
	const char *name;	/* the best offer so far, not terminated; NULL = none */
	size_t length;		/* of the best offer */
	unsigned far;		/* number of changed letters of the best offer */
};

/** Begins the search for MEANT, which is borrowed. */
struct nearest nearest_to(const char *meant);

/** Offers LENGTH bytes at NAME (borrowed) as one of the existing names.  Case is
 *  ignored. */
void nearest_offer(struct nearest *nearest, const char *name, size_t length);
