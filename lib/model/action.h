/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a station may do to its own features by dialling a code, in the words of the table
 * feature_access_code, or by a feature name (halfcall-protocol(7), LINE RESERVATION).
 */
#include <stdbool.h>

enum action {
	ACTION_NONE,
	ACTION_FORWARD_ALL_ON,		/* with the number to forward to */
	ACTION_FORWARD_ALL_OFF,
	ACTION_FORWARD_BUSY_ON,
	ACTION_FORWARD_BUSY_OFF,
	ACTION_FORWARD_NO_ANSWER_ON,
	ACTION_FORWARD_NO_ANSWER_OFF,
	ACTION_SEND_ALL_CALLS_ON,
	ACTION_SEND_ALL_CALLS_OFF,
	ACTION_RESTRICT_CLI,		/* with the number to call, once without the caller's own */
	ACTION_UNKNOWN,			/* an unknown word */
};

enum { ACTIONS = ACTION_UNKNOWN };

/** "call-fwd-all-activate"; "" for ACTION_NONE and ACTION_UNKNOWN. */
const char *action_name(enum action action);

/** ACTION_UNKNOWN for an unknown word. */
enum action action_by_name(const char *name);

/** Whether the action needs a number behind the code. */
bool action_takes_number(enum action action);
