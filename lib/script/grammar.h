/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The functions that read the parts of the grammar; each begins with the name of its
 * file.  Includes the headers that those files need.  Private to this room.
 */
#include "script/parse.h"
#include "script/phrase.h"
#include "script/player.h"
#include "script/sentence.h"
#include "script/token.h"
#include "script/word.h"

/** Reads a setting other than `include`; FRAME is its first word. */
void setting_read(struct parse *parse, struct sentence *sentence, enum word_frame frame);

/** `phones ...` */
void phones_read(struct parse *parse, struct sentence *sentence);

/** `table ...` and `row ...` */
void rows_read(struct parse *parse, struct sentence *sentence, enum word_frame frame);

/** Reads what follows `fault` into STEP. */
void mending_read_fault(struct parse *parse, struct sentence *sentence,
			struct script_step *step);

/** Reads `sql` and `config`, as settings or as steps, into STEP. */
void mending_read(struct parse *parse, struct sentence *sentence, enum word_frame frame,
		  struct script_step *step);

/** Reads a verb and what follows it, up to the terms, into STEP, and sets *WORD to the
 *  verb's row of the table of words.  False, with a fault reported, if there is no such
 *  verb or it makes no sense. */
bool act_read(struct parse *parse, struct sentence *sentence, struct script_step *step,
	      struct word *word);

/** Whether STEP can fail the case: it is a wait, or has a term that names the expected
 *  result. */
bool act_judges(const struct script_step *step);

/** Reads what follows `expect` or `allow`, up to the terms, as act_read() does. */
bool fact_read(struct parse *parse, struct sentence *sentence, struct script_step *step,
	       struct word *word);
bool fact_read_allowed(struct parse *parse, struct sentence *sentence,
		       struct script_step *step, struct word *word);

/** Reads what follows `wait`, `proxy`, `daemon` or `exec`, as act_read() does. */
bool object_read(struct parse *parse, struct sentence *sentence, enum word_frame frame,
		 struct script_step *step, struct word *word);

/** Reads CODE [METHOD] or METHOD; false, with a fault reported, if it is neither. */
bool message_read(struct parse *parse, struct sentence *sentence,
		  struct script_message *message);

/** True, with a fault reported, for messages that players never hear: 100 and ACK. */
bool message_is_never_heard(struct parse *parse, const struct token *token,
			    const struct script_message *message);

/** The method that the next token names, or NULL, with a fault reported. */
const char *message_method(struct parse *parse, const struct token *token);

/** Reads states of a lamp up to a term or the end of the sentence. */
void lamp_read(struct parse *parse, struct sentence *sentence, struct script_step *step);

/** Reads the terms that WORD may end with; anything else that is left is a fault. */
void term_read(struct parse *parse, struct sentence *sentence, const struct word *word,
	       struct script_step *step);

/** Reads N, N.. or N..N; false, with a fault reported, if it is none of them. */
bool term_range(struct parse *parse, const struct token *token,
		struct script_range *range);

/** Reads `N s` into *MS; false, with a fault reported, if it is not that. */
bool term_seconds(struct parse *parse, struct sentence *sentence, const char *what,
		  unsigned *ms);

/** Whether TOKEN begins a term. */
bool term_begins(const struct token *token);

/** Reads the details of SENTENCE, whose verb is WORD, into STEP.  IS_GROUP: the sentence
 *  stands for several because of braces. */
void detail_read(struct parse *parse, const struct sentence *sentence,
		 const struct word *word, bool is_group, struct script_step *step);

/** Reads the selector at *AT of PHRASE and moves *AT behind it.  False, with a fault
 *  reported, if there is none. */
bool selector_read(struct parse *parse, const struct phrase *phrase, size_t *at,
		   struct script_selector *selector);

/** The words that the braces in TOKEN make, COUNT of them; NULL, with a fault reported,
 *  if a brace is malformed. */
struct token *brace_expand(struct parse *parse, const struct token *token, size_t *count);

/** The page of the file named after `include`; each file is opened once.  NULL, with a
 *  fault reported, if the file does not exist, includes itself, or is one too many; NULL
 *  without a fault if the line is blind (parse.h). */
const struct page *file_include(struct parse *parse, struct sentence *sentence);

/** The path of the file that COUNT cells at COLUMN name; reports a fault if it cannot be
 *  read. */
struct script_text file_read(struct parse *parse, const struct cell *cells, size_t count,
			     unsigned column);

/** Reads all lines of PAGE. */
void block_read(struct parse *parse, const struct page *page);
