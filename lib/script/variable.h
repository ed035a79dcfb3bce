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
	VARIABLE_ADDRESS,	/* CM, PROXY, players: known when played; has host and port */
	VARIABLE_DOMAIN,	/* known when played */
	VARIABLE_CAPTURE,	/* after `as`: known when played */
	VARIABLE_UNKNOWN,	/* a fault was told: lines that use it are blind */
};

struct variable {
	struct index_entry entry;
	const char *name;
	enum variable_kind kind;
	bool is_fixed;			/* by --set */
	const struct cell *cells;	/* of a value or column */
	size_t count;
};

/** Those of every case, and what --set says. */
void variable_start(struct parse *parse);

/** The variable with LENGTH bytes at NAME, or NULL. */
struct variable *variable_find(struct parse *parse, const char *name, size_t length);

/** A new one, or the old one of this name with another KIND and no value. */
struct variable *variable_put(struct parse *parse, const char *name,
			      enum variable_kind kind);

/** Gives it a copy of COUNT CELLS as its value. */
void variable_assign(struct parse *parse, struct variable *variable,
		     const struct cell *cells, size_t count);

/** Takes it away. */
void variable_drop(struct parse *parse, const char *name);

/** Offers the names of all. */
void variable_offer(struct parse *parse, struct nearest *nearest);

/** Whether NAME, said at TOKEN, may become the name of a variable of KIND; else a fault. */
bool variable_may_be(struct parse *parse, const struct token *token,
		     enum variable_kind kind);
