/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The tag in the Route header that says which half is to be run or done:
 * halfcall-protocol(7), ROUTE TAGS.  Parameters of a Route are read and written as text;
 * the room knows no SIP stack.
 */
#include "base/arena.h"

#include <stdbool.h>

enum phase {
	PHASE_NONE,		/* no tag */
	PHASE_IMSORIG,		/* proxy to us: run the caller's features */
	PHASE_ORIGDONE,		/* us to proxy: the caller's features are done */
	PHASE_IMSTERM,		/* proxy to us: run the called party's features */
	PHASE_TERMDONE,		/* us to proxy: the called party's features are done */
	PHASE_TERMINATING,	/* the proxy's tag for an ordinary last hop; no half call */
	PHASE_UNKNOWN,		/* an undefined value */
};

/** The tag's text; NULL for PHASE_NONE and PHASE_UNKNOWN. */
const char *phase_name(enum phase phase);

/** The phase to send after PHASE was received: ORIGDONE, TERMDONE, or PHASE_NONE. */
enum phase phase_done(enum phase phase);

/** What one tagged Route says. */
struct route_tag {
	enum phase phase;
	unsigned phases;	/* how many phase parameters there were; 2 or more is a fault */
	const char *text;	/* the (last) phase value as it came; in the arena; NULL = none */
	const char *carried;	/* parameters that move over to the way back, joined by ';',
				 * as they came: seq, m-type and whatever else is unknown;
				 * in the arena, "" = none */
};

/**
 * Reads the tag of one Route.  URI_PARAMS are the parameters inside <>, joined by ';'
 * (NULL = none); HEADER_PARAMS those after it, a NULL-terminated array of "name=value"
 * (NULL = none).  Names and values are read without regard to case.  The URI's own
 * parameters (transport, lr, maddr, ttl, user, method, comp) and odi, which belongs to
 * the address it stands on, are not carried.  A quoted value of HEADER_PARAMS is carried
 * as a URI writes it: without quotes, escaped.
 */
struct route_tag phase_read(struct arena *arena, const char *uri_params,
			    const char *const *header_params);

/**
 * The URI parameters of the Route to send by: those of the way back (WAY_BACK_PARAMS,
 * NULL = none) without any phase it had, then PHASE (PHASE_NONE writes none), then what
 * the tagged Route carried, except names the way back has already.  `lr` is added when
 * the way back lacks it.  The result is in the arena.
 */
const char *phase_write(struct arena *arena, const char *way_back_params,
			enum phase phase, const struct route_tag *tagged);
