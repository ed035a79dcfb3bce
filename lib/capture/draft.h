/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A script (halfcall-run(5)) from a call that passed: what telephones must have done and heard, so that
 * this program saw what it saw.  A draft, to be read and completed: what the proxy did by itself,
 * a challenge or a fork, is not in it.
 */
#include "capture/sighting.h"

#include <stdio.h>

/** What the journal says about the call; text may be NULL. */
struct draft_event {
	const char *event, *rule, *extension, *to;
};

struct draft_call {
	const struct sighting *messages;	/* of one call, as they passed */
	size_t message_count;
	const struct draft_event *events;
	size_t event_count;
	/** The extension of the station that has NUMBER, or NULL: it is outside. */
	const char *(*station)(void *context, const char *number);
	void *context;
};

/** Writes the script to OUT.  False: there is no INVITE among the messages. */
bool draft_write(const struct draft_call *call, FILE *out);
