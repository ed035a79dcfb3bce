/* SPDX-License-Identifier: MIT */
#pragma once
/* Details of a script against a message, an event of the journal, or a lamp's dialog. */
#include "base/fault.h"
#include "run/view.h"
#include "script/script.h"

/** What details are compared with; of MESSAGE and KEY one is there. */
struct match_subject {
	const struct view *message;	/* NULL = none */
	const char *(*key)(void *context, const char *name);	/* NULL = it has no such key */
	void *context;
	const char *const *sent_bodies;	/* what `body = sent` may be */
	size_t sent_count;
};

/** What the player knows while it plays. */
struct match_names {
	script_value *value;		/* of a variable */
	void (*capture)(void *context, const char *name, const char *value);
	void *context;
	struct arena *arena;		/* where values live */
};

/**
 * Whether each of the COUNT DETAILS that asks for something holds; those that say what is sent are
 * passed over.  false: *WRONG is the detail and FAULT says how it differs.  Captures are told only
 * if all hold.
 */
bool match_details(const struct script_detail *details, size_t count,
		   const struct match_subject *subject, const struct match_names *names,
		   const struct script_detail **wrong, struct fault *fault);

/** Whether the detail says what is sent. */
bool match_is_sent(const struct script_detail *detail);

bool match_is_in(const struct script_range *range, size_t number);
