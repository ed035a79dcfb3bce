/* SPDX-License-Identifier: MIT */
#include "store/list.h"

#include "store/match.h"
#include "store/station.h"

#define COUNT(array) (sizeof array / sizeof *array)

int list_stations(struct database *database, struct store_page *page, struct fault *fault)
{
	struct row row = {
		.database = database,
		.statement = SQL_STATION_PAGE,
		.table = "station",
		.key = "listed",
		.arena = page->arena,
		.fault = fault,
	};
	int found = 0;

	page->count = 0;
	database_bind_text(database, SQL_STATION_PAGE, 1, page->after);
	database_bind_int(database, SQL_STATION_PAGE, 2, COUNT(page->stations));
	while (!row.err && page->count < COUNT(page->stations) &&
	       (found = database_step(database, SQL_STATION_PAGE, fault)) == 1) {
		struct station *station = &page->stations[page->count++];

		*station = (struct station){ 0 };
		row.key = row_text(&row, STATION_EXTENSION, NUMBER_MAX);
		station_read(&row, station);
	}
	database_reset(database, SQL_STATION_PAGE);
	return row.err ? row.err : found < 0 ? found : 0;
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
	       (found = database_step(database, SQL_NUMBER_LIST, fault)) == 1)
		numbers->numbers[numbers->count++] = row_text(&row, 0, NUMBER_MAX);
	database_reset(database, SQL_NUMBER_LIST);
	return row.err ? row.err : found < 0 ? found : 0;
}
