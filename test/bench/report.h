/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a run of the load generator found, as a line for people and as JSON for test/bench/run.
 * Rates and costs are those of the measured time, from the end of the warm-up to the last call
 * begun; all counts are of the whole run.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "probe.h"
#include "tally.h"

/* The state of the counts at one end of the measured time. */
struct report_edge {
	struct probe_sample sample;
	uint64_t begun, answered, finished, failed, refused_503;
};

/* The system's memory when so many half calls were over (or live, where calls are held). */
struct report_mark {
	uint64_t half_calls;	/* 0 = there were never so many, or too late */
	uint64_t resident_bytes;
};

struct report {
	const char *mode;
	unsigned halves;	/* half calls a call: 1 or 2 */
	unsigned window;	/* calls kept in flight, 0 = open loop */
	double rate;		/* calls begun a second in the open loop */
	bool is_held;		/* the marks are of live calls */
	bool counts_instructions;
	uint64_t begun_ns, over_ns;
	struct report_edge from, to;
	struct report_mark mark[2];
	const struct tally *tally;
};

/** One line for a person. */
void report_say(FILE *out, const struct report *report);

/** One JSON object and a line end. */
void report_write(FILE *out, const struct report *report);
