/* SPDX-License-Identifier: MIT */
#include "store/loader.h"

#include "store/station.h"

#include <errno.h>
#include <string.h>

struct row loader_row(const struct loader *loader, enum statement statement,
		      const char *table, const char *key)
{
	return (struct row){
		.database = loader->database,
		.statement = statement,
		.table = table,
		.key = key,
		.arena = loader->arena,
		.fault = loader->fault,
		.trace = loader->trace,
	};
}

int loader_step(struct row *row)
{
	int found = row_step(row);

	if (found == 0)
		row_note_missing(row, row->table, row->key);
	return found;
}

bool loader_is_lookable(const char *text)
{
	return text[0] != '\0' && strnlen(text, NUMBER_MAX + 1) <= NUMBER_MAX;
}

/* The digits of a number as people write it: 15550100 for +1-555-0100; false = none. */
static bool number_digits(const char *text, char digits[static NUMBER_MAX + 1])
{
	size_t length = 0;

	for (; *text; text++) {
		if (*text >= '0' && *text <= '9' && length < NUMBER_MAX)
			digits[length++] = *text;
		else if (!strchr("+-.()", *text))
			return false;
	}
	digits[length] = '\0';
	return length > 0;
}

bool loader_digits(const char *number, char digits[static NUMBER_MAX + 1])
{
	return loader_is_lookable(number) && number_digits(number, digits);
}

/* Stations --------------------------------------------------------------------------- */

/* 1 and *STATION, or 0 when no station has this extension. */
static int load_station(const struct loader *loader, const char *extension,
			const struct station **station)
{
	struct row row = loader_row(loader, SQL_STATION, "station", extension);
	struct station *loaded;
	int found;

	database_bind_text(loader->database, SQL_STATION, 1, extension);
	found = loader_step(&row);
	if (found <= 0)
		return found;
	loaded = arena_alloc(loader->arena, sizeof *loaded);
	station_read(&row, loaded);
	station_note(&row, loaded);
	row_end(&row);
	*station = loaded;
	return row.err ? row.err : 1;
}

static int load_station_of_number(const struct loader *loader, const char *number,
				  const struct station **station)
{
	struct row row = loader_row(loader, SQL_NUMBER, "station_number", number);
	const char *extension;
	int found;

	database_bind_text(loader->database, SQL_NUMBER, 1, number);
	found = loader_step(&row);
	if (found <= 0)
		return found;
	extension = row_number(&row, 0);
	row_note(&row, row.table, number, 0, 0);
	row_end(&row);
	if (row.err)
		return row.err;
	found = load_station(loader, extension, station);
	if (found == 0)
		row_refuse(&row, "station %s does not exist", extension);
	return row.err ? row.err : found;
}

int loader_find_station(const struct loader *loader, const char *user,
			const struct station **station)
{
	char digits[NUMBER_MAX + 1];
	int found;

	if (!loader_is_lookable(user))
		return 0;
	found = load_station(loader, user, station);
	if (found == 0)
		found = load_station_of_number(loader, user, station);
	if (found != 0 || !number_digits(user, digits) || strcmp(user, digits) == 0)
		return found;

	found = load_station(loader, digits, station);
	if (found == 0)
		found = load_station_of_number(loader, digits, station);
	return found;
}

/* Dial patterns ---------------------------------------------------------------------- */

static void read_pattern(struct row *row, struct dial_pattern *pattern)
{
	struct row type;

	pattern->pattern = row_text(row, PATTERN_PATTERN, NUMBER_MAX);
	pattern->call_type = row_text(row, PATTERN_CALL_TYPE, NUMBER_MAX);
	pattern->min_frl = (unsigned)row_int(row, PATTERN_MIN_FRL, 0, 7);
	pattern->min_length = (unsigned)row_int(row, PATTERN_MIN_LENGTH, 0, NUMBER_MAX);
	pattern->max_length = (unsigned)row_int(row, PATTERN_MAX_LENGTH, 1, NUMBER_MAX);
	if (row_is_null(row, PATTERN_TYPE_FOUND)) {
		row_refuse(row, "call type %s does not exist", pattern->call_type);
		return;
	}
	type = row_joined(row, "call_type", pattern->call_type);
	pattern->is_public = row_bool(&type, PATTERN_IS_PUBLIC);
	pattern->is_toll = row_bool(&type, PATTERN_IS_TOLL);
	pattern->is_tac = row_bool(&type, PATTERN_IS_TAC);
	pattern->is_emergency = row_bool(&type, PATTERN_IS_EMERGENCY);
	pattern->is_attendant = row_bool(&type, PATTERN_IS_ATTENDANT);
	row->err = type.err;
}

static void note_pattern(const struct row *row, const struct dial_pattern *pattern)
{
	row_note(row, row->table, row->key, PATTERN_PATTERN, PATTERN_MAX_LENGTH);
	if (row_is_null(row, PATTERN_TYPE_FOUND))
		row_note_missing(row, "call_type", pattern->call_type);
	else
		row_note(row, "call_type", pattern->call_type, PATTERN_TYPE_FOUND,
			 PATTERN_IS_ATTENDANT);
}

static int load_pattern(const struct loader *loader, const char *text,
			const struct dial_pattern **pattern)
{
	struct row row = loader_row(loader, SQL_PATTERN, "dial_pattern", text);
	struct dial_pattern *loaded;
	int found;

	database_bind_text(loader->database, SQL_PATTERN, 1, text);
	found = loader_step(&row);
	if (found <= 0)
		return found;
	loaded = arena_alloc(loader->arena, sizeof *loaded);
	read_pattern(&row, loaded);
	note_pattern(&row, loaded);
	row_end(&row);
	*pattern = loaded;
	return row.err;
}

int loader_find_pattern(const struct loader *loader, const char *user,
			const struct dial_pattern **pattern, bool *is_prefix)
{
	char digits[NUMBER_MAX + 1];
	struct match match;
	struct row row;
	int err;

	if (!loader_digits(user, digits))
		return 0;
	row = loader_row(loader, SQL_PATTERN, "dial_pattern", digits);
	err = match_find(loader->database, digits, &match, loader->fault);
	if (err == -EBADMSG)
		row_refuse(&row, "more than %d patterns and beginnings of patterns fit",
			   MATCH_PROBES_MAX);
	if (err)
		return err;
	if (is_prefix)
		*is_prefix = match.is_prefix;
	if (match.pattern[0])
		return load_pattern(loader, match.pattern, pattern);
	row_note_missing(&row, row.table, digits);
	return 0;
}

/* Permission ---------------------------------------------------------- */

int loader_find_permission(const struct loader *loader, const struct station *from,
			   const struct station *to, bool *is_permitted)
{
	const char *key;
	struct row row;
	int found;

	*is_permitted = true;
	if (!from || !to)
		return 0;
	database_bind_int(loader->database, SQL_PERMISSION, 1, from->cor.cor);
	database_bind_int(loader->database, SQL_PERMISSION, 2, to->cor.cor);
	key = arena_printf(loader->arena, "%d to %d", from->cor.cor, to->cor.cor);
	row = loader_row(loader, SQL_PERMISSION, "calling_permission", key);
	found = loader_step(&row);
	if (found <= 0)
		return found;
	*is_permitted = row_bool(&row, 0);
	row_note(&row, row.table, key, 0, 0);
	row_end(&row);
	return row.err;
}
