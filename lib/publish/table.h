/* SPDX-License-Identifier: MIT */
#pragma once
/* The shape of a publication's table, for those who run it, check it and draw it. */
#include "base/machine.h"
#include "publish/publication.h"

/** Goal of a row that leaves state and timer alone; going to a state starts its timer. */
enum { PUBLISH_STAY = PUBLISH_STATES };

enum publish_timer {
	PUBLISH_TIMER_NONE,
	PUBLISH_TIMER_DUE,		/* refreshing or the end of lingering, what comes first */
	PUBLISH_TIMER_BACK_OFF,
};

struct publish_table {
	const struct machine_row *rows;	/* the first that fits wins */
	size_t count;
	enum publish_timer timers[PUBLISH_STATES];
	bool is_flying[PUBLISH_STATES];	/* a request is in flight: every answer has a row */
};

/** The table a publication lives by, and what runs it. */
extern const struct publish_table publish_table;
extern const struct machine_kind publish_kind;

/** publish_table_check() for any table. */
unsigned publish_table_check_any(const struct publish_table *table, FILE *out);
