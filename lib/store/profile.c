/* SPDX-License-Identifier: MIT */
#include "store/profile.h"

#include "model/number.h"
#include "store/loader.h"
#include "store/match.h"
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

/* Steps to the row; records in the trace if there is none. */
static int step_to(struct row *row)
{
	int found = row_step(row);

	if (found == 0)
		row_note_missing(row, row->table, row->key);
	return found;
}

static bool is_lookable(const char *text)
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

/* Stations --------------------------------------------------------------------------- */

/* 1 and *STATION, or 0 when no station has this extension. */
static int load_station(const struct loader *loader, const char *extension,
			const struct station **station)
{
	struct row row = loader_row(loader, SQL_STATION, "station", extension);
	struct station *loaded;
	int found;

	database_bind_text(loader->database, SQL_STATION, 1, extension);
	found = step_to(&row);
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
	found = step_to(&row);
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

	if (!is_lookable(user))
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
	found = step_to(&row);
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

	if (!is_lookable(user) || !number_digits(user, digits))
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

static void note_beginning(const struct loader *loader, const char *table,
			   const char *digits, int found)
{
	if (!loader->trace || found < 0)
		return;
	trace_note(loader->trace,
		   &(struct trace_step){
			   .kind = TRACE_ROW,
			   .subject = table,
			   .about = arena_printf(loader->arena, "%s...", digits),
			   .is_hit = found == 1,
			   .text = found ? "begins with it" : "",
		   });
}

/*
 * Whether USER, which is no number of a station, is the beginning of one; 1, 0 or -errno.
 */
static int is_prefix_of_station(const struct loader *loader, const char *user)
{
	char digits[NUMBER_MAX + 1];
	size_t length;
	int found;

	if (!is_lookable(user) || !number_digits(user, digits))
		return 0;
	found = match_begins(loader->database, SQL_STATION_NEXT, digits, &length,
			     loader->fault);
	note_beginning(loader, "station", digits, found);
	if (found == 0) {
		found = match_begins(loader->database, SQL_NUMBER_NEXT, digits, &length,
				     loader->fault);
		note_beginning(loader, "station_number", digits, found);
	}
	return found;
}

static int find_dialled(const struct loader *loader, const char *user,
			struct profile *profile)
{
	bool is_prefix = false;
	int found = loader_find_pattern(loader, user, &profile->dialled, &is_prefix);

	if (found < 0 || profile->called || profile->dialled)
		return found;
	found = is_prefix ? 1 : is_prefix_of_station(loader, user);
	profile->is_prefix = found == 1;
	return found < 0 ? found : 0;
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
	found = step_to(&row);
	if (found <= 0)
		return found;
	*is_permitted = row_bool(&row, 0);
	row_note(&row, row.table, key, 0, 0);
	row_end(&row);
	return row.err;
}

/* Feature access codes ------------------------------------------------------------- */

/* Whether NUMBER, which is neither station nor pattern, is the beginning of a code. */
static int find_code_begun(const struct loader *loader, const char *number,
			   struct profile *profile)
{
	size_t length;
	int found;

	if (profile->dialled || profile->is_prefix)
		return 0;
	found = match_begins(loader->database, SQL_ACCESS_CODE_NEXT, number, &length,
			     loader->fault);
	note_beginning(loader, "feature_access_code", number, found);
	profile->is_prefix = found == 1;
	return found < 0 ? found : 0;
}

/*
 * The code NUMBER begins with, unless the complete number is a station or an emergency
 * number.
 */
static int find_code(const struct loader *loader, const char *number,
		     struct profile *profile)
{
	struct access_code *code = &profile->code;
	struct row row =
		loader_row(loader, SQL_ACCESS_CODE, "feature_access_code", number);
	int found;

	if (!is_lookable(number) || profile->called ||
	    (profile->dialled && profile->dialled->is_emergency))
		return 0;
	database_bind_text(loader->database, SQL_ACCESS_CODE, 1, number);
	found = step_to(&row);
	if (found == 0)
		return find_code_begun(loader, number, profile);
	if (found < 0)
		return found;
	code->code = row.key = row_number(&row, 0);
	code->feature = row_text(&row, 1, NUMBER_MAX);
	row_note(&row, row.table, number, 0, 1);
	row_end(&row);
	if (row.err)
		return row.err;
	code->action = action_by_name(code->feature);
	code->number = number_plain(loader->arena, number + strlen(code->code));
	return 1;
}

static int find_called(const struct loader *loader, const char *number,
		       struct profile *profile)
{
	int found = loader_find_station(loader, number, &profile->called);

	return found < 0 ? found : find_dialled(loader, number, profile);
}

/* The pattern of the caller's number, where it matters: also a station may be the
 * attendant. */
static int find_calling(const struct loader *loader, const char *number,
			struct profile *profile)
{
	bool is_manual = profile->called && profile->called->cor.called == CALLED_MANUAL;

	if (profile->caller && !is_manual)
		return 0;
	return loader_find_pattern(loader, number, &profile->calling, NULL);
}

static int load_all(const struct loader *loader, const struct facts *facts,
		    struct profile *profile)
{
	int found = 0;

	if (!facts->is_external)
		found = loader_find_station(loader, facts->caller.user, &profile->caller);
	if (found >= 0 && facts->fnu_extension)
		found = loader_find_station(loader, facts->fnu_extension,
					    &profile->named);
	if (found >= 0)
		found = find_called(loader, facts_number(facts), profile);
	if (found >= 0 && facts->half == HALF_ORIG && !facts->fnu)
		found = find_code(loader, facts->called.user, profile);
	if (found == 1 && profile->code.code) {
		profile->dialled = NULL;
		profile->is_prefix = false;
		found = find_called(loader, profile->code.number, profile);
	}
	if (found >= 0 && !facts->is_external)
		found = find_calling(loader, facts->caller.user, profile);
	if (found >= 0)
		found = loader_find_permission(loader, profile->caller, profile->called,
					       &profile->is_permitted);
	if (found >= 0 && (facts->half == HALF_TERM || facts->is_full_call) &&
	    profile->called) {
		found = loader_load_forwardings(loader, profile);
		if (found >= 0)
			found = loader_load_coverage(loader, profile);
		if (found >= 0)
			found = loader_load_visited(loader, facts, profile);
	}
	return found < 0 ? found : 0;
}

/*
 * Whether an emergency number is called; only the row of its own pattern has to be valid.
 */
static bool is_call_for_help(const struct loader *loader, const struct facts *facts,
			     struct profile *profile)
{
	struct fault unsaid;
	struct loader quiet = *loader;

	quiet.fault = &unsaid;
	*profile = (struct profile){ .is_permitted = true };
	return facts->half != HALF_LINE && !facts->fnu &&
	       loader_find_pattern(&quiet, facts->called.user, &profile->dialled, NULL) ==
		       0 &&
	       profile->dialled && profile->dialled->is_emergency;
}

/* An invalid row must not prevent an emergency call: it goes on as from an unknown
 * caller. */
int profile_load(const struct loader *loader, const struct facts *facts,
		 struct profile *profile)
{
	int err = load_all(loader, facts, profile);

	return err == -EBADMSG && is_call_for_help(loader, facts, profile) ? 0 : err;
}
