/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The command line of the load generator.
 */
#include <stdbool.h>
#include <stdint.h>

#include "canned.h"

struct order {
	struct canned_setting setting;	/* all members except own and system */
	const char *mode;		/* orig, term or whole */
	unsigned halves;		/* half calls per call: 1 or 2 */
	unsigned window;		/* calls kept in flight, 0 = open loop */
	double rate;			/* calls begun per second in the open loop */
	double duration_s, warm_up_s;
	uint64_t count;			/* calls to begin; 0 = as many as the time allows */
	uint64_t rest_ns;		/* pause between two reads of messages */
	uint32_t hold_ms;		/* from the ACK to the BYE */
	uint32_t give_up_ms;		/* 64 times T1 */
	bool repeats;			/* retransmits */
	uint32_t seed;			/* number of the first call */
	uint32_t places;		/* size of the table of calls in flight */
	const char *own, *system;	/* addresses as they were given */
	const char *pids;		/* processes of the system, "" = none known */
	const char *json;		/* file for the result, or NULL */
};

/** The longest run, seconds. */
enum { ORDER_SECONDS = 3600 };

/**
 * Reads the command line; strings are borrowed from it.  False if it is wrong, after
 * printing the usage.  With -h prints the usage and exits.
 */
bool order_read(struct order *order, int argc, char **argv);
