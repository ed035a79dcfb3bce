/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Shared by the four tables of RFC 3261 section 17: the timers of their states, and
 * checks of such a table in addition to those of base/machine.h.
 */
#include "base/machine.h"

/** The timers that are set when a state is entered. */
struct life_state {
	const char *name;
	unsigned again_ms, again_max_ms;	/* first time of AGAIN, doubled up to; 0 = none */
	unsigned expires_ms;		/* of EXPIRED; 0 = none */
	bool is_short;			/* over streams the state ends at once with
					 * EXPIRED */
	bool is_again_on_streams;	/* AGAIN comes over streams, too */
	const char *timers;		/* their letters, for the picture; NULL = none */
};

/** A table and its timers. */
struct life {
	struct machine_kind kind;
	const struct life_state *states;
	unsigned again, expired;	/* events */
};

/** Writes each fault of the table as a line to OUT; returns their number. */
unsigned life_check(const struct life *life, FILE *out);
