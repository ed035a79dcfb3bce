/* SPDX-License-Identifier: MIT */
#pragma once
/* What is alive in an agent, for people: half calls and line appearances in use. */
#include "agent/agent.h"
#include "model/half.h"

/** A half call; text is borrowed until the visitor returns. */
struct agent_call {
	const char *id;			/* over both halves */
	enum half half;
	const char *state;		/* of the call's table, "RINGING" */
	const char *from, *to;
	const char *proxy;		/* name of the one that sent it */
	int64_t age_ms;
};

/** A line appearance in use; likewise. */
struct agent_line {
	const char *extension;
	unsigned appearance;		/* 1 ... */
	bool is_reserved;		/* off-hook, nothing dialled; else in a call */
	const char *call;		/* id, as above */
	int64_t age_ms;			/* of the reservation or call */
};

/** Visits each, oldest first.  VISIT must not change the agent. */
void agent_visit_calls(const struct agent *agent,
		       void (*visit)(void *context, const struct agent_call *call),
		       void *context);

/** Visits each, reserved ones first. */
void agent_visit_lines(const struct agent *agent,
		       void (*visit)(void *context, const struct agent_line *line),
		       void *context);
