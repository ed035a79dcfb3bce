/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the command line asks of the load generator.
 */
#include <stdbool.h>
#include <stdint.h>

#include "canned.h"

struct order {
	struct canned_setting setting;	/* but for `own` and `system` */
	const char *mode;		/* orig, term or whole */
	unsigned halves;		/* half calls a call: 1 or 2 */
	unsigned window;		/* calls kept in flight, 0 = open loop */
	double rate;			/* calls begun a second in the open loop */
	double duration_s, warm_up_s;
	uint64_t count;			/* calls to begin; 0 = as many as the time allows */
	uint64_t rest_ns;		/* between two looks for messages */
	uint32_t hold_ms;		/* from the ACK to the BYE */
	uint32_t give_up_ms;		/* 64 times T1 */
	bool repeats;			/* sends again what got no answer */
	uint32_t seed;			/* number of the first call */
	uint32_t places;		/* calls there is room for at once */
	const char *own, *system;	/* addresses as they were given */
	const char *pids;		/* processes of the system, "" = none known */
	const char *json;		/* file for the result, or NULL */
};

/** The longest run, seconds. */
enum { ORDER_SECONDS = 3600 };

/**
 * Reads the command line; strings are borrowed from it.  False after telling how it is written;
 * does not come back from -h.
 */
bool order_read(struct order *order, int argc, char **argv);
