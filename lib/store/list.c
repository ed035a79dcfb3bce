/* SPDX-License-Identifier: MIT */
#include "store/list.h"

#include "store/station.h"

#include <stdio.h>

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
