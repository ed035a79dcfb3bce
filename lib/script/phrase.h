/* SPDX-License-Identifier: MIT */
#pragma once
/* Turns a line into a phrase (cells), a phrase into words, and cells into text. */
#include "base/arena.h"
#include "script/case.h"
#include "script/cell.h"

struct page_line;
struct parse;

/** Replaces the variables of LINE by their values, except inside quotes if HAS_QUOTES.  A
 *  fault makes the line blind. */
void phrase_expand(struct parse *parse, const struct page_line *line, bool has_quotes,
		   struct phrase *phrase);

/** The words of PHRASE; a fault makes the line blind. */
struct token *phrase_split(struct parse *parse, const struct phrase *phrase,
			   size_t *count);

/** COUNT cells as text in ARENA, with late variables as written. */
char *phrase_string(struct arena *arena, const struct cell *cells, size_t count);

/** COUNT cells as a text of a step, in the script's arena. */
struct script_text phrase_text(struct parse *parse, const struct cell *cells,
			       size_t count);
