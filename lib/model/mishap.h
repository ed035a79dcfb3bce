/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A fault on demand: what is done wrong with one request because a row of the table `fault` says
 * so, for others to be tested against (halfcalld(8), Faults on demand).
 */
#include "model/half.h"

#include <stdint.h>

enum mishap_action {
	MISHAP_NONE,
	/* with a request that came */
	MISHAP_SILENT,
	MISHAP_DELAY,			/* number: milliseconds */
	MISHAP_ANSWER,			/* number: status */
	MISHAP_RING_THEN,		/* number: status */
	/* with a request that is sent */
	MISHAP_DROP,
	MISHAP_DUPLICATE,
	MISHAP_WRONG_PHASE,		/* text */
	MISHAP_NO_PHASE,
	MISHAP_LOSE_HEADER,		/* text: its name */
	MISHAP_MALFORMED,
	MISHAP_STALE_ETAG,
	MISHAP_LATE_CANCEL,		/* number: milliseconds */
	/* with a timer */
	MISHAP_HURRY,			/* number: milliseconds */
};

enum mishap_side { MISHAP_CAME, MISHAP_SENT, MISHAP_TIMER };

enum { MISHAP_TEXT = 65 };

struct mishap {
	int64_t id;			/* of the row */
	enum mishap_action action;
	unsigned number;
	char text[MISHAP_TEXT];
};

/** A request that a row may be about; text is borrowed. */
struct mishap_query {
	const char *station;		/* its extension, or another of its numbers */
	enum half half;			/* HALF_NONE: any */
	const char *method;
	enum mishap_side side;
	const char *sip_call_id;	/* for the journal; NULL = none */
};

/** As the table has it; NULL for MISHAP_NONE. */
const char *mishap_name(enum mishap_action action);

/** MISHAP_NONE: there is no such action. */
enum mishap_action mishap_by_name(const char *name);

enum mishap_side mishap_side_of(enum mishap_action action);
