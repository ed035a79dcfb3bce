/* SPDX-License-Identifier: MIT */
#pragma once
/* How a line becomes a phrase, a phrase words, and cells a text. */
#include "base/arena.h"
#include "script/case.h"
#include "script/cell.h"

struct page_line;
struct parse;

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
