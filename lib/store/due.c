/* SPDX-License-Identifier: MIT */
#include "store/due.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 64 };			/* of one station, half and method that count at once */

struct row {
	int64_t id;
	int nth;
	enum mishap_action action;
	char value[MISHAP_TEXT];
};

int due_any(struct database *database, bool *any, struct fault *fault)
{
	int found = database_step(database, SQL_FAULT_ANY, fault);

	if (found < 0)
		return found;
	if (found)
		database_reset(database, SQL_FAULT_ANY);
	*any = found > 0;
	return 0;
}

static const char *text_of(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return text ? text : "";
}

/* A row whose action is unknown, written with the triggers off, does nothing. */
static int read_rows(struct database *database, const struct mishap_query *query,
		     struct row rows[static ROWS_MAX], struct fault *fault)
{
	sqlite3_stmt *statement = database->statements[SQL_FAULTS];
	int count = 0, found;

	database_bind_text(database, SQL_FAULTS, 1, query->station);
	database_bind_text(database, SQL_FAULTS, 2,
			   query->half == HALF_NONE ? "" : half_name(query->half));
	database_bind_text(database, SQL_FAULTS, 3, query->method);
	while ((found = database_step(database, SQL_FAULTS, fault)) > 0) {
		struct row *row = &rows[count];

		row->id = sqlite3_column_int64(statement, FAULT_ID);
		row->nth = sqlite3_column_int(statement, FAULT_NTH);
		row->action = mishap_by_name(text_of(statement, FAULT_ACTION));
		snprintf(row->value, sizeof row->value, "%s",
			 text_of(statement, FAULT_VALUE));
		if (row->action != MISHAP_NONE &&
		    mishap_side_of(row->action) == query->side && ++count == ROWS_MAX) {
			database_reset(database, SQL_FAULTS);
			break;
		}
	}
	return found < 0 ? found : count;
}

static int count_down(struct database *database, enum statement statement, int64_t id,
		      struct fault *fault)
{
	sqlite3_bind_int64(database->statements[statement], 1, id);
	return database_step(database, statement, fault);
}

static void fill(struct mishap *mishap, const struct row *row)
{
	mishap->id = row->id;
	mishap->action = row->action;
	mishap->number = (unsigned)strtoul(row->value, NULL, 10);
	memcpy(mishap->text, row->value, sizeof mishap->text);
}

int due_take(struct database *database, const struct mishap_query *query,
	     struct mishap *mishap, struct fault *fault)
{
	struct row rows[ROWS_MAX];
	int count = read_rows(database, query, rows, fault);
	int err = count < 0 ? count : 0;

	*mishap = (struct mishap){ 0 };
	for (int i = 0; i < count && !err; i++) {
		if (rows[i].nth > 1) {
			err = count_down(database, SQL_FAULT_PASS, rows[i].id, fault);
		} else if (mishap->action == MISHAP_NONE) {
			err = count_down(database, SQL_FAULT_USE, rows[i].id, fault);
			fill(mishap, &rows[i]);
		}
	}
	return err;
}
