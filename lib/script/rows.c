/* SPDX-License-Identifier: MIT */
/* `table NAME ...` and `row VALUE ...`: read by the first walk. */
#include "script/grammar.h"
#include "script/variable.h"
#include "script/vector.h"

#include <string.h>

/* A copy of tokens that outlives their line. */
static struct token *kept(struct parse *parse, const struct token *tokens, size_t count)
{
	struct token *copies = arena_alloc(parse->arena, (count + 1) * sizeof *copies);

	for (size_t i = 0; i < count; i++) {
		copies[i] = tokens[i];
		copies[i].text = arena_strdup(parse->arena, tokens[i].text);
		copies[i].cells = arena_alloc(parse->arena, (tokens[i].count + 1) *
								    sizeof(struct cell));
		if (tokens[i].count)
			memcpy(copies[i].cells, tokens[i].cells,
			       tokens[i].count * sizeof(struct cell));
	}
	return copies;
}

static void read_table(struct parse *parse, struct sentence *sentence)
{
	struct parse_table *table = &parse->table;

	if (table->line) {
		parse_fault_at(parse, sentence->tokens,
			       "a case has one table, and line %u begins one already",
			       table->line->line);
		return;
	}
	table->line = sentence->line;
	if (!sentence_take(parse, sentence, "the names of its columns"))
		return;
	for (size_t i = 1; i < sentence->count; i++) {
		const struct token *name = &sentence->tokens[i];

		for (size_t j = 1; j < i; j++)
			if (strcmp(sentence->tokens[j].text, name->text) == 0)
				parse_fault_at(parse, name,
					       "there are two columns %.100s",
					       name->text);
		variable_may_be(parse, name, VARIABLE_COLUMN);
	}
	table->columns = kept(parse, sentence->tokens + 1, sentence->count - 1);
	table->column_count = sentence->count - 1;
}

static const char *name_of(struct parse *parse, const struct token *values, size_t count)
{
	const char *name = "";

	for (size_t i = 0; i < count; i++)
		name = arena_printf(parse->arena, "%s%s%s", name, i ? " " : "",
				    values[i].text);
	return name;
}

static void read_row(struct parse *parse, struct sentence *sentence)
{
	struct parse_table *table = &parse->table;
	struct parse_row row = { .line = sentence->line };
	size_t count = sentence->count - 1;

	if (!table->line) {
		parse_fault_at(
			parse, sentence->tokens,
			"a row without a table: `table NAME ...` must stand above it");
		return;
	}
	if (count != table->column_count) {
		parse_fault_at(parse, sentence->tokens,
			       "the row has %zu values, but the table of line %u has %zu "
			       "columns",
			       count, table->line->line, table->column_count);
		return;
	}
	if (table->row_count == SCRIPT_ROWS_MAX) {
		parse_fault_at(parse, sentence->tokens, "a table has at most %d rows",
			       SCRIPT_ROWS_MAX);
		return;
	}
	if (parse->is_blind)
		return;
	row.values = kept(parse, sentence->tokens + 1, count);
	row.name = name_of(parse, row.values, count);
	VECTOR_ADD(parse->arena, table->rows, table->row_count, row);
}

void rows_read(struct parse *parse, struct sentence *sentence, enum word_frame frame)
{
	if (parse->walk != WALK_TABLE)
		return;
	if (frame == FRAME_TABLE)
		read_table(parse, sentence);
	else
		read_row(parse, sentence);
}
