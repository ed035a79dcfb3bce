/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Rows of the users' database: stations, classes of restriction, dial patterns,
 * forwardings (halfcall-protocol(7), RESTRICTIONS).  Plain structs; text is in the arena
 * of the decision they were loaded for.
 */
#include <stdbool.h>
#include <stddef.h>

enum calling_party {
	CALLING_NONE,		/* unrestricted */
	CALLING_ORIGINATION,	/* no calls at all */
	CALLING_OUTWARD,	/* no calls outside the private network */
	CALLING_ALL_TOLL,	/* no calls whose pattern is of a toll type */
	CALLING_TAC_TOLL,	/* no toll calls through a dialled trunk access code */
};

enum called_party {
	CALLED_NONE,		/* unrestricted */
	CALLED_TERMINATION,	/* no calls at all */
	CALLED_INWARD,		/* no calls from the public network */
	CALLED_MANUAL,		/* only from the attendant */
	CALLED_PUBLIC,		/* no calls from the public network, also if redirected here */
};

/**
 * The words of the database and of verdicts; the lookups answer -1 for an unknown word.
 */
const char *calling_party_name(enum calling_party restriction);
const char *called_party_name(enum called_party restriction);
int calling_party_by_name(const char *name);
int called_party_by_name(const char *name);

struct class_of_restriction {
	int cor;			/* 0 ... 995 */
	enum calling_party calling;
	enum called_party called;
	unsigned frl;			/* facility restriction level, 0 ... 7 */
};

struct station {
	const char *extension;
	const char *name;		/* display name, UTF-8; "" = none */
	struct class_of_restriction cor;
	unsigned appearances;		/* lines */
	unsigned ring_s;		/* until "no answer"; 0 = the configured default */
	bool in_service;
	bool sends_all_calls;		/* calls go to its coverage points instead of ringing */
};

/** A dial pattern together with what its call type means. */
struct dial_pattern {
	const char *pattern;		/* digits and x */
	const char *call_type;
	unsigned min_frl;
	unsigned min_length, max_length;	/* digits of the whole dialled number */
	bool is_public;			/* leaves the private network */
	bool is_toll;
	bool is_tac;			/* reached by dialling a trunk access code */
	bool is_emergency;
	bool is_attendant;
};

enum forward_condition {
	FORWARD_UNCONDITIONAL,
	FORWARD_BUSY,
	FORWARD_NO_ANSWER,
	FORWARD_UNREACHABLE,
};

enum { FORWARD_CONDITIONS = FORWARD_UNREACHABLE + 1 };

enum forward_source { SOURCE_INTERNAL, SOURCE_EXTERNAL, SOURCE_ANY };

const char *forward_condition_name(enum forward_condition condition);
int forward_condition_by_name(const char *name);
int forward_source_by_name(const char *name);

/** The target of a forwarding or coverage point, and what is known about it. */
struct onward {
	const char *number;			/* as written in the row; NULL = nothing */
	const struct station *station;		/* the station with that number; NULL = none */
	const struct dial_pattern *pattern;	/* longest match of the number, or NULL */
	bool is_permitted;			/* the COR of the forwarding station may call it */
	const char *fault;			/* NULL, or the sentence about an invalid row: then
						 * all other members but `number` are unset */
};

struct forwarding;

/** The active rows of one station. */
struct forwardings {
	const struct forwarding *rows;
	size_t count;
	const char *fault;			/* NULL, or the sentence about an invalid row */
};

/** One active row of call_forwarding. */
struct forwarding {
	enum forward_condition condition;
	enum forward_source source;
	struct onward to;
	const struct forwardings *next;	/* those of to.station, where chains are followed;
					 * they may lead back here; NULL = none known */
};

enum cover_condition {
	COVER_ALL,			/* every call, at once */
	COVER_BUSY,
	COVER_NO_ANSWER,
	COVER_SEND_ALL_CALLS,		/* every call while the station sends all its calls */
};

enum { COVER_CONDITIONS = COVER_SEND_ALL_CALLS + 1 };

enum {
	COVER_STEPS = 16,	/* coverage points of a station for one condition, at most */
	COVER_POINTS_MAX = 3 * COVER_STEPS,	/* of three conditions, as one call has them */
};

const char *cover_condition_name(enum cover_condition condition);
int cover_condition_by_name(const char *name);

/** One row of coverage_point. */
struct coverage_point {
	enum cover_condition condition;
	unsigned step;			/* 1 ... COVER_STEPS */
	unsigned ring_s;		/* until the next step; 0 = the configured default */
	struct onward to;
};
