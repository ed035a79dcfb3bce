/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the features decided about one half call.  A verdict is data: the call's table acts
 * on it, tests compare it.  Everything the call may need later (where to forward when busy,
 * how long to ring) is decided at once, so nobody has to ask again.
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

/** Q.850 causes that denials carry in a Reason header (RFC 3398, protocol.md section 4). */
enum {
	CAUSE_NONE = 0,
	CAUSE_UNALLOCATED = 1,		/* unknown number or station */
	CAUSE_REJECTED = 21,		/* restricted */
	CAUSE_INCOMPLETE = 28,		/* digits incomplete */
};

/** Why a call left one party for another; those of forwarding as enum forward_condition. */
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
	const char *station;		/* extension of its station; NULL = none of ours */
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
	const char *station;		/* extension of the destination's; NULL = none of ours */
	const struct hop *hops;		/* how it gets there, from the party it was with: more
					 * than one where unconditional forwardings were followed */
	unsigned hop_count;		/* 0 = in one, because of the condition */
	unsigned ring_s;		/* seconds the destination rings until "no answer";
					 * 0 = until the caller gives up */
	bool is_outside;		/* the destination is none of our stations */
	const struct redirect *next;	/* the destination's own, by enum forward_condition;
					 * NULL = they are not followed */
};

/** When coverage begins: before the station rings, or because of what became of it. */
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
					 * or in the call's arena; "" = nothing had an objection */
	const char *sentence;		/* REJECT: the same for a person (Warning 399) */
	struct redirect redirect[FORWARD_CONDITIONS];	/* by enum forward_condition; the
					 * unconditional one is set exactly for VERDICT_FORWARD */
	struct coverage coverage[COVER_WHENS];	/* by enum cover_when, after forwarding had its
					 * turn; at once a point may be had exactly for
					 * VERDICT_COVER */
	unsigned ring_s;		/* seconds until "no answer"; 0 = ring until the caller gives up */
	enum action action;		/* FEATURE: never ACTION_NONE */
	const char *argument;		/* FEATURE: the action's number; NULL = none */
	const char *number;		/* PASS: call this instead of the number dialled; NULL =
					 * as dialled */
	bool hides_caller;		/* PASS: the caller's identity is private (RFC 3323) */
	bool is_outside;		/* the called party is none of our stations */
	bool is_internal;		/* the caller is one of our stations */
	bool is_emergency;
	bool is_shortcut;		/* the called party's features have been run: an
					 * origination says so, a termination goes straight back */
};

/**
 * How a diversion is written into History-Info (protocol.md section 5): SIP cause (302, 486,
 * 480, 408), its text, the redirection code (CFI, CFB, CFNR, NORMAL) and, for NORMAL, the
 * avaya-cm-reason; NULL = none.
 */
struct redirect_reason {
	int cause;
	const char *text;
	const char *code;
	const char *cm_reason;
};

const struct redirect_reason *redirect_reason(enum diversion why);
