/* SPDX-License-Identifier: MIT */
#include "script/sentence.h"

#include "base/nearest.h"
#include "script/parse.h"
#include "script/phrase.h"
#include "script/token.h"
#include "script/word.h"

struct sentence sentence_begin(struct parse *parse, const struct page_line *line)
{
	struct sentence sentence = { .line = line };

	parse->line = line;
	phrase_expand(parse, line, true, &sentence.phrase);
	sentence.tokens = phrase_split(parse, &sentence.phrase, &sentence.count);
	return sentence;
}

const struct token *sentence_next(const struct sentence *sentence)
{
	return sentence->at < sentence->count ? &sentence->tokens[sentence->at] : NULL;
}

bool sentence_takes(struct sentence *sentence, const char *word)
{
	const struct token *next = sentence_next(sentence);

	if (!next || !token_is(next, word))
		return false;
	sentence->at++;
	return true;
}

const struct token *sentence_take(struct parse *parse, struct sentence *sentence,
				  const char *what)
{
	const struct token *next = sentence_next(sentence);
	const struct token *last;

	if (next) {
		sentence->at++;
		return next;
	}
	last = sentence->count ? &sentence->tokens[sentence->count - 1] : NULL;
	if (last)
		parse_fault_at(parse, last, "\"%.100s\" lacks %s behind it", last->text,
			       what);
	return NULL;
}

const char *sentence_take_plain(struct parse *parse, struct sentence *sentence,
				const char *what)
{
	const struct token *token = sentence_take(parse, sentence, what);

	return token ? token_plain(parse, token) : NULL;
}

bool sentence_ends(struct parse *parse, const struct sentence *sentence)
{
	const struct token *next = sentence_next(sentence);

	if (next) {
		struct nearest nearest = nearest_to(next->text);

		word_offer(WORD_TERM, &nearest);
		word_offer(WORD_CLAUSE, &nearest);
		parse_fault_at(parse, next, "\"%.100s\" does not fit here%s", next->text,
			       nearest.name && nearest.far
				       ? parse_meant(parse, &nearest)
				       : ": the sentence was over before it");
	}
	return !next;
}

void sentence_is_alone(struct parse *parse, const struct sentence *sentence)
{
	struct script_place place;

	if (!sentence->detail_count)
		return;
	place = page_place(sentence->details, sentence->details->start);
	parse_fault(parse, &place,
		    "is deeper than line %u and so a detail of it, but \"%.100s\" has no "
		    "details",
		    sentence->line->line,
		    sentence->count ? sentence->tokens[0].text : "");
}

const struct cell *sentence_rest(struct parse *parse, struct sentence *sentence,
				 const char *what, size_t *count)
{
	const struct token *first = sentence_take(parse, sentence, what);

	if (!first)
		return NULL;
	sentence->at = sentence->count;
	*count = sentence->phrase.count - first->start;
	return sentence->phrase.cells + first->start;
}

static struct script_place place_of(const struct page_line *line, unsigned column)
{
	struct script_place place = page_place(line, line->start);
	unsigned end = place.column + place.width;

	place.column = column;
	place.width = end > column ? end - column : 1;
	return place;
}

struct script_place sentence_place(const struct sentence *sentence,
				   const struct token *token)
{
	return place_of(sentence->line, token->column);
}

struct script_place sentence_place_of(const struct phrase *phrase, size_t index)
{
	if (index < phrase->count)
		return place_of(phrase->line, phrase->cells[index].column);
	return page_place(phrase->line, phrase->line->end);
}
