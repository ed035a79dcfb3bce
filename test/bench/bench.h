/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the parts of the load generator share: the link, the calls in flight, the counts, and
 * how a call is to run.  One call, half (imsorig or imsterm alone) or whole (both, through the
 * same system); all but `between` sees no difference:
 *
 *	caller                 system under test                 callee
 *	   | INVITE  phase=imsorig    |                             |
 *	   |------------------------->| INVITE  phase=origdone      |
 *	   |                          |---------------------------->|
 *	   |                          |                    180, 200 |
 *	   |                 180, 200 |<----------------------------|
 *	   |<-------------------------|                             |
 *	   | ACK, hold, BYE           |                             |
 *	   |------------------------->| ACK, BYE                    |
 *	   |                          |---------------------------->|
 *	   |                      200 |                         200 |
 *	   |<-------------------------|<----------------------------|
 *
 *	whole call, between:  origdone -> imsterm
 */
#include "flight.h"
#include "link.h"
#include "peek.h"
#include "tally.h"

struct bench {
	struct link *link;
	struct flights *flights;
	struct tally *tally;
	uint64_t now_ns;	/* when the present message was heard */
	bool repeats;		/* requests and responses are retransmitted (RFC 3261
				 * section 17) */
	uint32_t give_up_ms;	/* 64 times T1 */
	uint32_t hold_ms;	/* from the ACK to the BYE */
};

/** Sends the INVITE of the call SERIAL, which was due at DUE_NS; false if the table of
 *  calls is full. */
bool caller_begin(struct bench *bench, uint32_t serial, uint64_t due_ns);

/** Handles a response to the caller; LETTER and IDENT are those in its Via branch. */
void caller_hear(struct bench *bench, const struct peek *peek, char letter,
		 struct ident ident);

/** Handles a request to the caller, the system's BYE. */
void caller_asked(struct bench *bench, const struct peek *peek, struct ident ident);

/** Handles the end of the caller's wait: retransmits or gives up. */
void caller_due(struct bench *bench, struct flight *flight);

/** Handles a request to the callee. */
void callee_asked(struct bench *bench, const struct peek *peek, struct ident ident);

/** Handles the end of the callee's wait: retransmits or gives up. */
void callee_due(struct bench *bench, struct flight *flight);

/** Passes a message that came from the system to caller, callee or the next half. */
void between_hear(struct bench *bench, const char *bytes, size_t size);

/** Ends FLIGHT: bench_fail() as failed because of WHY, unless it failed before; bench_settle() when
 *  both telephones have finished. */
void bench_fail(struct bench *bench, struct flight *flight, enum tally_fault why);
void bench_settle(struct bench *bench, struct flight *flight);

/** Milliseconds to wait before trying for the (STEP + 1)th time; 0 = give up. */
uint32_t bench_invite_wait(const struct bench *bench, unsigned step);
uint32_t bench_request_wait(const struct bench *bench, unsigned step);
