/* SPDX-License-Identifier: MIT */
#include "script/token.h"

#include "script/parse.h"
#include "script/phrase.h"

#include <stdlib.h>
#include <string.h>

bool token_is(const struct token *token, const char *word)
{
	return !token->is_quoted && !token->is_late && strcmp(token->text, word) == 0;
}

struct script_text token_text(struct parse *parse, const struct token *token)
{
	return phrase_text(parse, token->cells, token->count);
}

const char *token_plain(struct parse *parse, const struct token *token)
{
	if (token->is_late) {
		parse_fault_at(
			parse, token,
			"%.100s is known only when the case is played; here it must "
			"be known before",
			token->text);
		return NULL;
	}
	return arena_strdup(parse->arena, token->text);
}

bool token_number(struct parse *parse, const struct token *token, const char *what,
		  unsigned least, unsigned most, unsigned *number)
{
	size_t digits = strspn(token->text, "0123456789");
	unsigned long value = digits <= 9 ? strtoul(token->text, NULL, 10) : (unsigned)-1;

	if (digits && !token->text[digits] && value >= least && value <= most) {
		*number = (unsigned)value;
		return true;
	}
	parse_fault_at(parse, token, "%s a number from %u to %u, not \"%.100s\"", what,
		       least, most, token->text);
	return false;
}
