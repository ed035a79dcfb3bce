/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A line with its variables put in, byte for byte with the column each came from, and the
 * words it is cut into.  Lives in the scratch arena of the line.
 */
#include "script/page.h"
#include "script/script.h"

struct parse;

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

/** LINE expanded; where HAS_QUOTES, not inside of them.  Faults make the line blind. */
void phrase_expand(struct parse *parse, const struct page_line *line, bool has_quotes,
		   struct phrase *phrase);

/** The words of PHRASE; faults make the line blind. */
struct token *phrase_split(struct parse *parse, const struct phrase *phrase,
			   size_t *count);

/** COUNT cells as text in ARENA: late variables as written. */
char *phrase_string(struct arena *arena, const struct cell *cells, size_t count);

/** COUNT cells as a text of a step, in the script's arena. */
struct script_text phrase_text(struct parse *parse, const struct cell *cells,
			       size_t count);

/** Whether TOKEN is WORD and not quoted. */
bool token_is(const struct token *token, const char *word);

/** TOKEN as a text of a step; as a plain string, or a fault and NULL if it is late. */
struct script_text token_text(struct parse *parse, const struct token *token);
const char *token_plain(struct parse *parse, const struct token *token);

/** TOKEN as a number LEAST..MOST; else a fault that begins with WHAT, and false. */
bool token_number(struct parse *parse, const struct token *token, const char *what,
		  unsigned least, unsigned most, unsigned *number);
