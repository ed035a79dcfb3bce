/* SPDX-License-Identifier: MIT */
#pragma once
/* What the daemon remembers of the time since a mark, fetched whole: events of the journal, and messages
 * if they are asked for. */
#include "base/arena.h"
#include "base/fault.h"
#include "halfcall/message.h"

#include <stdbool.h>

struct evidence_event;

struct evidence {
	const char *path;		/* of the control socket */
	const char *since;		/* a mark, NULL = all that is remembered */
	bool wants_messages;
	struct arena arena;
	struct evidence_event **events;	/* in the order in which they came */
	size_t count;
	struct message_list *messages;	/* NULL = not asked for */
	const char *database;		/* of the daemon */
	long long halves, reservations;	/* now */
	unsigned long long seen;	/* events and messages there had been when it was fetched */
	bool is_fetched;
};

/** Fetches it, again if there is more by now.  0; or EXIT_UNREACHABLE and a sentence: the daemon is gone or is another one, or
 *  some of what is asked for is no longer remembered. */
int evidence_fetch(struct evidence *evidence, struct fault *fault);

void evidence_clear(struct evidence *evidence);

/** The value of KEY as text, or NULL. */
const char *evidence_value(const struct evidence_event *event, const char *key);

/** Its I-th key and value; false: it has fewer. */
bool evidence_pair(const struct evidence_event *event, size_t i, const char **key,
		   const char **value);
