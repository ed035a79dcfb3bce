/* SPDX-License-Identifier: MIT */
#pragma once
/* A word, and what it is taken for: itself, a text, a number. */
#include "script/case.h"
#include "script/cell.h"

struct parse;

/** Whether TOKEN is WORD and not quoted. */
bool token_is(const struct token *token, const char *word);

/** TOKEN as a text of a step; as a plain string, or a fault and NULL if it is late. */
struct script_text token_text(struct parse *parse, const struct token *token);
const char *token_plain(struct parse *parse, const struct token *token);

/** TOKEN as a number LEAST..MOST; else a fault that begins with WHAT, and false. */
bool token_number(struct parse *parse, const struct token *token, const char *what,
		  unsigned least, unsigned most, unsigned *number);
