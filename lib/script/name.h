/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Tables of the names that a script may use and that are not words of the language:
 * findings, breaks, faults, needs, states, keys and events of the journal.  Each ends with a NULL
 * name.
 */
#include <stdbool.h>
#include <stddef.h>

struct nearest;

struct name {
	const char *name, *help;
};

extern const struct name script_phases[];
extern const struct name script_halves[];
extern const struct name script_states[];
extern const struct name script_transports[];	/* in the order of enum script_transport */
extern const struct name script_needs[];	/* in the order of enum script_need */
extern const struct name script_findings[];
extern const struct name script_breaks[];
extern const struct name script_methods[];	/* of SIP; a script may use others too */
extern const struct name script_journal_keys[];
extern const struct name script_events[];	/* of the journal */

/** The argument that follows the name of a fault's action. */
enum name_value { NAME_NOTHING, NAME_MS, NAME_STATUS, NAME_TEXT };

struct name_action {
	const char *name, *help;
	enum name_value value;
};

extern const struct name_action script_actions[];

/** The index of NAME in TABLE, or -1. */
int name_find(const struct name *table, const char *name);

/** Offers every name of TABLE as a possible correction of a misspelt one. */
void name_offer(const struct name *table, struct nearest *nearest);

/** The action with this name, or NULL; the second function offers all names as
 *  corrections. */
const struct name_action *name_action_find(const char *name);
void name_offer_actions(struct nearest *nearest);

/** Whether NAME can name a variable or a tag: a letter, then letters, digits, - and _;
 *  but not "env". */
bool name_is_plain(const char *name);
