/* SPDX-License-Identifier: MIT */
#include "store/profile.h"

#include "model/number.h"
#include "store/next.h"

#include <errno.h>
#include <string.h>

/* Numbers that are only dialled in part -------------------------------------------- */

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

	if (!loader_digits(user, digits))
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

	if (!loader_is_lookable(number) || profile->called ||
	    (profile->dialled && profile->dialled->is_emergency))
		return 0;
	database_bind_text(loader->database, SQL_ACCESS_CODE, 1, number);
	found = loader_step(&row);
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

/* Finds the pattern of the caller's number. It is needed if the caller is no station, or
 * if the called station takes only calls from the attendant, who may be a station. */
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
		found = next_load_forwardings(loader, profile);
		if (found >= 0)
			found = next_load_coverage(loader, profile);
		if (found >= 0)
			found = next_load_visited(loader, facts, profile);
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
