/* SPDX-License-Identifier: MIT */
#pragma once
/* The type of a reservation's table, shared by the files that run, check and draw it. */
#include "base/machine.h"
#include "line/line.h"

struct line_table {
	const struct machine_row *rows;		/* the first that fits wins */
	size_t count;
	bool is_timed[LINE_STATES];		/* by the reservation's time */
};

/** The table of a reservation, and how it is run (base/machine.h). */
extern const struct line_table line_table;
extern const struct machine_kind line_kind;

/** line_table_check() for any table. */
unsigned line_table_check_any(const struct line_table *table, FILE *out);
