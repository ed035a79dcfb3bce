/* SPDX-License-Identifier: MIT */
#include "script/phrase.h"

#include "base/nearest.h"
#include "script/parse.h"
#include "script/utf8.h"
#include "script/variable.h"
#include "script/vector.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A line being expanded. */
struct expansion {
	struct parse *parse;
	const struct page_line *line;
	struct phrase *phrase;
	size_t room;
	size_t at;			/* the next byte of the line */
	unsigned column;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_name_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

static void put(struct expansion *into, char byte, const struct script_piece *late)
{
	struct phrase *phrase = into->phrase;

	if (phrase->count == into->room) {
		size_t room = into->room * 2;
		struct cell *cells =
			arena_alloc(&into->parse->scratch, room * sizeof *cells);

		memcpy(cells, phrase->cells, phrase->count * sizeof *cells);
		phrase->cells = cells;
		into->room = room;
	}
	phrase->cells[phrase->count++] = (struct cell){ late, into->column, byte };
}

/* Copies COUNT bytes, counting columns. */
static void copy(struct expansion *into, size_t count)
{
	for (; count > 0; count--) {
		char byte = into->line->text[into->at++];

		put(into, byte, NULL);
		into->column +=
			(into->at == into->line->end ||
			 ((unsigned char)into->line->text[into->at] & 0xc0) != 0x80);
	}
}

static void skip(struct expansion *into, size_t to)
{
	into->column += utf8_count(into->line->text + into->at, to - into->at);
	into->at = to;
}

/* Reports a fault at the place that INTO has reached, and makes the line blind
 * (parse.h). */
__attribute__((format(printf, 2, 3))) static void blind(struct expansion *into,
							const char *format, ...)
{
	struct script_place place = page_place(into->line, into->at);
	va_list args;

	va_start(args, format);
	parse_fault_list(into->parse, &place, format, args);
	va_end(args);
	into->parse->is_blind = true;
}

/* Variables --------------------------------------------------------------------------- */

/* Reads .host or .port behind a variable's name and moves *AT behind it. */
static enum script_part part_at(const char *text, size_t *at)
{
	static const struct {
		const char *name;
		enum script_part part;
	} parts[] = { { ".host", SCRIPT_HOST }, { ".port", SCRIPT_PORT } };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strncmp(text + *at, parts[i].name, 5) == 0 &&
		    !is_name_byte(text[*at + 5])) {
			*at += 5;
			return parts[i].part;
		}
	return SCRIPT_WHOLE;
}

/* The variable whose name begins at START; sets *END to the name's end.  Both a name and
 * the text behind it may have hyphens, so the longest known name is taken. */
static struct variable *longest(struct expansion *into, size_t start, size_t *end)
{
	const char *text = into->line->text;
	size_t limit = start, device;
	struct variable *variable;

	while (limit < into->line->end && is_name_byte(text[limit]))
		limit++;
	*end = limit;
	/* $2001/desk.host */
	if (text[limit] == '/') {
		for (device = limit + 1; is_name_byte(text[device]); device++)
			;
		variable = variable_find(into->parse, text + start, device - start);
		if (variable && part_at(text, &(size_t){ device }) != SCRIPT_WHOLE) {
			*end = device;
			return variable;
		}
	}
	for (size_t at = limit; at > start; at--) {
		if (at != limit && text[at] != '-')
			continue;
		variable = variable_find(into->parse, text + start, at - start);
		if (variable) {
			*end = at;
			return variable;
		}
	}
	return NULL;
}

static void put_late(struct expansion *into, const struct variable *variable,
		     enum script_part part)
{
	struct script_piece *piece = arena_alloc(into->parse->arena, sizeof *piece);

	piece->variable = variable->name;
	piece->part = part;
	put(into, '$', piece);
}

static void put_value(struct expansion *into, const struct variable *variable)
{
	for (size_t i = 0; i < variable->count; i++)
		put(into, variable->cells[i].byte, variable->cells[i].late);
}

static void unset(struct expansion *into, size_t start, size_t end)
{
	const char *name = arena_strndup(&into->parse->scratch, into->line->text + start,
					 end - start);
	struct nearest nearest = nearest_to(name);

	variable_offer(into->parse, &nearest);
	blind(into, "the variable $%.100s is not set%s", name,
	      parse_meant(into->parse, &nearest));
}

/* Expands the variable whose $ comes next. */
static void expand_name(struct expansion *into)
{
	size_t start = into->at + 1, end, behind;
	const struct variable *variable = longest(into, start, &end);
	enum script_part part;

	if (!variable) {
		unset(into, start, end);
		skip(into, end);
		return;
	}
	behind = end;
	part = part_at(into->line->text, &behind);
	into->parse->has_column |= variable->kind == VARIABLE_COLUMN;
	if (variable->kind == VARIABLE_UNKNOWN)
		into->parse->is_blind = true;
	else if (part != SCRIPT_WHOLE && variable->kind != VARIABLE_ADDRESS)
		blind(into, "$%s has no host and no port: it is no player",
		      variable->name);
	else if (variable->kind == VARIABLE_VALUE || variable->kind == VARIABLE_COLUMN)
		put_value(into, variable);
	else
		put_late(into, variable, part);
	skip(into, behind);
}

/* Expands $env.NAME, whose $ comes next. */
static void expand_environment(struct expansion *into)
{
	const char *text = into->line->text;
	size_t start = into->at + 5, end = start;
	const char *name, *value;

	while (isalnum((unsigned char)text[end]) || text[end] == '_')
		end++;
	name = arena_strndup(&into->parse->scratch, text + start, end - start);
	value = getenv(name);
	if (!value)
		blind(into, "the environment has no variable %.100s", name);
	for (size_t step; value && *value; value += step) {
		step = utf8_length(value, strlen(value));
		if (!step || (unsigned char)*value < 0x20 || *value == 0x7f) {
			blind(into,
			      "the environment's %.100s has a control character, or "
			      "is not UTF-8",
			      name);
			break;
		}
		for (size_t i = 0; i < step; i++)
			put(into, value[i], NULL);
		if (into->phrase->count > SCRIPT_LINE_MAX)
			break;
	}
	skip(into, end);
}

static void expand_dollar(struct expansion *into)
{
	const char *text = into->line->text + into->at;

	if (text[1] == '$') {
		copy(into, 1);
		skip(into, into->at + 1);
	} else if (strncmp(text, "$env.", 5) == 0) {
		expand_environment(into);
	} else if (is_name_byte(text[1]) && text[1] != '-') {
		expand_name(into);
	} else {
		copy(into, 1);
	}
}

void phrase_expand(struct parse *parse, const struct page_line *line, bool has_quotes,
		   struct phrase *phrase)
{
	struct expansion into = { parse, line, phrase,
				  .room = line->end - line->start + 1 };
	bool in_quotes = false;

	*phrase = (struct phrase){ .line = line };
	phrase->cells = arena_alloc(&parse->scratch, into.room * sizeof *phrase->cells);
	into.at = line->start;
	into.column = utf8_count(line->text, line->start) + 1;
	while (into.at < line->end && phrase->count <= SCRIPT_LINE_MAX) {
		const char *text = line->text + into.at;

		if (*text == '\\' && text[1] == '#' && is_blank(text[2])) {
			skip(&into, into.at + 1);
			copy(&into, 1);
		} else if (in_quotes && *text == '\\' && text[1] == '"') {
			copy(&into, 2);
		} else if (*text == '"') {
			in_quotes = has_quotes && !in_quotes;
			copy(&into, 1);
		} else if (*text == '$' && !in_quotes) {
			expand_dollar(&into);
		} else {
			copy(&into, 1);
		}
	}
	if (phrase->count > SCRIPT_LINE_MAX) {
		into.at = line->start;
		blind(&into, "with its variables put in the line is longer than %d bytes",
		      SCRIPT_LINE_MAX);
	}
	parse_may_go_on(parse, line, phrase->count + line->end);
}

/* Words ------------------------------------------------------------------------------- */

char *phrase_string(struct arena *arena, const struct cell *cells, size_t count)
{
	static const char *const parts[] = { "", ".host", ".port" };
	size_t size = 1;
	char *text, *at;

	for (size_t i = 0; i < count; i++)
		size += cells[i].late ? strlen(cells[i].late->variable) + 6 : 1;
	text = at = arena_alloc(arena, size);
	for (size_t i = 0; i < count; i++) {
		*at++ = cells[i].byte;
		if (cells[i].late)
			at += sprintf(at, "%s%s", cells[i].late->variable,
				      parts[cells[i].late->part]);
	}
	return text;
}

/* Removes the quotes from the cells of TOKEN.  False if a quote is not closed. */
static bool unquote(struct parse *parse, const struct phrase *phrase, struct token *token)
{
	bool in_quotes = false;
	size_t quote = 0;

	token->cells = arena_alloc(&parse->scratch, (token->end - token->start + 1) *
							    sizeof *token->cells);
	for (size_t i = token->start; i < token->end; i++) {
		struct cell cell = phrase->cells[i];

		if (in_quotes && cell.byte == '\\' && i + 1 < token->end &&
		    phrase->cells[i + 1].byte == '"') {
			cell = phrase->cells[++i];
		} else if (cell.byte == '"') {
			in_quotes = !in_quotes;
			quote = i;
			token->is_quoted = true;
			continue;
		}
		token->is_late |= cell.late != NULL;
		token->cells[token->count++] = cell;
	}
	token->text = phrase_string(&parse->scratch, token->cells, token->count);
	if (in_quotes)
		token->column = phrase->cells[quote].column;
	return !in_quotes;
}

/* The end of the word that begins at START. */
static size_t word_end(const struct phrase *phrase, size_t start)
{
	bool in_quotes = false;
	size_t i;

	for (i = start; i < phrase->count; i++) {
		char byte = phrase->cells[i].byte;

		if (in_quotes && byte == '\\' && i + 1 < phrase->count &&
		    phrase->cells[i + 1].byte == '"')
			i++;
		else if (byte == '"')
			in_quotes = !in_quotes;
		else if (!in_quotes && is_blank(byte))
			break;
	}
	return i;
}

struct token *phrase_split(struct parse *parse, const struct phrase *phrase,
			   size_t *count)
{
	struct token *tokens = NULL;
	size_t at = 0;

	*count = 0;
	for (;;) {
		struct token token = { 0 };

		while (at < phrase->count && is_blank(phrase->cells[at].byte))
			at++;
		if (at == phrase->count)
			return tokens;
		token.start = at;
		token.column = phrase->cells[at].column;
		token.end = at = word_end(phrase, at);
		if (!unquote(parse, phrase, &token)) {
			parse_fault_at(parse, &token,
				       "the quote that begins here never ends");
			parse->is_blind = true;
		}
		VECTOR_ADD(&parse->scratch, tokens, *count, token);
	}
}

struct script_text phrase_text(struct parse *parse, const struct cell *cells,
			       size_t count)
{
	struct script_text text = { .text = phrase_string(parse->arena, cells, count) };
	struct script_piece *pieces = NULL;

	for (size_t i = 0, run = 0; i <= count; i++) {
		if (i < count && !cells[i].late)
			continue;
		if (i > run && (i < count || pieces)) {
			struct script_piece piece = {
				.text = phrase_string(parse->arena, cells + run, i - run),
			};

			VECTOR_ADD(parse->arena, pieces, text.count, piece);
		}
		if (i < count)
			VECTOR_ADD(parse->arena, pieces, text.count, *cells[i].late);
		run = i + 1;
	}
	text.pieces = pieces;
	return text;
}
