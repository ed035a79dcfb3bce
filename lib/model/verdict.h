/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the features decided about one half call.  A verdict is data: the call's table acts
 * on it, tests compare it.  Everything the call may need later (where to forward when busy,
 * how long to ring) is decided at once, so nobody has to ask again.
 */
#include "model/station.h"

enum verdict_kind { VERDICT_PASS, VERDICT_REJECT, VERDICT_FORWARD };

/** Q.850 causes that denials carry in a Reason header (RFC 3398, protocol.md section 4). */
enum {
	CAUSE_NONE = 0,
	CAUSE_UNALLOCATED = 1,		/* unknown number or station */
	CAUSE_REJECTED = 21,		/* restricted */
	CAUSE_INCOMPLETE = 28,		/* digits incomplete */
};

/** Where a call goes when CONDITION holds, and why it may not. */
struct redirect {
	const char *destination;	/* number or handle; NULL = no forwarding */
	int refusal;			/* 0 = allowed; else the status to answer instead (482, 480) */
	const char *rule;		/* e.g. "forwarding:busy"; why it is done or refused */
};

struct verdict {
	enum verdict_kind kind;
	int status;			/* REJECT: 400 ... 699 */
	int cause;			/* REJECT: Q.850 cause or CAUSE_NONE */
	const char *rule;		/* which rule decided, e.g. "calling-party:outward"; static
					 * or in the call's arena; "" = nothing had an objection */
	const char *sentence;		/* REJECT: the same for a person (Warning 399) */
	struct redirect redirect[FORWARD_CONDITIONS];	/* by enum forward_condition; the
					 * unconditional one is set exactly for VERDICT_FORWARD */
	unsigned ring_s;		/* seconds until "no answer"; 0 = ring until the caller gives up */
	bool is_internal;		/* the caller is one of our stations */
	bool is_emergency;
};

/**
 * How a forwarding of CONDITION is written into History-Info (protocol.md section 5):
 * SIP cause (302, 486, 480, 408), its text and the redirection code (CFI, CFB, CFNR).
 */
struct redirect_reason {
	int cause;
	const char *text;
	const char *code;
};

const struct redirect_reason *redirect_reason(enum forward_condition condition);
