/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The telephones that a proxy has forked the INVITE of a b2bua call to.  Each one that sends a
 * provisional response has an early dialog of its own (RFC 3261 section 12.1) and its own numbers
 * of reliable responses (RFC 3262 section 3).  Towards the caller they all appear in one dialog.
 */
#include "half/half_call.h"

enum { FORKS_MAX = 64 };		/* more end the call, so that memory is bounded */

struct fork {
	struct fork *next;		/* in half->forks */
	const char *tag;		/* To tag */
	sip_contact_t *target;		/* its Contact, NULL = none; in half->home, like route */
	sip_route_t *route;		/* route set, NULL = empty */
	uint32_t rseq;			/* of its last reliable response, 0 = none */
	bool is_left;			/* the call has gone to another target since */
};

/** The fork that sent RESPONSE, identified by the To tag; added if it is new.  NULL =
 *  FORKS_MAX exist. */
struct fork *fork_of(struct half_call *half, const sip_t *response);

/** Marks all forks as left: the call goes to another target. */
void fork_leave(struct half_call *half);

/** Addresses MSG, a request addressed in the callee's dialog, to FORK if that is another telephone:
 *  To tag, Route and Request-URI. */
void fork_address(struct half_call *half, const struct fork *fork, msg_t *msg);
