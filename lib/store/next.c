/* SPDX-License-Identifier: MIT */
#include "store/next.h"

#include <errno.h>
#include <string.h>

enum {
	FORWARDINGS_MAX = FORWARD_CONDITIONS * 3,	/* three sources */
	POINTS_MAX = COVER_STEPS * COVER_CONDITIONS,
	STATIONS_MAX = 64,	/* stations whose forwardings one call looks up; chains end there */
};

/* An invalid row of a target makes only that forwarding fail, not the call. */
static int contain(const struct loader *loader, int err, const char **fault)
{
	if (err != -EBADMSG)
		return err;
	*fault = arena_strdup(loader->arena, loader->fault ? loader->fault->text : "");
	return 0;
}

/* Fills in what the database says about the target number in a row of STATION. */
static int find_onward(const struct loader *loader, const struct station *station,
		       struct onward *to)
{
	int found = loader_find_station(loader, to->number, &to->station);

	if (found >= 0)
		found = loader_find_pattern(loader, to->number, &to->pattern, NULL);
	if (found >= 0)
		found = loader_find_permission(loader, station, to->station,
					       &to->is_permitted);
	return found < 0 ? contain(loader, found, &to->fault) : 0;
}

/* Forwarding ------------------------------------------------------------------------- */

/* Reads the row, if it is active; else its number stays NULL. */
static void read_forwarding(struct row *row, struct forwarding *forwarding)
{
	const char *extension = row->key;

	if (row_bool(row, FORWARDING_ACTIVE)) {
		forwarding->condition = (enum forward_condition)row_word(
			row, FORWARDING_CONDITION, forward_condition_by_name);
		forwarding->source = (enum forward_source)row_word(
			row, FORWARDING_SOURCE, forward_source_by_name);
		if (!row->err)
			row->key = arena_printf(
				row->arena, "%s %s %s", extension,
				forward_condition_name(forwarding->condition),
				row_text(row, FORWARDING_SOURCE, NUMBER_MAX));
		forwarding->to.number = row_number(row, FORWARDING_DESTINATION);
	}
	row_note(row, row->table, extension, FORWARDING_CONDITION, FORWARDING_ACTIVE);
	row->key = extension;
}

/* Whether the newest of COUNT rows has the condition and source of an earlier one. */
static bool is_said_before(const struct forwarding *rows, size_t count)
{
	const struct forwarding *newest = &rows[count - 1];

	for (size_t i = 0; i + 1 < count; i++)
		if (rows[i].condition == newest->condition &&
		    rows[i].source == newest->source)
			return true;
	return false;
}

/* Reads the active rows; their targets are looked up afterwards. */
static int read_forwardings(const struct loader *loader, const char *extension,
			    struct forwarding *forwardings, size_t *count)
{
	struct row row =
		loader_row(loader, SQL_FORWARDINGS, "call_forwarding", extension);
	unsigned rows = 0;

	database_bind_text(loader->database, SQL_FORWARDINGS, 1, extension);
	while (!row.err && row_step(&row) == 1) {
		struct forwarding *forwarding = &forwardings[*count];

		if (++rows > FORWARDINGS_MAX) {
			row_refuse(&row, "more than %d rows", FORWARDINGS_MAX);
			break;
		}
		*forwarding = (struct forwarding){ 0 };
		read_forwarding(&row, forwarding);
		if (!row.err && forwarding->to.number &&
		    is_said_before(forwardings, ++*count))
			row_refuse(&row, "is there more than once; the index is damaged");
	}
	if (rows == 0 && !row.err)
		row_note_missing(&row, row.table, extension);
	database_reset(loader->database, SQL_FORWARDINGS);
	return row.err;
}

/*
 * The stations whose forwardings are looked up, each once, however many rows lead to it.
 */
struct chain {
	struct {
		const struct station *station;
		unsigned hops;			/* from the called station */
		struct forwardings *forwardings;
	} link[STATIONS_MAX];
	size_t count;
};

/* The forwardings of STATION, queued to be loaded; NULL = the queue is full. */
static const struct forwardings *chain_add(struct chain *chain, struct arena *arena,
					   const struct station *station, unsigned hops)
{
	for (size_t i = 0; i < chain->count; i++)
		if (strcmp(chain->link[i].station->extension, station->extension) == 0)
			return chain->link[i].forwardings;
	if (chain->count == STATIONS_MAX)
		return NULL;
	chain->link[chain->count].station = station;
	chain->link[chain->count].hops = hops;
	chain->link[chain->count].forwardings =
		arena_alloc(arena, sizeof(struct forwardings));
	return chain->link[chain->count++].forwardings;
}

static int load_link(const struct loader *loader, struct chain *chain, size_t at)
{
	struct forwarding forwardings[FORWARDINGS_MAX + 1] = { 0 };
	const struct station *station = chain->link[at].station;
	unsigned hops = chain->link[at].hops;
	struct forwarding *loaded;
	size_t count = 0;
	int err = read_forwardings(loader, station->extension, forwardings, &count);

	/* An invalid forwarding of the called station itself is a fault of the call. */
	if (at > 0)
		err = contain(loader, err, &chain->link[at].forwardings->fault);
	if (err || count == 0 || chain->link[at].forwardings->fault)
		return err;
	loaded = arena_alloc(loader->arena, count * sizeof *loaded);
	memcpy(loaded, forwardings, count * sizeof *loaded);
	for (size_t i = 0; i < count; i++) {
		struct onward *to = &loaded[i].to;

		err = find_onward(loader, station, to);
		if (err)
			return err;
		if (to->station && hops < loader->follow_hops)
			loaded[i].next =
				chain_add(chain, loader->arena, to->station, hops + 1);
	}
	*chain->link[at].forwardings = (struct forwardings){ loaded, count };
	return 0;
}

int next_load_forwardings(const struct loader *loader, struct profile *profile)
{
	struct chain chain = { .count = 0 };
	const struct forwardings *first =
		chain_add(&chain, loader->arena, profile->called, 0);
	int err = 0;

	for (size_t i = 0; i < chain.count && !err; i++)
		err = load_link(loader, &chain, i);
	profile->forwardings = *first;
	return err;
}

int next_load_visited(const struct loader *loader, const struct facts *facts,
		      struct profile *profile)
{
	const char **visited;

	if (facts->visited_count == 0 ||
	    profile->forwardings.count + profile->coverage_count == 0)
		return 0;
	visited = arena_alloc(loader->arena, facts->visited_count * sizeof *visited);
	for (unsigned i = 0; i < facts->visited_count; i++) {
		const struct station *station = NULL;
		int found = loader_find_station(loader, facts->visited[i], &station);

		/* An invalid row of a party that the call has left already is ignored. */
		if (found < 0 && found != -EBADMSG)
			return found;
		visited[i] = found > 0 ? station->extension : NULL;
	}
	profile->visited = visited;
	return 0;
}

/* Coverage --------------------------------------------------------------------------- */

static void read_point(struct row *row, struct coverage_point *point)
{
	const char *extension = row->key;

	point->step = (unsigned)row_int(row, COVERAGE_STEP, 1, COVER_STEPS);
	point->condition = (enum cover_condition)row_word(row, COVERAGE_CONDITION,
							  cover_condition_by_name);
	if (!row->err)
		row->key = arena_printf(row->arena, "%s %u %s", extension, point->step,
					cover_condition_name(point->condition));
	point->to.number = row_number(row, COVERAGE_TARGET);
	if (!row_is_null(row, COVERAGE_RING_SECONDS))
		point->ring_s = (unsigned)row_int(row, COVERAGE_RING_SECONDS, 1, 300);
	row_note(row, row->table, extension, COVERAGE_STEP, COVERAGE_RING_SECONDS);
	row->key = extension;
}

/* The rows come in the order of step and condition. */
static bool is_repeated(const struct coverage_point *points, size_t count)
{
	return count > 1 && points[count - 1].step == points[count - 2].step &&
	       points[count - 1].condition == points[count - 2].condition;
}

static int read_points(const struct loader *loader, const char *extension,
		       struct coverage_point *points, size_t *count)
{
	struct row row = loader_row(loader, SQL_COVERAGE, "coverage_point", extension);

	database_bind_text(loader->database, SQL_COVERAGE, 1, extension);
	while (!row.err && row_step(&row) == 1) {
		if (*count == POINTS_MAX) {
			row_refuse(&row, "more than %d rows", POINTS_MAX);
			break;
		}
		read_point(&row, &points[(*count)++]);
		if (is_repeated(points, *count))
			row_refuse(&row, "is there more than once; the index is damaged");
	}
	if (*count == 0 && !row.err)
		row_note_missing(&row, row.table, extension);
	database_reset(loader->database, SQL_COVERAGE);
	return row.err;
}

int next_load_coverage(const struct loader *loader, struct profile *profile)
{
	struct coverage_point points[POINTS_MAX] = { 0 };
	struct coverage_point *loaded;
	size_t count = 0;
	int err = read_points(loader, profile->called->extension, points, &count);

	if (err || count == 0)
		return err;
	loaded = arena_alloc(loader->arena, count * sizeof *loaded);
	memcpy(loaded, points, count * sizeof *loaded);
	for (size_t i = 0; i < count && !err; i++)
		err = find_onward(loader, profile->called, &loaded[i].to);
	profile->coverage = loaded;
	profile->coverage_count = count;
	return err;
}
