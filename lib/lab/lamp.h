/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Dialog events (RFC 4235) as a telephone sees them: its own lamp, or a watched one.  The states of
 * each dialog are noted as they change; a dialog that vanished is terminated.
 */
#include "lab/phone.h"

struct lamp;

/** A change of state, borrowed for the phone's life. */
struct lamp_state {
	const char *name;		/* trying, proceeding, early, confirmed, terminated */
	const char *id;			/* of the dialog */
	const char *event, *code;	/* of terminated; NULL = not said */
	int64_t at_us;
};

/** Subscribes to the dialogs of EXTENSION; done at the final answer. */
struct errand *lamp_watch(struct phone *phone, const char *extension,
			  struct fault *fault);

/** The lamp of EXTENSION; NULL = it is not watched. */
struct lamp *lamp_find(struct phone *phone, const char *extension);

size_t lamp_count(const struct lamp *lamp);
const struct lamp_state *lamp_state(const struct lamp *lamp, size_t i);

/** Whether it shows a dialog that is not terminated. */
bool lamp_is_lit(const struct lamp *lamp);

/** Whether the first NOTIFY came. */
bool lamp_is_known(const struct lamp *lamp);

/** Of any of PHONE's lamps, the extension of one that is lit; NULL = none is. */
const char *lamp_lit(struct phone *phone);
