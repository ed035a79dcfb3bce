/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How a decision came about, for halfcall explain: every row that was read or looked for,
 * and every rule that was applied, in order.  A pointer to the trace is in the facts;
 * NULL = not wanted.
 */
#include "base/arena.h"

#include <stdbool.h>

enum trace_kind {
	TRACE_ROW,		/* `subject` is a table */
	TRACE_RULE,		/* `subject` is a rule */
};

struct trace_step {
	struct trace_step *next;
	enum trace_kind kind;
	const char *subject;
	const char *about;	/* ROW: the key looked for; RULE: calling and called number */
	bool is_hit;		/* ROW: it exists; RULE: it decided */
	const char *text;	/* ROW: its columns; RULE: its sentence; "" = none */
};

/** Text is in the arena; clear it only together with that. */
struct trace {
	struct arena *arena;
	struct trace_step *first, *last;
};

/** Copies all text. */
void trace_note(struct trace *trace, const struct trace_step *step);
