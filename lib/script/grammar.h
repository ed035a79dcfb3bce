/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The parts of the grammar, a file each, called by its prefix, and the headers that all of them
 * need.  Private to this room.
 */
#include "script/parse.h"
#include "script/phrase.h"
#include "script/player.h"
#include "script/sentence.h"
#include "script/token.h"
#include "script/word.h"

/** A setting other than `include`; FRAME is what it begins with. */
void setting_read(struct parse *parse, struct sentence *sentence, enum word_frame frame);

/** `phones ...` */
void phones_read(struct parse *parse, struct sentence *sentence);

/** `table ...` and `row ...` */
void rows_read(struct parse *parse, struct sentence *sentence, enum word_frame frame);

/** What stands behind `fault`, into STEP. */
void mending_read_fault(struct parse *parse, struct sentence *sentence,
			struct script_step *step);

/** `sql` and `config`, settings or steps, into STEP. */
void mending_read(struct parse *parse, struct sentence *sentence, enum word_frame frame,
		  struct script_step *step);

/** A verb and what follows it, up to the terms, into STEP; what may follow, into WORD.  False
 *  and a fault if there is no such verb, or it makes no sense. */
bool act_read(struct parse *parse, struct sentence *sentence, struct script_step *step,
	      struct word *word);

/** Whether STEP is a wait, or says what must come of it. */
bool act_judges(const struct script_step *step);

/** What stands behind `expect` and behind `allow`, up to the terms, as act_read(). */
bool fact_read(struct parse *parse, struct sentence *sentence, struct script_step *step,
	       struct word *word);
bool fact_read_allowed(struct parse *parse, struct sentence *sentence,
		       struct script_step *step, struct word *word);

/** What stands behind `wait`, `proxy`, `daemon`, `exec`, as act_read(). */
bool object_read(struct parse *parse, struct sentence *sentence, enum word_frame frame,
		 struct script_step *step, struct word *word);

/** CODE [METHOD] | METHOD; false and a fault if it is neither. */
bool message_read(struct parse *parse, struct sentence *sentence,
		  struct script_message *message);

/** What is in no queue: 100 and ACK; a fault and true. */
bool message_is_never_heard(struct parse *parse, const struct token *token,
			    const struct script_message *message);

/** A method, as it stands, or NULL and a fault. */
const char *message_method(struct parse *parse, const struct token *token);

/** States of a lamp up to a term or the end. */
void lamp_read(struct parse *parse, struct sentence *sentence, struct script_step *step);

/** The terms that WORD may end with; all that is left must be such. */
void term_read(struct parse *parse, struct sentence *sentence, const struct word *word,
	       struct script_step *step);

/** N | N.. | N..N, or a fault and false. */
bool term_range(struct parse *parse, const struct token *token,
		struct script_range *range);

/** N s: into *MS, or a fault and false. */
bool term_seconds(struct parse *parse, struct sentence *sentence, const char *what,
		  unsigned *ms);

/** Whether TOKEN begins a term. */
bool term_begins(const struct token *token);

/** The details of a sentence about WORD, into STEP; IS_GROUP: braces make several of it. */
void detail_read(struct parse *parse, const struct sentence *sentence,
		 const struct word *word, bool is_group, struct script_step *step);

/** SELECTOR at *AT of PHRASE; *AT is then behind it.  False and a fault if it is none. */
bool selector_read(struct parse *parse, const struct phrase *phrase, size_t *at,
		   struct script_selector *selector);

/** The words of TOKEN with its braces resolved, COUNT of them; a fault and NULL. */
struct token *brace_expand(struct parse *parse, const struct token *token, size_t *count);

/** The page of the file behind `include`, opened once however often it is included; or NULL and
 *  a fault: there is none, it is being read already, or these are too many.  NULL if blind. */
const struct page *file_include(struct parse *parse, struct sentence *sentence);

/** The path of the file that COUNT cells at COLUMN name; a fault if it cannot be read. */
struct script_text file_read(struct parse *parse, const struct cell *cells, size_t count,
			     unsigned column);

/** All lines of PAGE. */
void block_read(struct parse *parse, const struct page *page);
