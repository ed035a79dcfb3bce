/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A state machine written as a table: in this state, on this event, if this guard holds,
 * do this, and go there; the first row that fits wins.  This file runs such tables,
 * checks them for gaps, and draws them.  Each room has its own rows, guards and deeds.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** A guard or a deed of some room: `bool (*)(const struct thing *)` or `int (*)(struct
 * thing *)`,  which its machine_kind calls with the thing. */
typedef void machine_f(void);

struct machine_row {
	uint8_t in, on;
	uint8_t go_to;			/* a state; the number of states = it stays */
	machine_f *guard;		/* a question; changes nothing */
	machine_f *deed;		/* 0 or -errno; acts, and never assigns the state */
	const char *guard_name, *deed_name;
};

/** FUNCTION, which must have the type FROM, for a row. */
#define MACHINE_F(from, function) _Generic((function), from : (machine_f *)(function))

enum { MACHINE_STATES_MAX = 32 };

/** A constant table and the functions to run it. `self` is the object that embeds a
 *  struct machine. */
struct machine_kind {
	const char *name;
	const struct machine_row *rows;	/* grouped by state */
	size_t count;			/* of rows */
	uint8_t states;			/* at most MACHINE_STATES_MAX; the first is where it begins */
	uint8_t end;			/* the last state; the number of states = there is none */
	uint8_t broken;			/* the event that a deed failed */
	size_t life;			/* offset of the struct machine in self */
	size_t event_size;		/* events raised meanwhile are copied; 0 = kept as pointers */
	machine_f *always;		/* the guard that always holds: it is not called */

	bool (*holds)(machine_f *guard, const void *self);
	int (*act)(machine_f *deed, void *self);
	/**
	 * Called before EVENT is handled, finish() after it, so that guards and deeds can
	 * read the event.  When ON is `broken`, EVENT is the one whose deed failed, or
	 * NULL.  Both functions may be NULL.
	 */
	void (*begin)(void *self, unsigned on, const void *event);
	void (*finish)(void *self);
	/** A state was entered: restarts its timer, or stops it. */
	void (*arm)(void *self);
	/** The last state was entered; its owner frees it later.  NULL where `end` is
	 * none. */
	void (*ended)(void *self);
	/** EVENT is lost: too many were raised at once.  NULL = that cannot happen. */
	void (*lose)(void *self, unsigned on, const void *event);

	const char *(*state_name)(unsigned state);
	const char *(*on_name)(unsigned on);
	/** Text below the state's name in the picture, e.g. its timer; NULL = none. */
	const char *(*state_note)(unsigned state);
};

struct machine_turn;

/** The state of one machine; zero = not begun.  Only machine_handle() assigns to it. */
struct machine {
	struct machine_turn *turn;	/* on the stack; NULL outside machine_handle() */
	uint16_t first;			/* row of the state; 0 = look for it */
	uint8_t state;
};

/**
 * Handles the event ON; EVENT is the room's own data (may be NULL).  Runs the first row
 * that fits; an event without a row is ignored.  Events raised meanwhile are handled
 * after it, in order, up to four; with more the machine is broken.
 *
 * A deed that fails leaves the state as it was: the row's goal is not entered, and the
 * event `broken` is handled there at once, before anything raised meanwhile.  When that
 * fails too, it ends.
 */
void machine_handle(const struct machine_kind *kind, void *self, unsigned on,
		    const void *event);

/** The row being run; NULL = none. */
const struct machine_row *machine_row(const struct machine *life);

/** Whether there is any row for ON in STATE, and one that always fits. */
bool machine_has_row(const struct machine_kind *kind, unsigned state, unsigned on);
bool machine_has_always(const struct machine_kind *kind, unsigned state, unsigned on);

/** Writes one finding as a line to OUT.  Returns 1, to be added up. */
unsigned machine_find(FILE *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * States that no row leads to, and those from which none of the states RESTS can be
 * reached (an array by state), called REST in the finding.  The number of findings.
 */
unsigned machine_check_ways(const struct machine_kind *kind, const bool *rests,
			    const char *rest, FILE *out);

/** Rows that can never run, because one before them always fits, or because they are not
 * among  the rows of their state. */
unsigned machine_check_hidden(const struct machine_kind *kind, FILE *out);

/**
 * Writes the table as Graphviz: one node per state and one edge per row, in the table's
 * order, so that the same table always gives the same text. Rows that keep the state are
 * dotted.
 */
void machine_dot(const struct machine_kind *kind, FILE *out);
