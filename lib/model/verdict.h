/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the features decided about one half call.  A verdict is data: the call's table
 * acts on it, tests compare it.  It also has what the call may need later (where to
 * forward when busy, how long to ring), so a call is decided only once.
 */
#include "model/action.h"
#include "model/station.h"

enum verdict_kind {
	VERDICT_PASS,
	VERDICT_REJECT,
	VERDICT_FORWARD,
	VERDICT_COVER,
	VERDICT_FEATURE,		/* no call: `action` is done and confirmed */
};

/** Q.850 causes in the Reason header of a denial (halfcall-protocol(7), RESTRICTIONS). */
enum {
	CAUSE_NONE = 0,
	CAUSE_UNALLOCATED = 1,		/* unknown number or station */
	CAUSE_REJECTED = 21,		/* restricted */
	CAUSE_INCOMPLETE = 28,		/* digits incomplete */
};

/** Why a call left one party for another; the first four equal enum forward_condition. */
enum diversion {
	DIVERSION_UNCONDITIONAL = FORWARD_UNCONDITIONAL,
	DIVERSION_BUSY = FORWARD_BUSY,
	DIVERSION_NO_ANSWER = FORWARD_NO_ANSWER,
	DIVERSION_UNREACHABLE = FORWARD_UNREACHABLE,
	DIVERSION_COVER_ALL,
	DIVERSION_COVER_BUSY,
	DIVERSION_COVER_NO_REPLY,
	DIVERSION_SEND_ALL_CALLS,
};

enum { DIVERSIONS = DIVERSION_SEND_ALL_CALLS + 1 };

/** One step on a call's way: one party was left, another one is tried. */
struct hop {
	enum diversion why;		/* the party before was left */
	const char *to;			/* number or handle; never NULL */
	const char *station;		/* extension of its station; NULL = not a station */
};

enum {
	FORWARD_HOPS_MAX = 20,		/* forwardings in a row, at most */
	HOPS_MAX = FORWARD_HOPS_MAX + COVER_POINTS_MAX,	/* of one half call */
};

/** Where a call goes when some condition holds, and why it may not. */
struct redirect {
	const char *destination;	/* number or handle; NULL = no forwarding */
	int refusal;			/* 0 = allowed; else the status to answer instead (482, 480) */
	const char *rule;		/* e.g. "forwarding:busy"; why it is done or refused */
	int cause;			/* refused: as in struct verdict */
	const char *sentence;		/* refused: likewise */
	const char *station;		/* of the destination; NULL = not a station */
	const struct hop *hops;		/* the steps from the party before to the destination:
					 * several where unconditional forwardings were followed */
	unsigned hop_count;		/* 0 = one step, for the condition of this redirect */
	unsigned ring_s;		/* seconds the destination rings until "no answer";
					 * 0 = until the caller gives up */
	bool is_outside;		/* the destination is not a station */
	const struct redirect *next;	/* the destination's own, by enum forward_condition;
					 * NULL = they are not followed */
};

/** When coverage begins: before the station rings, when it is busy, when it does not
 * answer. */
enum cover_when { COVER_AT_ONCE, COVER_WHEN_BUSY, COVER_WHEN_UNANSWERED };

enum { COVER_WHENS = COVER_WHEN_UNANSWERED + 1 };

/** The points tried one after the other; those that are refused are passed over. */
struct coverage {
	const struct redirect *points;
	size_t count;
};

struct verdict {
	enum verdict_kind kind;
	int status;			/* REJECT: 400 ... 699 */
	int cause;			/* REJECT: Q.850 cause or CAUSE_NONE */
	const char *rule;		/* which rule decided, e.g. "calling-party:outward"; static
					 * or in the call's arena; "" = no rule decided */
	const char *sentence;		/* REJECT: the sentence for the Warning header */
	const char *unsupported;	/* REJECT with 420: what is not known here; else NULL */
	struct redirect redirect[FORWARD_CONDITIONS];	/* by enum forward_condition; the
					 * unconditional one is set exactly for VERDICT_FORWARD */
	struct coverage coverage[COVER_WHENS];	/* by enum cover_when, used after forwarding;
					 * COVER_AT_ONCE has a point that is not refused
					 * exactly for VERDICT_COVER */
	unsigned ring_s;		/* seconds until "no answer"; 0 = ring until the caller gives up */
	enum action action;		/* FEATURE: never ACTION_NONE */
	const char *argument;		/* FEATURE: the action's number; NULL = none */
	const char *number;		/* PASS: call this instead of the number dialled; NULL =
					 * as dialled */
	bool hides_caller;		/* PASS: the caller's identity is private (RFC 3323) */
	bool is_outside;		/* the called party is not a station */
	bool is_unread;			/* refused because the database could not be read;
					 * the log has a warning of it */
	bool is_internal;		/* the caller is a station */
	bool is_emergency;
	bool is_shortcut;		/* the called party's features have been run: an
					 * origination writes atrp=shortcut, a termination is
					 * sent back at once */
};

/**
 * How a diversion is written into History-Info: SIP cause (302, 486, 480, 408), its text,
 * the redirection code (CFI, CFB, CFNR, NORMAL) and, for NORMAL, the avaya-cm-reason;
 * NULL = none.  See halfcall-protocol(7), REDIRECTION HEADERS.
 */
struct redirect_reason {
	int cause;
	const char *text;
	const char *code;
	const char *cm_reason;
};

const struct redirect_reason *redirect_reason(enum diversion why);
