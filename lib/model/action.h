/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a telephone may do to its own features by dialling (protocol.md section 5): the words
 * of table feature_access_code.
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
	ACTION_RESTRICT_CLI,		/* with the number to call, this once without our own */
	ACTION_UNKNOWN,			/* a word nobody defined */
};

enum { ACTIONS = ACTION_UNKNOWN };

/** "call-fwd-all-activate"; "" for ACTION_NONE and ACTION_UNKNOWN. */
const char *action_name(enum action action);

/** ACTION_UNKNOWN for a word that is none. */
enum action action_by_name(const char *name);

/** Whether a number belongs to it. */
bool action_takes_number(enum action action);
