/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What is administered: stations, their class of restriction, dial patterns, forwarding
 * (protocol.md sections 4 and 5).  Plain structs; text is in the arena of the decision
 * they were loaded for.
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
	CALLED_PUBLIC,		/* no public-network calls, however they arrive */
};

/** The words of the database and of verdicts; the lookups answer -1 for an unknown word. */
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

/** One active row of call_forwarding and what is known about its destination. */
struct forwarding {
	enum forward_condition condition;
	enum forward_source source;
	const char *destination;		/* as written in the row */
	const struct station *station;		/* the destination's, if it is one of ours */
	const struct dial_pattern *pattern;	/* longest match of the destination, or NULL */
	bool is_permitted;			/* COR of the forwarding station may call it */
};
