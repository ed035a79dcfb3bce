/* SPDX-License-Identifier: MIT */
#pragma once
/* Lists of half calls and of line appearances in use, for call list and line list of halfcall(1). */
#include "model/half.h"

#include <stdbool.h>
#include <stdint.h>

struct stock;

/** A half call; text is borrowed until VISIT returns. */
struct visit_call {
	const char *id;			/* of the call, the same in both halves */
	enum half half;
	const char *state;		/* of the table of lib/call, "RINGING" */
	const char *from, *to;		/* numbers */
	const char *proxy;		/* name of the proxy that sent the INVITE */
	int64_t age_ms;			/* since the INVITE arrived */
};

/** A line appearance in use; text is borrowed until VISIT returns. */
struct visit_line {
	const char *extension;
	unsigned appearance;		/* from 1 */
	bool is_reserved;		/* off-hook, nothing dialled; false = in a call */
	const char *call;		/* visit_call.id */
	int64_t age_ms;			/* of the reservation or call */
};

/** Calls VISIT for each half call, the oldest first.  VISIT must not change the stock. */
void visit_calls(const struct stock *stock,
		 void (*visit)(void *context, const struct visit_call *call),
		 void *context);

/** Calls VISIT for each line appearance in use, the reserved ones first. */
void visit_lines(const struct stock *stock,
		 void (*visit)(void *context, const struct visit_line *line),
		 void *context);
