/* SPDX-License-Identifier: MIT */
#include "halfcall/table.h"

#include "base/arena.h"
#include "base/list.h"

#include <stdlib.h>
#include <string.h>

struct table_row {
	struct list node;
	const char *cells[COLUMNS];
};

struct table {
	struct arena arena;
	const struct command *command;
	struct list rows;
	size_t width[COLUMNS];
};

/* The number of characters: continuation bytes of UTF-8 do not count. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

void table_print_text(const char *text, FILE *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text, next = (unsigned char)text[1];
		bool is_control = c < 0x20 || c == 0x7f || (c == 0xc2 && next < 0xa0);

		putc(is_control ? '?' : c, out);
		if (c == 0xc2 && is_control)
			text++;		/* U+0080 ... U+009F have two bytes */
	}
}

void table_print_cell(const char *text, size_t width, FILE *out)
{
	table_print_text(text, out);
	for (size_t used = width_of(text); used < width; used++)
		putc(' ', out);
}

static void widen(size_t *width, const char *text)
{
	size_t wanted = width_of(text);

	if (*width < wanted)
		*width = wanted;
}

struct table *table_new(const struct command *command)
{
	struct arena arena = { 0 };
	struct table *table = arena_alloc(&arena, sizeof *table);

	table->arena = arena;
	table->command = command;
	list_init(&table->rows);
	for (size_t i = 0; i < COLUMNS && command->columns[i].key; i++)
		widen(&table->width[i], command->columns[i].title);
	return table;
}

void table_free(struct table *table)
{
	struct arena arena = table->arena;	/* the table lives in it */

	arena_clear(&arena);
}

void table_add(struct table *table, const struct datum *datum)
{
	const struct column *columns = table->command->columns;
	struct table_row *row = arena_alloc(&table->arena, sizeof *row);
	char buffer[DATUM_TEXT];

	for (size_t i = 0; i < COLUMNS && columns[i].key; i++) {
		const char *text = datum_text(datum_get(datum, columns[i].key), buffer);

		row->cells[i] = arena_strdup(&table->arena, *text ? text : "-");
		widen(&table->width[i], row->cells[i]);
	}
	list_append(&table->rows, &row->node);
}

/* The last column is not padded, so that no line ends in blanks. */
static void print_line(const struct table *table, const char *const *cells, FILE *out)
{
	for (size_t i = 0; i < COLUMNS && cells[i]; i++) {
		bool is_last = i + 1 == COLUMNS || !cells[i + 1];

		table_print_cell(cells[i], is_last ? 0 : table->width[i], out);
		fputs(is_last ? "\n" : "  ", out);
	}
}

void table_print(struct table *table, FILE *out)
{
	const char *titles[COLUMNS] = { NULL };
	struct list *node;

	for (size_t i = 0; i < COLUMNS; i++)
		titles[i] = table->command->columns[i].title;
	if (table->command->layout == LAYOUT_TABLE)
		print_line(table, titles, out);
	for (node = table->rows.next; node != &table->rows; node = node->next)
		print_line(table, container_of(node, struct table_row, node)->cells, out);
}

/* Cards ------------------------------------------------------------------------------ */

/* An item of a list: a text, or an object, whose members are printed in one line. */
static void print_item(const struct datum *item, FILE *out)
{
	char buffer[DATUM_TEXT];

	for (size_t i = 0; i < datum_count(item); i++) {
		if (i)
			putc(' ', out);
		table_print_text(datum_text(datum_item(item, i, NULL), buffer), out);
	}
	if (!datum_count(item))
		table_print_text(datum_text(item, buffer), out);
	putc('\n', out);
}

static void print_member(const struct datum *member, size_t indent, FILE *out)
{
	char buffer[DATUM_TEXT];
	const char *text = datum_text(member, buffer);

	if (!datum_count(member)) {
		table_print_text(*text ? text : "-", out);
		putc('\n', out);
		return;
	}
	for (size_t i = 0; i < datum_count(member); i++) {
		if (i)
			table_print_cell("", indent, out);
		print_item(datum_item(member, i, NULL), out);
	}
}

void table_print_card(const struct command *command, const struct datum *row, FILE *out)
{
	size_t width = 0;

	for (size_t i = 0; i < COLUMNS && command->columns[i].key; i++)
		widen(&width, command->columns[i].title);
	for (size_t i = 0; i < COLUMNS && command->columns[i].key; i++) {
		table_print_cell(command->columns[i].title, width + 2, out);
		print_member(datum_get(row, command->columns[i].key), width + 2, out);
	}
}
