/* SPDX-License-Identifier: MIT */
#pragma once
/* What is alive in the stock, for people: half calls and line appearances in use. */
#include "model/half.h"

#include <stdbool.h>
#include <stdint.h>

struct stock;

/** A half call; text is borrowed until the visitor returns. */
struct visit_call {
	const char *id;			/* over both halves */
	enum half half;
	const char *state;		/* of the call's table, "RINGING" */
	const char *from, *to;
	const char *proxy;		/* name of the one that sent it */
	int64_t age_ms;
};

/** A line appearance in use; likewise. */
struct visit_line {
	const char *extension;
	unsigned appearance;		/* 1 ... */
	bool is_reserved;		/* off-hook, nothing dialled; else in a call */
	const char *call;		/* id, as above */
	int64_t age_ms;			/* of the reservation or call */
};

/** Visits each, oldest first.  VISIT must not change the stock. */
void visit_calls(const struct stock *stock,
		 void (*visit)(void *context, const struct visit_call *call),
		 void *context);

/** Visits each, reserved ones first. */
void visit_lines(const struct stock *stock,
		 void (*visit)(void *context, const struct visit_line *line),
		 void *context);
