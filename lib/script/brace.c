/* SPDX-License-Identifier: MIT */
/* Replaces {1..10} and {a,b} in a word by several words. */
#include "script/grammar.h"
#include "script/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 255 };

/* The items of one pair of braces. */
struct brace {
	char **items;
	size_t count;
};

static bool too_many(struct parse *parse, const struct token *token)
{
	parse_fault_at(parse, token, "the braces make more than %d words",
		       SCRIPT_BRACES_MAX);
	return false;
}

/* Reads FIRST..LAST, ascending or descending; leading zeros are kept. */
static bool read_numbers(struct parse *parse, const struct token *token, const char *text,
			 struct brace *brace)
{
	size_t width = strspn(text, "0123456789"), digits;
	const char *to = text + width + 2;
	long first, last;

	digits = strspn(to, "0123456789");
	if (!digits || to[digits] || width > 9 || digits > 9) {
		parse_fault_at(parse, token,
			       "{%.100s} is no range of numbers like {1..10}", text);
		return false;
	}
	first = strtol(text, NULL, 10);
	last = strtol(to, NULL, 10);
	if (labs(last - first) >= SCRIPT_BRACES_MAX)
		return too_many(parse, token);
	for (long number = first;; number += first < last ? 1 : -1) {
		char *item = arena_printf(&parse->scratch, "%0*ld",
					  *text == '0' ? (int)width : 1, number);

		VECTOR_ADD(&parse->scratch, brace->items, brace->count, item);
		if (number == last)
			return true;
	}
}

static bool read_list(struct parse *parse, const struct token *token, const char *text,
		      struct brace *brace)
{
	if (!strchr(text, ',')) {
		parse_fault_at(parse, token,
			       "{%.100s} is neither {1..10} nor a list like {a,b}", text);
		return false;
	}
	for (const char *at = text;; at++) {
		size_t length = strcspn(at, ",");
		char *item = arena_strndup(&parse->scratch, at, length);

		if (!length) {
			parse_fault_at(parse, token, "{%.100s} has an empty place", text);
			return false;
		}
		if (brace->count == SCRIPT_BRACES_MAX)
			return too_many(parse, token);
		VECTOR_ADD(&parse->scratch, brace->items, brace->count, item);
		at += length;
		if (!*at)
			return true;
	}
}

/* Combines every text in TEXTS with every item of BRACE. */
static bool multiply(struct parse *parse, const struct token *token, struct brace *texts,
		     const struct brace *brace)
{
	struct brace product = { 0 };

	if (texts->count * brace->count > SCRIPT_BRACES_MAX)
		return too_many(parse, token);
	for (size_t i = 0; i < texts->count; i++)
		for (size_t j = 0; j < brace->count; j++) {
			char *text = arena_printf(&parse->scratch, "%s%s",
						  texts->items[i], brace->items[j]);

			VECTOR_ADD(&parse->scratch, product.items, product.count, text);
		}
	*texts = product;
	return true;
}

/* Expands TEXT, one pair of braces after the other. */
static bool expand(struct parse *parse, const struct token *token, const char *text,
		   struct brace *texts)
{
	while (*text) {
		size_t plain = strcspn(text, "{}");
		struct brace brace = { 0 };
		char *part = arena_strndup(&parse->scratch, text, plain);

		text += plain;
		if (*text == '{') {
			size_t length = strcspn(++text, "{}");
			char *inside = arena_strndup(&parse->scratch, text, length);
			size_t digits = strspn(inside, "0123456789");

			if (text[length] != '}') {
				parse_fault_at(parse, token,
					       "a brace is opened and not closed");
				return false;
			}
			text += length + 1;
			VECTOR_ADD(&parse->scratch, brace.items, brace.count, part);
			if (!multiply(parse, token, texts, &brace))
				return false;
			brace = (struct brace){ 0 };
			if (!(digits && strncmp(inside + digits, "..", 2) == 0
				      ? read_numbers(parse, token, inside, &brace)
				      : read_list(parse, token, inside, &brace)))
				return false;
		} else if (*text == '}') {
			parse_fault_at(parse, token, "a brace is closed and not opened");
			return false;
		} else {
			VECTOR_ADD(&parse->scratch, brace.items, brace.count, part);
		}
		if (!multiply(parse, token, texts, &brace))
			return false;
	}
	return true;
}

struct token *brace_expand(struct parse *parse, const struct token *token, size_t *count)
{
	struct brace texts = { 0 };
	struct token *tokens;
	char *empty = arena_strdup(&parse->scratch, "");

	*count = 0;
	if (token->is_late || !strpbrk(token->text, "{}")) {
		tokens = arena_alloc(&parse->scratch, sizeof *tokens);
		*tokens = *token;
		*count = 1;
		return tokens;
	}
	if (token->count > WORD_MAX) {
		parse_fault_at(parse, token, "a word with braces has at most %d bytes",
			       WORD_MAX);
		return NULL;
	}
	VECTOR_ADD(&parse->scratch, texts.items, texts.count, empty);
	if (!expand(parse, token, token->text, &texts) ||
	    !parse_may_go_on(parse, parse->line, texts.count * strlen(token->text)))
		return NULL;
	tokens = arena_alloc(&parse->scratch, texts.count * sizeof *tokens);
	for (size_t i = 0; i < texts.count; i++) {
		size_t length = strlen(texts.items[i]);

		tokens[i] = *token;
		tokens[i].text = texts.items[i];
		tokens[i].count = length;
		tokens[i].cells =
			arena_alloc(&parse->scratch, (length + 1) * sizeof(struct cell));
		for (size_t j = 0; j < length; j++) {
			tokens[i].cells[j].byte = texts.items[i][j];
			tokens[i].cells[j].column = token->column;
		}
	}
	*count = texts.count;
	return tokens;
}
