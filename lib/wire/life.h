/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the four tables of RFC 3261 section 17 share: the timers of their states, and what must
 * be true of such a table besides what is said of any.
 */
#include "base/machine.h"

/** What is set when a state is entered from another. */
struct life_state {
	const char *name;
	unsigned again_ms, again_max_ms;	/* first time of AGAIN, doubled up to; 0 = none */
	unsigned expires_ms;		/* of EXPIRED; 0 = none */
	bool is_short;			/* over streams nothing is waited for: EXPIRED at once */
	bool is_again_on_streams;	/* AGAIN comes over streams, too */
	const char *timers;		/* their letters, for the picture; NULL = none */
};

/** A table and its timers. */
struct life {
	struct machine_kind kind;
	const struct life_state *states;
	unsigned again, expired;	/* events */
};

/** What is wrong with the table: a line each in OUT.  The number of findings. */
unsigned life_check(const struct life *life, FILE *out);
