/* SPDX-License-Identifier: MIT */
/* Reads the detail lines below a sentence: what to send, to compare, and to store. */
#include "base/nearest.h"
#include "script/name.h"
#include "script/grammar.h"
#include "script/variable.h"
#include "script/vector.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { EXPRESSION_MAX = 1024, REPEATS_MAX = 1000 };

/* A detail being read. */
struct reading {
	struct parse *parse;
	struct phrase phrase;
	size_t at;			/* the next cell */
	bool is_group;			/* the sentence stands for several because of
					 * braces */
	struct script_detail *detail;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_blanks(struct reading *reading)
{
	while (reading->at < reading->phrase.count &&
	       is_blank(reading->phrase.cells[reading->at].byte))
		reading->at++;
}

/* The word at the next cell, not taken; its length in *COUNT. */
static const char *word_at(struct reading *reading, size_t *count)
{
	size_t end = reading->at;

	while (end < reading->phrase.count && !is_blank(reading->phrase.cells[end].byte))
		end++;
	*count = end - reading->at;
	return phrase_string(&reading->parse->scratch,
			     reading->phrase.cells + reading->at, *count);
}

__attribute__((format(printf, 2, 3))) static bool fault(struct reading *reading,
							const char *format, ...)
{
	struct script_place place = sentence_place_of(&reading->phrase, reading->at);
	va_list args;

	va_start(args, format);
	parse_fault_list(reading->parse, &place, format, args);
	va_end(args);
	return false;
}

static void take_value(struct reading *reading)
{
	skip_blanks(reading);
	reading->detail->value =
		phrase_text(reading->parse, reading->phrase.cells + reading->at,
			    reading->phrase.count - reading->at);
}

/* Captures ---------------------------------------------------------------------------- */

/* Makes a variable of the name of COUNT bytes at the next cell. */
static bool read_capture(struct reading *reading, size_t count)
{
	struct parse *parse = reading->parse;
	struct script_detail *detail = reading->detail;
	struct token token = {
		.text = phrase_string(parse->arena, reading->phrase.cells + reading->at,
				      count),
		.column = sentence_place_of(&reading->phrase, reading->at).column,
	};
	const char **names = NULL;

	if (reading->is_group)
		return fault(reading,
			     "below a line with braces there is no `as`: which of them "
			     "would count?");
	for (size_t i = 0; i < count; i++)
		token.is_late |= reading->phrase.cells[reading->at + i].late != NULL;
	if (!variable_may_be(parse, &token, VARIABLE_CAPTURE))
		return false;
	if (parse->group)
		VECTOR_ADD(parse->arena, parse->pending, parse->pending_count,
			   token.text);
	else
		variable_put(parse, token.text, VARIABLE_CAPTURE);
	/* Grown by one each time: a regular expression has at most nine groups. */
	names = arena_alloc(parse->arena, (detail->capture_count + 1) * sizeof *names);
	if (detail->capture_count)
		memcpy(names, detail->captures, detail->capture_count * sizeof *names);
	names[detail->capture_count++] = token.text;
	detail->captures = names;
	reading->at += count;
	return true;
}

static bool read_captures(struct reading *reading, size_t groups)
{
	size_t count, names = 0;
	bool is_sound = true;

	for (skip_blanks(reading); reading->at < reading->phrase.count;
	     skip_blanks(reading)) {
		word_at(reading, &count);
		if (++names > groups)
			return fault(reading,
				     "there are more names after `as` than groups in the "
				     "expression (%zu)",
				     groups);
		is_sound = read_capture(reading, count);
		if (!is_sound)
			reading->at += count;
	}
	return is_sound;
}

/* Expressions ------------------------------------------------------------------------- */

/* Whether TEXT is a valid regular expression; sets *GROUPS to its number of groups, or
 * WHY to a sentence. */
static bool compiles(const char *text, size_t *groups, char why[static 160])
{
	regex_t compiled;
	int rc = regcomp(&compiled, text, REG_EXTENDED);

	if (rc) {
		regerror(rc, &compiled, why, 160);
		return false;
	}
	*groups = compiled.re_nsub;
	regfree(&compiled);
	return true;
}

/* The expression as text for the check; a letter stands for each late variable, whose
 * value is not known. */
static const char *expression(struct reading *reading, size_t count)
{
	char *text = arena_alloc(&reading->parse->scratch, count + 1);

	for (size_t i = 0; i < count; i++) {
		const struct cell *cell = &reading->phrase.cells[reading->at + i];

		text[i] = cell->late ? 'x' : cell->byte;
	}
	return text;
}

/* The largest number of repetitions that the {M,N} in TEXT can demand, nested ones
 * multiplied. */
static unsigned long repeats(const char *text)
{
	unsigned long product = 1;

	while ((text = strchr(text, '{'))) {
		unsigned long most = 1;

		for (++text; *text && strchr("0123456789,", *text);) {
			char *end;
			unsigned long number = strtoul(text, &end, 10);

			if (number > most)
				most = number;
			text = end + (*end == ',');
		}
		if (most > REPEATS_MAX || (product *= most) > REPEATS_MAX)
			return REPEATS_MAX + 1;
	}
	return product;
}

/* Where the last " as NAME ..." of the value begins, or its end. */
static size_t captures_start(const struct reading *reading)
{
	const struct cell *cells = reading->phrase.cells;
	size_t count = reading->phrase.count;

	for (size_t at = count; at > reading->at + 3; at--) {
		const struct cell *as = cells + at - 4;

		if (at < count && is_blank(as[0].byte) && as[1].byte == 'a' &&
		    as[2].byte == 's' && is_blank(as[3].byte))
			return at - 4;
	}
	return count;
}

static bool read_match(struct reading *reading)
{
	struct script_detail *detail = reading->detail;
	size_t start, end, groups = 0;
	char why[160];

	skip_blanks(reading);
	start = reading->at;
	end = captures_start(reading);
	/* An expression without groups captures nothing, so "same as before" is part of
	 * it. */
	if (end < reading->phrase.count &&
	    (end - start > EXPRESSION_MAX ||
	     repeats(expression(reading, end - start)) > REPEATS_MAX ||
	     !compiles(expression(reading, end - start), &groups, why) || !groups))
		end = reading->phrase.count;
	if (end - start > EXPRESSION_MAX)
		return fault(reading, "an expression has at most %d bytes",
			     EXPRESSION_MAX);
	if (end == start)
		return fault(reading, "an expression is missing behind ~");
	if (repeats(expression(reading, end - start)) > REPEATS_MAX)
		return fault(reading,
			     "the expression repeats its parts more than %d times",
			     REPEATS_MAX);
	if (!compiles(expression(reading, end - start), &groups, why))
		return fault(reading, "is no regular expression: %s", why);
	detail->value =
		phrase_text(reading->parse, reading->phrase.cells + start, end - start);
	if (end == reading->phrase.count)
		return true;
	reading->at = end + 4;
	return read_captures(reading, groups);
}

/* Comparisons ------------------------------------------------------------------------- */

static bool read_value(struct reading *reading)
{
	const struct script_detail *detail = reading->detail;
	bool is_order = detail->kind == SCRIPT_LESS || detail->kind == SCRIPT_GREATER;
	const char *text;

	take_value(reading);
	text = detail->value.text;
	if (!*text)
		return fault(reading,
			     "a value is missing; `absent` says that there is nothing");
	if (is_order && !detail->value.pieces &&
	    (text[strspn(text, "0123456789.")] || strlen(text) > 15))
		return fault(reading, "< and > compare numbers, not \"%.100s\"", text);
	reading->detail->is_as_sent = detail->kind == SCRIPT_EQUAL &&
				      detail->selector.subject == SCRIPT_BODY &&
				      strcmp(text, "sent") == 0;
	return true;
}

static bool read_count(struct reading *reading)
{
	size_t count;
	struct token token;

	skip_blanks(reading);
	token = (struct token){
		.column = sentence_place_of(&reading->phrase, reading->at).column,
	};
	token.text = word_at(reading, &count);
	reading->at += count;
	return term_range(reading->parse, &token, &reading->detail->count);
}

static bool read_as(struct reading *reading)
{
	size_t count;

	skip_blanks(reading);
	word_at(reading, &count);
	if (!count)
		return fault(reading, "a name is missing behind `as`");
	return read_capture(reading, count);
}

static bool ends(struct reading *reading)
{
	skip_blanks(reading);
	return reading->at == reading->phrase.count ||
	       fault(reading, "the detail was over before this");
}

static const struct {
	const char *word;
	enum script_detail_kind kind;
} checks[] = {
	{ "=", SCRIPT_EQUAL },	     { "!=", SCRIPT_UNEQUAL },	 { "~", SCRIPT_MATCH },
	{ "<", SCRIPT_LESS },	     { ">", SCRIPT_GREATER },	 { "absent", SCRIPT_ABSENT },
	{ "present", SCRIPT_PRESENT }, { "count", SCRIPT_COUNT }, { "as", SCRIPT_CAPTURE },
};

/* Finds the kind of check that WORD names; false if it names none. */
static bool find_check(const char *word, enum script_detail_kind *kind)
{
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		if (strcmp(checks[i].word, word) == 0) {
			*kind = checks[i].kind;
			return true;
		}
	return false;
}

static bool read_check(struct reading *reading, size_t count)
{
	reading->at += count;
	switch ((int)reading->detail->kind) {
	case SCRIPT_MATCH:
		return read_match(reading);
	case SCRIPT_COUNT:
		return read_count(reading) && ends(reading);
	case SCRIPT_CAPTURE:
		return read_as(reading) && ends(reading);
	case SCRIPT_ABSENT:
	case SCRIPT_PRESENT:
		return ends(reading);
	default:
		return read_value(reading);
	}
}

/* What is sent ------------------------------------------------------------------------ */

static bool is_plain_header(const struct script_selector *selector)
{
	return selector->subject == SCRIPT_HEADER && selector->index == SCRIPT_EVERY &&
	       !selector->part_count;
}

static bool read_sent(struct reading *reading, bool is_set)
{
	reading->detail->kind = is_set ? SCRIPT_SET : SCRIPT_LEAVE_OUT;
	if (!is_plain_header(&reading->detail->selector))
		return fault(reading, "a whole header is set or left out, no part of it");
	reading->at++;
	if (is_set) {
		take_value(reading);
		return true;
	}
	return ends(reading);
}

static bool read_body(struct reading *reading)
{
	struct script_place place;

	reading->detail->kind = SCRIPT_SET_BODY;
	skip_blanks(reading);
	place = sentence_place_of(&reading->phrase, reading->at);
	if (reading->at == reading->phrase.count)
		return fault(reading, "`body` lacks a file, or what is said about it");
	reading->detail->value =
		file_read(reading->parse, reading->phrase.cells + reading->at,
			  reading->phrase.count - reading->at, place.column);
	return true;
}

/* A detail ---------------------------------------------------------------------------- */

static bool read_no_check(struct reading *reading, const char *word)
{
	struct nearest nearest = nearest_to(word);

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		if (strlen(checks[i].word) > 1)
			nearest_offer(&nearest, checks[i].word, strlen(checks[i].word));
	return fault(reading,
		     "behind %.60s stands `:` and what is sent, or = != ~ < > absent "
		     "present count as and what must have come%s",
		     reading->detail->selector.name,
		     parse_meant(reading->parse, &nearest));
}

static bool read_detail(struct reading *reading)
{
	struct script_detail *detail = reading->detail;
	const char *word;
	size_t count;

	if (!selector_read(reading->parse, &reading->phrase, &reading->at,
			   &detail->selector))
		return false;
	word = word_at(reading, &count);
	if (*word && *word != ':')
		return fault(reading, "a blank is missing, or this is no part of a name");
	skip_blanks(reading);
	word = word_at(reading, &count);
	if (*word == ':')
		return read_sent(reading, true);
	if (strcmp(word, "-") == 0)
		return read_sent(reading, false);
	if (find_check(word, &detail->kind))
		return read_check(reading, count);
	if (detail->selector.subject == SCRIPT_BODY)
		return read_body(reading);
	return read_no_check(reading, word);
}

/* Reports a fault if a sentence with WORD cannot have this detail. */
static void check_place(struct reading *reading, const struct word *word,
			const struct script_step *step)
{
	bool is_sent = reading->detail->kind <= SCRIPT_SET_BODY;
	bool has_answer = step->terms.code_count > 0;

	reading->at = 0;
	if (is_sent && !(word->details & DETAIL_SENT))
		fault(reading, "`%s` sends nothing in which this could stand",
		      word->name);
	else if (!is_sent && step->terms.is_silence)
		fault(reading, "no answer comes, so there is nothing to compare");
	else if (!is_sent && (word->details & DETAIL_ANSWER) && !has_answer)
		fault(reading, "`%s` awaits no answer to compare; say which with ->",
		      word->name);
	else if (!is_sent && !(word->details & (DETAIL_CHECKED | DETAIL_ANSWER)))
		fault(reading, "`%s` hears nothing that could be compared", word->name);
}

/* Checks that the selector's name is a key of the journal or of a lamp if STEP is about
 * one. */
static void check_key(struct reading *reading, const struct script_step *step)
{
	struct script_selector *selector = &reading->detail->selector;
	struct token token = { .text = selector->name };

	switch ((int)step->kind) {
	case SCRIPT_EXPECT_JOURNAL:
	case SCRIPT_EXPECT_FINDING:
		token.column = sentence_place_of(&reading->phrase, 0).column;
		if (name_find(script_journal_keys, selector->name) < 0)
			parse_fault_name(reading->parse, &token, script_journal_keys,
					 "key of the journal");
		selector->subject = SCRIPT_KEY;
		break;
	case SCRIPT_SHOWS:
	case SCRIPT_SEES:
	case SCRIPT_EXPECT_SHOWS:
	case SCRIPT_EXPECT_SEES:
		selector->subject = SCRIPT_KEY;
		break;
	default:
		break;
	}
}

void detail_read(struct parse *parse, const struct sentence *sentence,
		 const struct word *word, bool is_group, struct script_step *step)
{
	struct script_detail *details = NULL;
	bool was_blind = parse->is_blind, had_column = parse->has_column;

	for (size_t i = 0; i < sentence->detail_count && !parse->is_over; i++) {
		struct script_detail detail = {
			.at = page_place(&sentence->details[i],
					 sentence->details[i].start),
		};
		struct reading reading = {
			.parse = parse,
			.is_group = is_group,
			.detail = &detail,
		};

		parse->line = &sentence->details[i];
		parse->is_blind = parse->has_column = false;
		phrase_expand(parse, parse->line, false, &reading.phrase);
		if (read_detail(&reading)) {
			check_place(&reading, word, step);
			check_key(&reading, step);
		}
		VECTOR_ADD(parse->arena, details, step->detail_count, detail);
	}
	step->details = details;
	parse->line = sentence->line;
	parse->is_blind = was_blind;
	parse->has_column = had_column;
}
