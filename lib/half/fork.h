/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The telephones our INVITE of a b2bua call has reached (RFC 3261 section 12.1): each that
 * answers provisionally has an early dialog of its own, and numbers its reliable responses by
 * itself (RFC 3262 section 3).  The caller hears them all in one dialog.
 */
#include "half/half_call.h"

enum { FORKS_MAX = 64 };		/* no honest call rings at more telephones at once */

struct fork {
	struct fork *next;		/* in half->forks */
	const char *tag;		/* To tag */
	sip_contact_t *target;		/* NULL = not said; in half->home, like the next */
	sip_route_t *route;
	uint32_t rseq;			/* of the last reliable response, 0 = none */
	bool is_left;			/* its INVITE is over: the call is somewhere else */
};

/** The fork RESPONSE comes from, a new one the first time; NULL = one too many. */
struct fork *fork_of(struct half_call *half, const sip_t *response);

/** The call leaves them all for another target. */
void fork_leave(struct half_call *half);

/** Makes MSG, addressed to the callee, one for FORK, where that is not the callee we know. */
void fork_address(struct half_call *half, const struct fork *fork, msg_t *msg);
