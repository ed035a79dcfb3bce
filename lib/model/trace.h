/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How a decision came about: every row that was read or looked for, and every rule that was
 * asked, in order.  Whoever decides is handed a trace in the facts and notes its steps; NULL
 * means that nobody wants to know.
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
	const char *about;	/* the key looked for; who reaches for what number */
	bool is_hit;		/* there is such a row; the rule decided */
	const char *text;	/* the columns; what the rule said; "" = nothing */
};

/** Text is in the arena; clear it only together with that. */
struct trace {
	struct arena *arena;
	struct trace_step *first, *last;
};

/** Copies all text. */
void trace_note(struct trace *trace, const struct trace_step *step);
