/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What somebody who mistyped a name may have meant: of the names offered the one that takes
 * the fewest changes of a letter, if at most a third of its letters are wrong.
 */
#include <stddef.h>

struct nearest {
	const char *meant;	/* what was written; borrowed */
	const char *name;	/* the best offer so far, not terminated; NULL = none */
	size_t length;		/* of the best offer */
	unsigned far;		/* changes it takes */
};

/** Ready for offers to MEANT, which is borrowed. */
struct nearest nearest_to(const char *meant);

/** LENGTH bytes at NAME, borrowed, are one of the names there are.  Case does not count. */
void nearest_offer(struct nearest *nearest, const char *name, size_t length);
