/* SPDX-License-Identifier: MIT */
#pragma once
/* A line being read, word by word, and the details below it. */
#include "script/case.h"
#include "script/cell.h"

struct page_line;
struct parse;

struct sentence {
	const struct page_line *line, *details;
	size_t detail_count;
	struct phrase phrase;
	struct token *tokens;
	size_t count;
	size_t at;			/* the next token to read */
};

/** The sentence of LINE: variables are replaced, and the text is cut into words. */
struct sentence sentence_begin(struct parse *parse, const struct page_line *line);

/** The next token, or NULL at the end of the sentence. */
const struct token *sentence_next(const struct sentence *sentence);

/** Takes the next token if it is WORD, not quoted. */
bool sentence_takes(struct sentence *sentence, const char *word);

/** The next token, taken; if there is none, NULL and a fault: `VERB lacks WHAT`. */
const struct token *sentence_take(struct parse *parse, struct sentence *sentence,
				  const char *what);

/** The same as a string. */
const char *sentence_take_plain(struct parse *parse, struct sentence *sentence,
				const char *what);

/** Whether SENTENCE has no words left; reports a fault if it has. */
bool sentence_ends(struct parse *parse, const struct sentence *sentence);

/** Reports a fault if details follow the sentence. */
void sentence_is_alone(struct parse *parse, const struct sentence *sentence);

/** Takes the rest of the sentence and returns its cells, with variables replaced and
 *  quotes kept; NULL, with a fault reported, if nothing is left. */
const struct cell *sentence_rest(struct parse *parse, struct sentence *sentence,
				 const char *what, size_t *count);

/** The place of TOKEN up to the end of the sentence. */
struct script_place sentence_place(const struct sentence *sentence,
				   const struct token *token);

/** The same of the cell at INDEX of the phrase. */
struct script_place sentence_place_of(const struct phrase *phrase, size_t index);
