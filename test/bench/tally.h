/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The counters of a run.  Set-up times are kept in a histogram with 64 steps per power of
 * two, so that a percentile is accurate within 1.6 %.
 */
#include <stdint.h>

/* Why a call has failed.  Each failed call has one reason, the first. */
enum tally_fault {
	TALLY_REFUSED,		/* a final answer of 300 or more; refused[] tells which */
	TALLY_UNANSWERED,	/* no final answer to the INVITE */
	TALLY_UNACKNOWLEDGED,	/* no ACK to the callee's 200 */
	TALLY_BYE_UNANSWERED,	/* no answer to the BYE */
	TALLY_BYE_REFUSED,	/* an answer of 300 or more to the BYE */
	TALLY_BYE_UNHEARD,	/* the callee heard no BYE */
	TALLY_HUNG_UP,		/* the system hung up by itself */
	TALLY_FAULTS,
};

enum {
	TALLY_STEPS = 64 * 27,	/* up to 2^32 microseconds */
	TALLY_SECONDS = 3600,
};

struct tally {
	uint64_t begun;
	uint64_t rung;		/* the caller heard a 180 */
	uint64_t answered;	/* the caller heard a 200 */
	uint64_t finished;	/* both sides got the 200 to the BYE */
	uint64_t failed;
	uint64_t fault[TALLY_FAULTS];
	uint64_t refused[700];	/* by status */
	uint64_t crowded;	/* calls not begun because the table of calls was full */
	uint64_t heard;		/* messages */
	uint64_t repeats_sent;	/* retransmissions by both telephones */
	uint64_t repeats_heard;	/* retransmissions by the system of what was answered
				 * already */
	uint64_t late;		/* messages of calls that were given up */
	uint64_t strange;	/* messages that could be assigned to no call */
	uint64_t measures_from_ns;	/* set-up times are measured of calls begun
					 * since */
	uint64_t measured;
	uint32_t longest_us;
	uint32_t step[TALLY_STEPS];
	uint32_t second[TALLY_SECONDS];	/* calls finished in each */
};

/** Counts a call answered at NOW_NS that was due at BEGUN_NS. */
void tally_answered(struct tally *tally, uint64_t begun_ns, uint64_t now_ns);

/** The set-up time, microseconds, that SHARE (0 to 1) of the answered calls did not exceed. */
uint32_t tally_percentile(const struct tally *tally, double share);

/** A fault in one word. */
const char *tally_fault_name(enum tally_fault fault);
