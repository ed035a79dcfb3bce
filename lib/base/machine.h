/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A state machine written as a table: in this state, on this event, if this guard holds,
 * do this, and go there; the first row that fits wins.  Each room has its own type of row
 * and runs it; here are the checks that apply to every such table, and its picture.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** One row, without what it does. */
struct machine_row {
	unsigned in, on;
	unsigned go_to;			/* a state; the number of states = it stays */
	const char *guard_name, *deed_name;
	void (*guard)(void);		/* for comparing only */
	bool is_always;			/* the guard always holds */
};

enum { MACHINE_STATES_MAX = 32 };

/** A table, borrowed. */
struct machine {
	const char *name;
	const void *table;
	size_t count;			/* of rows */
	unsigned states;		/* at most MACHINE_STATES_MAX; the first is where it begins */
	struct machine_row (*row)(const void *table, size_t i);
	const char *(*state_name)(unsigned state);
	const char *(*on_name)(unsigned on);
	/** Text below the state's name in the picture, e.g. its timer; NULL = none. */
	const char *(*state_note)(const void *table, unsigned state);
};

/** Whether there is any row for ON in STATE, and one that always fits. */
bool machine_has_row(const struct machine *machine, unsigned state, unsigned on);
bool machine_has_always(const struct machine *machine, unsigned state, unsigned on);

/** Writes one finding as a line to OUT.  Returns 1, to be added up. */
unsigned machine_find(FILE *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * States that no row leads to, and those from which none of the states RESTS can be
 * reached (an array by state), called REST in the finding.  The number of findings.
 */
unsigned machine_check_ways(const struct machine *machine, const bool *rests,
			    const char *rest, FILE *out);

/** Rows that can never be run, because one before them fits whenever they do. */
unsigned machine_check_hidden(const struct machine *machine, FILE *out);

/**
 * The table as Graphviz: a node a state, an edge a row, in the table's order, so the same
 * table always gives the same text.  Rows that stay are dotted.
 */
void machine_dot(const struct machine *machine, FILE *out);
