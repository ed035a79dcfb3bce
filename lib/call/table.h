/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The shape of the call's table, for those who run it, check it and draw it.  One row is
 * one sentence: in this state, on this event, if this holds, do this, and go there.
 */
#include "base/machine.h"
#include "call/call.h"

/** Goal of a row that leaves state and timer alone; going to a state starts its timer. */
enum { CALL_STAY = CALL_STATES };

/** How long a call may be in a state before ON_TIMEOUT. */
enum call_timer {
	TIMER_NONE,
	TIMER_RING,			/* the verdict's for whom the INVITE went to, else a limit */
	TIMER_TRANSACTION,		/* a transaction's 64*T1 and a second */
};

enum {
	CALL_RING_LIMIT_S = 240,	/* RFC 3261 Timer C is more than 3 minutes */
	CALL_TRANSACTION_S = 33,	/* 64*T1 = 32 s; the transaction reports first */
};

struct call_table {
	const struct machine_row *rows;	/* the first that fits wins */
	size_t count;
	enum call_timer timers[CALL_STATES];
};

/** The table a call lives by, and what runs it. */
extern const struct call_table call_table;
extern const struct machine_kind call_kind;

/** call_table_check() for any table. */
unsigned call_table_check_any(const struct call_table *table, FILE *out);
