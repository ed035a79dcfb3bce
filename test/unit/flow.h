/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reads and plays one .flow file against a table of states.  What all tables have in
 * common is here; a flow_kind adds what is special to one.  A line of a flow is one of
 *
 *	# ...			a comment
 *	set broken FUNCTION	that port function fails from here on; its line then ends in
 *				`fails`
 *	set mended FUNCTION	it works again
 *	set notes on		lines for the journal have to be matched too
 *	set timers on		and those of the timer: < arm 20
 *	set WHAT ...		what the kind knows
 *	> EVENT ...		this happens to the machine
 *	< reject 486		this it must do next
 *	~ 20			the state's timer (here: of 20 s) runs out
 *	= RINGING		the state it must be in
 *
 * Everything the machine does must be matched, in order, before the next >, ~, = or end.
 */
#include <stdbool.h>
#include <stdio.h>

enum {
	FLOW_WORDS = 8,
	FLOW_WORD = 32,
	FLOW_LINES = 16,
	FLOW_LINE = 96,
	FLOW_FUNCTIONS = 16
};

struct flow;

/** The functions for one kind of table.  Those that return bool return whether the flow
 *  continues. */
struct flow_kind {
	const char *const *functions;	/* of the port; the last is NULL */
	bool (*set)(struct flow *flow, char *const word[], unsigned words);
	bool (*raise)(struct flow *flow, char *const word[], unsigned words);
	bool (*run_out)(struct flow *flow);
	const char *(*state)(const struct flow *flow);
};

/** The first member of a struct of the test's own; all zero except kind, name and
 *  fault. */
struct flow {
	const struct flow_kind *kind;
	const char *name;		/* of the flow, for faults */
	char *fault;			/* 512 bytes: the first fault; "" = none yet */
	unsigned line;
	bool is_broken[FLOW_FUNCTIONS];
	bool has_notes, has_timers;
	unsigned armed_s;
	char done[FLOW_LINES][FLOW_LINE]; /* actions that no line of the flow has
					   * matched yet */
	unsigned first, count;
};

/** Plays TEXT to its end or its first fault. */
void flow_play(struct flow *flow, FILE *text);

/** Records a fault with its place, if it is the first; returns false. */
__attribute__((format(printf, 2, 3))) bool flow_wrong(struct flow *flow,
						      const char *format, ...);

/** Records one action, which a line `<` of the flow must match. */
__attribute__((format(printf, 2, 3))) void flow_write(struct flow *flow,
						      const char *format, ...);

/** Records the action `NAME ARGUMENT`; returns 0, or -EIO if the flow has set that
 *  function broken. */
int flow_act(struct flow *flow, const char *name, const char *argument);
int flow_act_number(struct flow *flow, const char *name, int number);

/** Implements arm of the port: restarts the timer, 0 stops it. */
void flow_arm(struct flow *flow, unsigned seconds);

/** Whether no fault was found so far. */
bool flow_is_good(const struct flow *flow);
