/* SPDX-License-Identifier: MIT */
#include "store/list.h"

#include "model/action.h"
#include "store/station.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)

/* After so many invalid rows in sequence the list ends: the key to continue from is
 * unknown. */
enum { BAD_MAX = 1000 };

/* Reads the station at ROW, unless the row is invalid. */
static void read_listed(struct row *row, struct store_page *page)
{
	struct station *station = &page->stations[page->count];
	struct fault fault;

	*station = (struct station){ 0 };
	row->fault = &fault;
	row->err = 0;
	row->key = "of a station";
	row->key = row_number(row, STATION_EXTENSION);
	station_read(row, station);
	if (!row->err)
		page->count++;
	else if (page->bad++ == 0)
		snprintf(page->fault, sizeof page->fault, "%s", fault.text);
	row->err = 0;
}

int list_stations(struct database *database, struct store_page *page, struct fault *fault)
{
	struct row row = {
		.database = database,
		.statement = SQL_STATION_PAGE,
		.table = "station",
		.arena = page->arena,
	};
	int found = 1;

	page->count = page->bad = 0;
	database_bind_text(database, SQL_STATION_PAGE, 1, page->after);
	while (page->count < COUNT(page->stations) && page->bad < BAD_MAX &&
	       (found = database_step(database, SQL_STATION_PAGE, fault)) == 1)
		read_listed(&row, page);
	page->is_last = found == 0 || page->count == 0;
	database_reset(database, SQL_STATION_PAGE);
	return found < 0 ? found : 0;
}

int list_numbers(struct database *database, struct store_numbers *numbers,
		 struct fault *fault)
{
	struct row row = {
		.database = database,
		.statement = SQL_NUMBER_LIST,
		.table = "station_number",
		.key = numbers->extension,
		.arena = numbers->arena,
		.fault = fault,
	};
	int found = 0;

	numbers->count = 0;
	database_bind_text(database, SQL_NUMBER_LIST, 1, numbers->extension);
	while (!row.err && numbers->count < COUNT(numbers->numbers) &&
	       (found = row_step(&row)) == 1)
		numbers->numbers[numbers->count++] = row_number(&row, 0);
	database_reset(database, SQL_NUMBER_LIST);
	return row.err ? row.err : found < 0 ? found : 0;
}

/* An array in an arena that grows; *ITEMS has COUNT items of SIZE bytes. */
static void *grow(struct arena *arena, void *items, size_t count, size_t size)
{
	void *more;

	/* Room for 16, and twice as much each time it is full. */
	if (count && (count < 16 || count & (count - 1)))
		return items;
	more = arena_alloc(arena, (count ? 2 * count : 16) * size);
	if (count)
		memcpy(more, items, count * size);
	return more;
}

static unsigned length_of(sqlite3_stmt *stmt, int column, unsigned otherwise)
{
	int length = sqlite3_column_int(stmt, column);

	return sqlite3_column_type(stmt, column) == SQLITE_INTEGER && length >= 0 &&
			       length <= NUMBER_MAX
		       ? (unsigned)length
		       : otherwise;
}

static int list_patterns(struct database *database, struct store_emergencies *emergencies,
			 struct fault *fault)
{
	sqlite3_stmt *stmt = database->statements[SQL_EMERGENCY_LIST];
	struct store_emergency *patterns = NULL;
	size_t count = 0;
	int found;

	while ((found = database_step(database, SQL_EMERGENCY_LIST, fault)) == 1) {
		const char *text = (const char *)sqlite3_column_text(stmt, 0);

		if (!text || !*text)
			continue;
		patterns = grow(emergencies->arena, patterns, count, sizeof *patterns);
		patterns[count++] = (struct store_emergency){
			.pattern = arena_strdup(emergencies->arena, text),
			.min_length = length_of(stmt, 1, 0),
			.max_length = length_of(stmt, 2, NUMBER_MAX),
		};
	}
	database_reset(database, SQL_EMERGENCY_LIST);
	if (found < 0)
		return found;
	emergencies->patterns = patterns;
	emergencies->pattern_count = count;
	return 0;
}

/* Codes after which the number is called as it is (rule "emergency" of lib/feature). */
static int list_codes(struct database *database, struct store_emergencies *emergencies,
		      struct fault *fault)
{
	sqlite3_stmt *stmt = database->statements[SQL_ACCESS_CODE_LIST];
	const char **codes = NULL;
	size_t count = 0;
	int found;

	while ((found = database_step(database, SQL_ACCESS_CODE_LIST, fault)) == 1) {
		const char *code = (const char *)sqlite3_column_text(stmt, 0);
		const char *feature = (const char *)sqlite3_column_text(stmt, 1);

		if (!code || !*code || !feature ||
		    action_by_name(feature) != ACTION_RESTRICT_CLI)
			continue;
		codes = grow(emergencies->arena, codes, count, sizeof *codes);
		codes[count++] = arena_strdup(emergencies->arena, code);
	}
	database_reset(database, SQL_ACCESS_CODE_LIST);
	if (found < 0)
		return found;
	emergencies->codes = codes;
	emergencies->code_count = count;
	return 0;
}

int list_emergencies(struct database *database, struct store_emergencies *emergencies,
		     struct fault *fault)
{
	struct store_emergencies fresh = *emergencies;
	int err = list_patterns(database, &fresh, fault);

	if (!err)
		err = list_codes(database, &fresh, fault);
	if (err)
		return err;
	*emergencies = fresh;
	emergencies->has_changed = true;
	return 0;
}
