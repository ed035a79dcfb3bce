/* SPDX-License-Identifier: MIT */
#include "halfcall/extract.h"

#include "base/arena.h"
#include "run/office.h"

#include <stdlib.h>
#include <string.h>

/* Tables in the order in which their rows refer to each other.  COLUMNS are those that decide;
 * WHERE picks the rows, with %s for the list of extensions. */
static const struct table {
	const char *name, *columns, *where;
} tables[] = {
	{ "class_of_restriction", "cor, calling_party, called_party, frl",
	  "cor IN (SELECT cor FROM station WHERE extension IN (%s))" },
	{ "station",
	  "extension, cor, appearances, ring_seconds, in_service, send_all_calls",
	  "extension IN (%s)" },
	{ "station_number", "number, extension", "extension IN (%s)" },
	{ "calling_permission", "from_cor, to_cor, permitted",
	  "from_cor IN (SELECT cor FROM station WHERE extension IN (%s)) AND "
	  "to_cor IN (SELECT cor FROM station WHERE extension IN (%s))" },
	{ "call_forwarding", "extension, condition, source, destination, active",
	  "extension IN (%s)" },
	{ "coverage_point", "extension, step, target, condition, ring_seconds",
	  "extension IN (%s)" },
	{ "call_type",
	  "call_type, is_public, is_toll, is_tac, is_emergency, is_attendant",
	  "call_type IN (SELECT call_type FROM dial_pattern)" },
	{ "dial_pattern", "pattern, call_type, min_frl, min_length, max_length", "1" },
	{ "feature_access_code", "code, feature", "1" },
};

/* Texts that need no care in a script. */
static const char plain[] = "NOT GLOB '*[^-A-Za-z0-9_.+*#,'' ]*'";

static void print_line(void *context, const char *one, const char *two)
{
	(void)two;
	fprintf(context, "sql     %s\n", one);
}

/* "quote(a) || ', ' || quote(b)" for "a, b". */
static const char *values_of(const char *columns, struct arena *arena)
{
	const char *all = "";

	while (*columns) {
		size_t length = strcspn(columns, ",");

		all = arena_printf(arena, "%s%squote(%.*s)", all, *all ? "||', '||" : "",
				   (int)length, columns);
		columns += length + strspn(columns + length, ", ");
	}
	return all;
}

/* WHERE with LIST for each %s. */
static const char *condition_of(const char *where, const char *list, struct arena *arena)
{
	const char *all = "", *at;

	for (; (at = strstr(where, "%s")); where = at + 2)
		all = arena_printf(arena, "%s%.*s%s", all, (int)(at - where), where,
				   list);
	return arena_printf(arena, "%s%s", all, where);
}

static int extract_table(const char *path, const struct table *table, const char *list,
			 FILE *out)
{
	struct arena arena = { 0 };
	const char *values = values_of(table->columns, &arena);
	const char *query = arena_printf(
		&arena,
		"SELECT 'INSERT OR IGNORE INTO %s (%s) VALUES ('||%s||')' FROM %s "
		"WHERE %s AND (%s) %s LIMIT 500",
		table->name, table->columns, values, table->name,
		condition_of(table->where, list, &arena), values, plain);
	struct fault ignored;
	int err = office_visit(path, query, print_line, out, &ignored);

	arena_clear(&arena);
	return err;
}

bool extract_rows(const char *path, const char *const *extensions, size_t count,
		  FILE *out)
{
	struct arena arena = { 0 };
	const char *list = "";
	char *text = NULL;
	size_t length;
	FILE *lines = open_memstream(&text, &length);
	int err = lines ? 0 : -1;

	for (size_t i = 0; i < count; i++)
		list = arena_printf(&arena, "%s%s'%s'", list, i ? ", " : "",
				    extensions[i]);
	for (size_t i = 0; i < sizeof tables / sizeof *tables && !err; i++)
		err = extract_table(path, &tables[i], list, lines);
	if (lines && fclose(lines) != 0)
		err = -1;
	if (!err)
		fputs(text, out);
	free(text);
	arena_clear(&arena);
	return !err;
}
