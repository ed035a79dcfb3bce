/* SPDX-License-Identifier: MIT */
#pragma once
/* What CM heard and sent, found in the frames of the players that speak with it: each message once,
 * whatever was repeated. */
#include "lab/lab.h"
#include "run/view.h"

struct trace_message {
	const struct lab_frame *frame;
	bool is_heard;			/* by CM; else sent by it */
	struct view view;
	const char *phase;		/* of a tagged INVITE without To tag; NULL = none */
};

/** All zero but for the first three. */
struct trace {
	const struct lab *lab;
	const char *cm_host;
	struct arena *arena;
	size_t read;			/* frames looked at */
	struct trace_message **messages;	/* owned */
	size_t count, room;
	size_t found;			/* messages up to the last one a `cm` line found */
};

/** Takes in the frames that have come since. */
void trace_read(struct trace *trace);

void trace_clear(struct trace *trace);
