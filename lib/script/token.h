/* SPDX-License-Identifier: MIT */
#pragma once
/* Reads a token as a word, a text or a number. */
#include "script/case.h"
#include "script/cell.h"

struct parse;

/** Whether TOKEN is WORD and not quoted. */
bool token_is(const struct token *token, const char *word);

/** TOKEN as a text of a step.  The second returns it as a string, or NULL, with a fault
 *  reported, if it has a late variable. */
struct script_text token_text(struct parse *parse, const struct token *token);
const char *token_plain(struct parse *parse, const struct token *token);

/** Reads TOKEN as a number LEAST..MOST; false, and reports a fault that begins with WHAT,
 *  if it is none. */
bool token_number(struct parse *parse, const struct token *token, const char *what,
		  unsigned least, unsigned most, unsigned *number);
