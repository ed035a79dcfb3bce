/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The shape of the call's table, for those who run it, check it and draw it.  One row is
 * one sentence: in this state, on this event, if this holds, do this, and go there.
 */
#include "call/call.h"

#include <stddef.h>

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

struct call_row {
	enum call_state in;
	enum call_on on;
	bool (*guard)(const struct call *call);	/* a question; changes nothing */
	int (*deed)(struct call *call);	/* 0 or -errno; acts through the port */
	unsigned go_to;			/* enum call_state or CALL_STAY */
	const char *guard_name, *deed_name;
};

struct call_table {
	const struct call_row *rows;	/* the first that fits wins */
	size_t count;
	enum call_timer timers[CALL_STATES];
};

/** The table a call lives by. */
extern const struct call_table call_table;

/** call_table_check() for any table. */
unsigned call_table_check_any(const struct call_table *table, FILE *out);
