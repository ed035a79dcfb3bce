/* SPDX-License-Identifier: MIT */
#pragma once
/* The type of a publication's table, shared by the files that run, check and draw it. */
#include "base/machine.h"
#include "publish/publication.h"

/** `go_to` of a row that keeps state and timer; entering a state restarts its timer. */
enum { PUBLISH_STAY = PUBLISH_STATES };

enum publish_timer {
	PUBLISH_TIMER_NONE,
	PUBLISH_TIMER_DUE,		/* the next refresh or the end of lingering, whichever is sooner */
	PUBLISH_TIMER_BACK_OFF,
};

struct publish_table {
	const struct machine_row *rows;	/* the first that fits wins */
	size_t count;
	enum publish_timer timers[PUBLISH_STATES];
	bool is_flying[PUBLISH_STATES];	/* a request is in flight: every answer has a row */
};

/** The table of a publication, and how it is run (base/machine.h). */
extern const struct publish_table publish_table;
extern const struct machine_kind publish_kind;

/** publish_table_check() for any table. */
unsigned publish_table_check_any(const struct publish_table *table, FILE *out);
