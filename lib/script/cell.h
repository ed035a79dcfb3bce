/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A line with its variables put in, byte for byte with the column each came from, and the
 * words it is cut into.  Plain data, in the scratch arena of the line; phrase.h makes them.
 */
#include <stdbool.h>
#include <stddef.h>

struct page_line;
struct script_piece;

/** One byte, or a variable whose value is not known before the case is played. */
struct cell {
	const struct script_piece *late;	/* else NULL */
	unsigned column;
	char byte;			/* of a late one '$' */
};

struct phrase {
	const struct page_line *line;
	struct cell *cells;
	size_t count;
};

/** A word. */
struct token {
	const char *text;		/* terminated; late variables as written */
	struct cell *cells;		/* quotes taken off */
	size_t count;
	size_t start, end;		/* its cells in the phrase, quotes and all */
	unsigned column;
	bool is_quoted, is_late;
};
