/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a station's telephone shows of one dialog (RFC 4235 section 3.7).  Calls and line
 * reservations fill it, publications send it.
 */
#include <stdbool.h>

/** In the order of RFC 4235 section 3.7.1: a dialog's state never goes back. */
enum shown_state {
	SHOWN_TRYING,
	SHOWN_PROCEEDING,
	SHOWN_EARLY,
	SHOWN_CONFIRMED,
	SHOWN_TERMINATED
};

/** Why a dialog is terminated (RFC 4235 section 4.1.3). */
enum shown_event {
	SHOWN_NO_EVENT,
	SHOWN_CANCELLED,
	SHOWN_REJECTED,
	SHOWN_REPLACED,
	SHOWN_LOCAL_BYE,
	SHOWN_REMOTE_BYE,
	SHOWN_ERROR,
	SHOWN_TIMEOUT,
};

/** The state of one dialog now.  All text is borrowed; NULL = not known. */
struct shown_dialog {
	const char *extension;		/* of the station; never NULL */
	const char *id;			/* unique within the station for ever; never NULL */
	const char *call_id, *local_tag, *remote_tag;
	bool is_initiator;		/* direction: initiator, else recipient */
	enum shown_state state;
	enum shown_event event;		/* with SHOWN_TERMINATED */
	int code;			/* the response that caused it, 0 = none */
	unsigned appearance;		/* +avaya-cm-line; 0 = none */
	const char *local_name;		/* display name of the station */
	const char *remote_user, *remote_name;	/* the other party; user NULL = not known yet */
};
