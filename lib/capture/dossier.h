/* SPDX-License-Identifier: MIT */
#pragma once
/* All that is known about one call that passed. */
#include "capture/sighting.h"

#include <stdio.h>

/** What the journal says about the call; text may be NULL. */
struct dossier_event {
	const char *event, *rule, *extension, *to;
};

struct dossier {
	const struct sighting *messages;	/* of one call, as they passed */
	size_t message_count;
	const struct dossier_event *events;
	size_t event_count;
	/** The extension of the station that has NUMBER, or NULL: it is outside. */
	const char *(*station)(void *context, const char *number);
	/** Writes to OUT, a line `sql ...` each, what the database says of the COUNT stations and
	 *  of the numbers that are dialled.  False: that cannot be told; the draft then guesses
	 *  from the events.  NULL = the same. */
	bool (*office)(void *context, const char *const *extensions, size_t count,
		       FILE *out);
	void *context;
};
