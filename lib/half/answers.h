/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The dialogs of one call that forked behind us (RFC 3261 13.2.2.4), as a proxy sees them:
 * each 2xx has a To tag of its own, its ACK shows it to us, its BYE ends it.  The call is
 * over with the last of them.
 */
#include <stdbool.h>

enum { ANSWERS_MAX = 8 };		/* more are not told apart */

/** All zero = none has answered. */
struct answers {
	struct answer {
		const char *tag;	/* in the half's arena */
		bool is_over;
	} answer[ANSWERS_MAX];
	unsigned count;
};

struct arena;

/** A 2xx with the callee's TAG was heard, or an ACK of one. */
void answers_add(struct answers *answers, struct arena *arena, const char *tag);

/** A BYE of the dialog with the callee's TAG; whether no other dialog is left. */
bool answers_end(struct answers *answers, struct arena *arena, const char *tag);
