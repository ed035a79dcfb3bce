/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The dialogs of one call in the proxy model.  If several telephones answer the INVITE, each 2xx
 * has a To tag of its own and makes a dialog of its own (RFC 3261 section 13.2.2.4), which its BYE
 * ends.  The call is over when the last dialog has ended.
 */
#include <stdbool.h>

enum { ANSWERS_MAX = 8 };		/* further dialogs are ignored */

/** All members zero = no telephone has answered. */
struct answers {
	struct answer {
		const char *tag;	/* in the arena of the arrival */
		bool is_over;		/* its BYE was seen */
	} answer[ANSWERS_MAX];
	unsigned count;
};

struct arena;

/** Adds the dialog with the callee's TAG, of which a 2xx or the ACK was seen; NULL is ignored. */
void answers_add(struct answers *answers, struct arena *arena, const char *tag);

/** Ends the dialog with the callee's TAG, whose BYE was seen.  Returns whether no dialog is left. */
bool answers_end(struct answers *answers, struct arena *arena, const char *tag);
