/* SPDX-License-Identifier: MIT */
#pragma once
/* The shape of a reservation's table, for those who run it, check it and draw it. */
#include "line/line.h"

#include <stddef.h>

struct line_row {
	enum line_state in;
	enum line_on on;
	bool (*guard)(const struct line *line);	/* a question; changes nothing */
	int (*deed)(struct line *line);		/* 0 or -errno; acts through the port */
	enum line_state go_to;
	const char *guard_name, *deed_name;
};

struct line_table {
	const struct line_row *rows;		/* the first that fits wins */
	size_t count;
	bool is_timed[LINE_STATES];		/* by the reservation's time */
};

extern const struct line_table line_table;

/** The guard that always holds. */
bool line_if_always(const struct line *line);

/** line_table_check() for any table. */
unsigned line_table_check_any(const struct line_table *table, FILE *out);
