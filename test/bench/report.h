/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The result of a run of the load generator: one line of text, or JSON for
 * test/bench/run.  Rates and costs are those of the measured time, from the end of the
 * warm-up to the last call begun; counts are of the whole run.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "probe.h"
#include "tally.h"

/* The counters at the beginning or the end of the measured time. */
struct report_edge {
	struct probe_sample sample;
	uint64_t begun, answered, finished, failed, refused_503;
};

/* The system's memory when so many half calls were over (or live, where calls are held). */
struct report_mark {
	uint64_t half_calls;	/* 0 = so many were not reached in the measured time */
	uint64_t resident_bytes;
};

struct report {
	const char *mode;
	unsigned halves;	/* half calls per call: 1 or 2 */
	unsigned window;	/* calls kept in flight, 0 = open loop */
	double rate;		/* calls begun per second in the open loop */
	bool is_held;		/* the marks count live calls */
	bool counts_instructions;
	uint64_t begun_ns, over_ns;
	struct report_edge from, to;
	struct report_mark mark[2];
	const struct tally *tally;
};

/** Writes one line of text. */
void report_say(FILE *out, const struct report *report);

/** Writes one JSON object and a line end. */
void report_write(FILE *out, const struct report *report);
