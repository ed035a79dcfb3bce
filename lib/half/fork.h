/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The telephones that a proxy has forked the INVITE of a b2bua call to.  Each one that answers is a
 * dialog of its own with this program and, because its To tag there is one of its own, with the
 * caller (RFC 3261 section 12.1); each numbers its reliable responses (RFC 3262 section 3).
 *
 *	caller          b2bua           callees
 *	  | --- INVITE ---> | -- INVITE --> |
 *	  | <-- 180;tag=a - | <- 180;tag=x- |	the first has the dialogs of the half call
 *	  | <-- 180;tag=b - | <- 180;tag=y- |	others have legs of their own
 *	  | <-- 200;tag=b - | <- 200;tag=y- |	which become those of the half call
 */
#include "half/half_call.h"

enum { FORKS_MAX = 64 };		/* more end the call, so that memory is bounded */

struct fork {
	struct fork *next;		/* in half->forks */
	const char *tag;		/* its To tag */
	const char *ours;		/* the To tag that the caller knows it by */
	struct leg leg[2];		/* by enum call_side; not open = the half call's is its own */
	uint32_t rseq;			/* of its last reliable response, 0 = none */
	bool is_left;			/* the call has gone to another target since */
};

/** The fork that sent RESPONSE, told by the To tag, which learns from it; added if it is new.  NULL =
 *  FORKS_MAX exist, and it is not one more that answers. */
struct fork *fork_of(struct half_call *half, const sip_t *response);

/** The fork that LEG is of; NULL = none, it is the half call's. */
struct fork *fork_find(const struct leg *leg);

/** The dialog on SIDE of FORK, or of HALF itself where FORK (may be NULL) has none; NULL = not
 *  open. */
struct dialog *fork_dialog(const struct half_call *half, const struct fork *fork,
			   enum call_side side);

/** FORK has answered: its dialog on SIDE is the half call's from now on. */
void fork_settle(struct half_call *half, struct fork *fork, enum call_side side);

/** The early dialogs of all forks but the one that was settled end. */
void fork_part(struct half_call *half);

/** Marks all forks as left: the call goes to another target, or is over. */
void fork_leave(struct half_call *half);
