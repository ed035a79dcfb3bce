/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The type of the call's table, shared by the files that run, check and draw it.  One row
 * says: in this state, on this event, if this guard holds, do this, and go there.
 */
#include "base/machine.h"
#include "call/call.h"

/** `go_to` of a row that keeps state and timer; entering a state restarts its timer. */
enum { CALL_STAY = CALL_STATES };

/** How long a call may be in a state before ON_TIMEOUT. */
enum call_timer {
	TIMER_NONE,
	TIMER_RING,			/* ring time of the INVITE's target, else CALL_RING_LIMIT_S */
	TIMER_TRANSACTION,		/* 64*T1 of a transaction and one second */
};

enum {
	CALL_RING_LIMIT_S = 240,	/* RFC 3261 Timer C is more than 3 minutes */
	CALL_TRANSACTION_S = 33,	/* 64*T1 = 32 s, and one more so that the transaction ends first */
};

struct call_table {
	const struct machine_row *rows;	/* the first that fits wins */
	size_t count;
	enum call_timer timers[CALL_STATES];
};

/** The table of a call, and how it is run (base/machine.h). */
extern const struct call_table call_table;
extern const struct machine_kind call_kind;

/** call_table_check() for any table. */
unsigned call_table_check_any(const struct call_table *table, FILE *out);
