/* SPDX-License-Identifier: MIT */
/* Reads the terms at the end of a sentence: -> codes, after, within, count, none. */
#include "script/grammar.h"
#include "script/vector.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MS_MAX = 3600 * 1000, COUNT_MAX = 1000000 };

bool term_begins(const struct token *token)
{
	return !token->is_quoted && !token->is_late && word_find(WORD_TERM, token->text);
}

/* Reads a number with at most three decimals, in thousandths; false if TEXT is not one or
 * is too large. */
static bool thousandths(const char *text, unsigned *number)
{
	size_t whole = strspn(text, "0123456789"), decimals = 0;
	unsigned long value = whole && whole <= 5 ? strtoul(text, NULL, 10) : MS_MAX;

	if (!whole)
		return false;
	text += whole;
	if (*text == '.') {
		decimals = strspn(++text, "0123456789");
		if (!decimals)
			return false;
	}
	if (decimals > 3 || text[decimals])
		return false;
	for (size_t i = 0; i < 3; i++)
		value = value * 10 + (i < decimals ? (unsigned)(text[i] - '0') : 0);
	*number = (unsigned)value;
	return value <= MS_MAX;
}

bool term_seconds(struct parse *parse, struct sentence *sentence, const char *what,
		  unsigned *ms)
{
	const struct token *number = sentence_take(parse, sentence, "a time, like 0.5 s");

	if (!number)
		return false;
	if (!thousandths(number->text, ms)) {
		parse_fault_at(
			parse, number,
			"`%s` wants seconds up to an hour, like 0.5 s, not \"%.100s\"",
			what, number->text);
		return false;
	}
	if (sentence_takes(sentence, "s"))
		return true;
	parse_fault_at(parse, number, "the unit is missing behind %.100s: write %.100s s",
		       number->text, number->text);
	return false;
}

/* Reads FIRST..LAST in TEXT; if IS_OPEN, LAST may be missing. */
static bool read_range(const char *text, bool is_open, struct script_range *range)
{
	size_t digits = strspn(text, "0123456789"), more;

	if (!digits || digits > 7)
		return false;
	range->least = range->most = (unsigned)strtoul(text, NULL, 10);
	text += digits;
	if (!*text)
		return true;
	if (strncmp(text, "..", 2) != 0)
		return false;
	text += 2;
	more = strspn(text, "0123456789");
	if (text[more] || more > 7 || (!more && !is_open))
		return false;
	range->most = more ? (unsigned)strtoul(text, NULL, 10) : SCRIPT_NO_END;
	return true;
}

bool term_range(struct parse *parse, const struct token *token,
		struct script_range *range)
{
	if (!read_range(token->text, true, range)) {
		parse_fault_at(parse, token, "a count is N, N.. or N..N, not \"%.100s\"",
			       token->text);
		return false;
	}
	if (range->least > range->most || range->least > COUNT_MAX) {
		parse_fault_at(parse, token,
			       "\"%.100s\" is no range: its end is below its "
			       "beginning, or it is beyond %d",
			       token->text, COUNT_MAX);
		return false;
	}
	return true;
}

static void read_code(struct parse *parse, const struct token *token,
		      struct script_range **codes, size_t *count)
{
	struct script_range range;

	if (!read_range(token->text, false, &range))
		parse_fault_at(parse, token, "a code is a number, not \"%.100s\"",
			       token->text);
	else if (range.least < 200 || range.most > 699 || range.least > range.most)
		parse_fault_at(parse, token,
			       "-> takes final answers, 200 to 699, not \"%.100s\"",
			       token->text);
	else
		VECTOR_ADD(parse->arena, *codes, *count, range);
}

static void read_codes(struct parse *parse, struct sentence *sentence,
		       struct script_terms *terms)
{
	const struct token *token = sentence_take(parse, sentence, "a code, or none");
	struct script_range *codes = NULL;

	terms->code_count = 0;
	if (!token)
		return;
	if (token_is(token, "none")) {
		terms->is_silence = true;
		return;
	}
	for (;;) {
		read_code(parse, token, &codes, &terms->code_count);
		token = sentence_next(sentence);
		if (!token || !isdigit((unsigned char)*token->text))
			break;
		sentence->at++;
	}
	terms->codes = codes;
}

/* Reads one term, whose name has been taken. */
static void read_term(struct parse *parse, struct sentence *sentence, unsigned term,
		      struct script_terms *terms)
{
	const struct token *token;

	switch (term) {
	case TERM_CODES:
		read_codes(parse, sentence, terms);
		break;
	case TERM_AFTER:
		terms->has_after =
			term_seconds(parse, sentence, "after", &terms->after_ms);
		break;
	case TERM_WITHIN:
		terms->has_within =
			term_seconds(parse, sentence, "within", &terms->within_ms);
		break;
	case TERM_COUNT:
		token = sentence_take(parse, sentence, "a number or a range");
		terms->has_count = token && term_range(parse, token, &terms->count);
		break;
	default:
		terms->is_none = true;
		break;
	}
}

static unsigned term_of(const struct token *token)
{
	static const struct {
		const char *name;
		unsigned term;
	} terms[] = { { "->", TERM_CODES },
		      { "after", TERM_AFTER },
		      { "within", TERM_WITHIN },
		      { "count", TERM_COUNT },
		      { "none", TERM_NONE } };

	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		if (token_is(token, terms[i].name))
			return terms[i].term;
	return 0;
}

void term_read(struct parse *parse, struct sentence *sentence, const struct word *word,
	       struct script_step *step)
{
	struct script_terms *terms = &step->terms;
	const struct token *token;
	unsigned seen = 0;

	while ((token = sentence_next(sentence))) {
		unsigned term = term_of(token);

		if (!term) {
			sentence_ends(parse, sentence);
			return;
		}
		if (!(word->terms & term)) {
			parse_fault_at(parse, token, "`%s` takes no `%s`", word->name,
				       token->text);
			return;
		}
		if (seen & term)
			parse_fault_at(parse, token, "`%s` is said twice", token->text);
		seen |= term;
		sentence->at++;
		read_term(parse, sentence, term, terms);
	}
	if (terms->is_none && terms->has_count)
		parse_fault_at(parse, &sentence->tokens[sentence->count - 1],
			       "`none` and `count` exclude each other");
}
