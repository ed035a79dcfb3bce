/* SPDX-License-Identifier: MIT */
#pragma once
/* The variables of a case while it is read. */
#include "base/index.h"
#include "script/cell.h"

struct nearest;
struct parse;

enum variable_kind {
	VARIABLE_VALUE,		/* `set`, --set, a word of `for` */
	VARIABLE_COLUMN,	/* of the table */
	VARIABLE_ADDRESS,	/* CM, PROXY or a player: its value is known when the
				 * case is played; has host and port */
	VARIABLE_DOMAIN,	/* its value is known when the case is played */
	VARIABLE_CAPTURE,	/* a name after `as`: its value is known when the case
				 * is played */
	VARIABLE_UNKNOWN,	/* a fault was reported: lines that use it are blind */
};

struct variable {
	struct index_entry entry;
	const char *name;
	enum variable_kind kind;
	bool is_fixed;			/* set by --set, which `set` does not change */
	const struct cell *cells;	/* of a value or column */
	size_t count;
};

/** Adds the variables that every case has, and those of --set. */
void variable_start(struct parse *parse);

/** The variable with LENGTH bytes at NAME, or NULL. */
struct variable *variable_find(struct parse *parse, const char *name, size_t length);

/** Adds a variable of KIND without a value; one of the same name is replaced. */
struct variable *variable_put(struct parse *parse, const char *name,
			      enum variable_kind kind);

/** Sets the value of VARIABLE to a copy of COUNT CELLS. */
void variable_assign(struct parse *parse, struct variable *variable,
		     const struct cell *cells, size_t count);

/** Removes the variable NAME. */
void variable_drop(struct parse *parse, const char *name);

/** Offers the names of all variables as corrections of a misspelt one. */
void variable_offer(struct parse *parse, struct nearest *nearest);

/** Whether NAME, at TOKEN, can become the name of a variable of KIND; reports a fault if
 *  not. */
bool variable_may_be(struct parse *parse, const struct token *token,
		     enum variable_kind kind);
