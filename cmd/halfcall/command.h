/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Every command of halfcall(1), in one table: its name, sent to the daemon as "command";
 * its arguments, sent as further members; and the columns in which the rows are printed.
 */
#include "ctl/client.h"

#include <stdbool.h>
#include <stdio.h>

enum argument_kind {
	ARGUMENT_NONE,		/* the end of the list */
	ARGUMENT_WORD,		/* required, by its place */
	ARGUMENT_FILE,		/* the same, a path; it is not sent */
	ARGUMENT_NUMBER,	/* --key N */
	ARGUMENT_TEXT,		/* --key TEXT */
	ARGUMENT_FLAG,		/* --key */
};

struct argument {
	const char *key;
	enum argument_kind kind;
};

enum { ARGUMENTS = 6, COLUMNS = 24 };

/** A member of a row and how it is titled. */
struct column {
	const char *key, *title;
};

enum layout {
	LAYOUT_TABLE,		/* one row a line, under titles */
	LAYOUT_LINES,		/* the same without titles */
	LAYOUT_CARD,		/* one row, one member a line */
	LAYOUT_EXPLAIN,		/* explain.h */
	LAYOUT_MESSAGES,	/* message.h: as text */
	LAYOUT_LADDER,
	LAYOUT_SAVE,
	LAYOUT_CASE,
	LAYOUT_FOLLOW,		/* follow.h */
};

struct command {
	const char *name;	/* noun and verb; a verb that needs no noun stands alone */
	const char *help;
	struct argument arguments[ARGUMENTS];
	enum layout layout;
	struct column columns[COLUMNS];
	const char *question;	/* what the daemon is asked, where that is another command */
	const char *flags[2];	/* further members of the question that are true */
};

/** What the arguments say besides the question. */
struct command_options {
	bool is_json;
	const char *file;	/* ARGUMENT_FILE, borrowed; NULL = there is none */
};

/** Ends with a NULL name. */
extern const struct command commands[];

/** The command that WORDS begin with and how many of them are its name, or NULL. */
const struct command *command_find(char *const *words, size_t count, size_t *used);

/** Puts the arguments in WORDS into QUESTION or OPTIONS.  0, or -EINVAL and a sentence. */
int command_read(const struct command *command, char *const *words, size_t count,
		 struct client_question *question, struct command_options *options,
		 struct fault *fault);

/** The question that COMMAND asks, still without its arguments; the caller's. */
struct client_question *command_question(const struct command *command);

/** "journal show [--last N]" */
void command_print_usage(const struct command *command, FILE *out);

/** Whether it has any number of rows, so that JSON is a list. */
bool command_is_list(const struct command *command);

/** Whether its rows are messages, of which something is made (message.h). */
bool command_is_drawn(const struct command *command);
