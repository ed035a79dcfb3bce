/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A line in which variables were replaced by their values: each byte with the column it
 * came from, and the words.  Plain data in the arena of the line; made by phrase.h.
 */
#include <stdbool.h>
#include <stddef.h>

struct page_line;
struct script_piece;

/** One byte, or one variable whose value is not known before the case is played (called
 *  late). */
struct cell {
	const struct script_piece *late;	/* the variable; NULL = a byte */
	unsigned column;
	char byte;			/* '$' if it is a variable */
};

struct phrase {
	const struct page_line *line;
	struct cell *cells;
	size_t count;
};

/** A word. */
struct token {
	const char *text;		/* terminated; late variables stand in it as
					 * written */
	struct cell *cells;		/* without the quotes */
	size_t count;
	size_t start, end;		/* its cells in the phrase, including quotes */
	unsigned column;
	bool is_quoted, is_late;
};
