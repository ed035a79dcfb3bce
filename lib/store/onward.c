/* SPDX-License-Identifier: MIT */
/* Where calls to a station may be sent on to: call_forwarding and coverage_point. */
#include "store/loader.h"
#include "store/match.h"

#include <string.h>

enum {
	FORWARDINGS_MAX = FORWARD_CONDITIONS * 3,	/* three sources */
	POINTS_MAX = COVER_STEPS * COVER_CONDITIONS,
	STATIONS_MAX = 64,	/* whose forwardings one call looks up; chains end there */
};

/* What is known of the number in a row of STATION. */
static int find_onward(const struct loader *loader, const struct station *station,
		       struct onward *to)
{
	int found = loader_find_station(loader, to->number, &to->station);

	if (found >= 0)
		found = loader_find_pattern(loader, to->number, &to->pattern, NULL);
	if (found >= 0)
		found = loader_find_permission(loader, station, to->station,
					       &to->is_permitted);
	return found < 0 ? found : 0;
}

static const char *read_number(struct row *row, int column, const char *name)
{
	const char *number = row_text(row, column, NUMBER_MAX);

	if (number[0] == '\0')
		row_refuse(row, "%s is empty", name);
	return number;
}

/* Forwarding ------------------------------------------------------------------------- */

static void note_forwarding(const struct row *row)
{
	row_note(row, row->table, row->key, FORWARDING_CONDITION, FORWARDING_ACTIVE);
}

/* Reads the rows that are active; what is known of their destinations comes after. */
static int read_forwardings(const struct loader *loader, const char *extension,
			    struct forwarding *forwardings, size_t *count)
{
	struct row row =
		loader_row(loader, SQL_FORWARDINGS, "call_forwarding", extension);
	bool has_rows = false;
	int found = 0;

	database_bind_text(loader->database, SQL_FORWARDINGS, 1, extension);
	while (!row.err && (found = database_step(loader->database, SQL_FORWARDINGS,
						  loader->fault)) == 1) {
		struct forwarding *forwarding = &forwardings[*count];

		has_rows = true;
		if (!row_bool(&row, FORWARDING_ACTIVE)) {
			note_forwarding(&row);
			continue;
		}
		if (*count == FORWARDINGS_MAX) {
			row_refuse(&row, "more than %d rows", FORWARDINGS_MAX);
			break;
		}
		forwarding->condition = (enum forward_condition)row_word(
			&row, FORWARDING_CONDITION, forward_condition_by_name);
		forwarding->source = (enum forward_source)row_word(
			&row, FORWARDING_SOURCE, forward_source_by_name);
		forwarding->to.number =
			read_number(&row, FORWARDING_DESTINATION, "destination");
		note_forwarding(&row);
		(*count)++;
	}
	if (!has_rows && found == 0)
		row_note_missing(&row, row.table, extension);
	database_reset(loader->database, SQL_FORWARDINGS);
	return row.err ? row.err : found;
}

/* The stations whose forwardings are looked up, each once, however often it is met. */
struct chain {
	struct {
		const struct station *station;
		unsigned hops;			/* from the called station */
		struct forwardings *forwardings;
	} link[STATIONS_MAX];
	size_t count;
};

/* The forwardings of STATION, to be loaded in its turn; NULL = the chain is full. */
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

	if (err || count == 0)
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

int loader_load_forwardings(const struct loader *loader, struct profile *profile)
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

int loader_load_visited(const struct loader *loader, const struct facts *facts,
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

		if (found < 0)
			return found;
		visited[i] = station ? station->extension : NULL;
	}
	profile->visited = visited;
	return 0;
}

/* Coverage --------------------------------------------------------------------------- */

static void read_point(struct row *row, struct coverage_point *point)
{
	point->step = (unsigned)row_int(row, COVERAGE_STEP, 1, COVER_STEPS);
	point->to.number = read_number(row, COVERAGE_TARGET, "target");
	point->condition = (enum cover_condition)row_word(row, COVERAGE_CONDITION,
							  cover_condition_by_name);
	if (!row_is_null(row, COVERAGE_RING_SECONDS))
		point->ring_s = (unsigned)row_int(row, COVERAGE_RING_SECONDS, 1, 300);
}

static int read_points(const struct loader *loader, const char *extension,
		       struct coverage_point *points, size_t *count)
{
	struct row row = loader_row(loader, SQL_COVERAGE, "coverage_point", extension);
	int found = 0;

	database_bind_text(loader->database, SQL_COVERAGE, 1, extension);
	while (!row.err && (found = database_step(loader->database, SQL_COVERAGE,
						  loader->fault)) == 1) {
		if (*count == POINTS_MAX) {
			row_refuse(&row, "more than %d rows", POINTS_MAX);
			break;
		}
		read_point(&row, &points[(*count)++]);
		row_note(&row, row.table, row.key, COVERAGE_STEP, COVERAGE_RING_SECONDS);
	}
	if (*count == 0 && found == 0)
		row_note_missing(&row, row.table, extension);
	database_reset(loader->database, SQL_COVERAGE);
	return row.err ? row.err : found;
}

int loader_load_coverage(const struct loader *loader, struct profile *profile)
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
