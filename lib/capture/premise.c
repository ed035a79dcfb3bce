/* SPDX-License-Identifier: MIT */
#include "capture/premise.h"

#include "base/arena.h"

#include <ctype.h>
#include <string.h>

enum { STATIONS = 64 };

const char premise_trunk[] = "pstn";

bool premise_is_value(const char *text)
{
	const char *at = text;

	while (at && (isalnum((unsigned char)*at) || (*at && strchr("+*._-:", *at))))
		at++;
	return at > text && !*at;
}

static bool begins(const char *text, const char *start, const char **rest)
{
	size_t length = strlen(start);

	if (!text || strncmp(text, start, length) != 0)
		return false;
	*rest = text + length;
	return true;
}

/* The rows that make halfcalld forward or cover as it did. */
static void write_diversions(const struct dossier *call, FILE *out)
{
	unsigned steps = 0;

	for (size_t i = 0; i < call->event_count; i++) {
		const struct dossier_event *event = &call->events[i];
		const char *condition;

		if (!premise_is_value(event->extension) || !premise_is_value(event->to) ||
		    !event->event)
			continue;
		if (strcmp(event->event, "forward") == 0 &&
		    begins(event->rule, "forwarding:", &condition) &&
		    premise_is_value(condition))
			fprintf(out,
				"sql     INSERT OR IGNORE INTO call_forwarding (extension, "
				"condition, destination) VALUES ('%s', '%s', '%s')\n",
				event->extension, condition, event->to);
		else if (strcmp(event->event, "cover") == 0 &&
			 begins(event->rule, "coverage:", &condition) &&
			 premise_is_value(condition))
			fprintf(out,
				"sql     INSERT OR IGNORE INTO coverage_point (extension, "
				"step, target, condition) VALUES ('%s', %u, '%s', '%s')\n",
				event->extension, ++steps, event->to, condition);
	}
}

/* Adds EXTENSION if it is not there and may stand in SQL; the new count. */
static size_t add_station(const char **stations, size_t count, const char *extension)
{
	if (count == STATIONS || !premise_is_value(extension) ||
	    strcmp(extension, premise_trunk) == 0)
		return count;
	for (size_t i = 0; i < count; i++)
		if (strcmp(stations[i], extension) == 0)
			return count;
	stations[count] = extension;
	return count + 1;
}

/* All stations that have a part in the call. */
static size_t find_stations(const struct dossier *call, struct arena *arena,
			    const char **stations, size_t count)
{
	for (size_t i = 0; i < call->event_count; i++) {
		const char *to = call->events[i].to;

		count = add_station(stations, count, call->events[i].extension);
		if (premise_is_value(to) && (to = call->station(call->context, to)))
			count = add_station(stations, count, arena_strdup(arena, to));
	}
	return count;
}

static void guess(const struct dossier *call, const char *const *stations, size_t count,
		  FILE *out)
{
	fputs("sql     INSERT OR IGNORE INTO class_of_restriction (cor, frl) VALUES (1, "
	      "7)\n",
	      out);
	for (size_t i = 0; i < count; i++)
		fprintf(out,
			"sql     INSERT OR IGNORE INTO station (extension) VALUES ('%s')\n",
			stations[i]);
	write_diversions(call, out);
}

void premise_write(const struct dossier *call, const char *const *names,
		   size_t name_count, FILE *out)
{
	struct arena arena = { 0 };
	const char *stations[STATIONS];
	size_t count = 0;

	for (size_t i = 0; i < name_count; i++)
		count = add_station(stations, count, names[i]);
	count = find_stations(call, &arena, stations, count);
	if (!call->office || !call->office(call->context, stations, count, out))
		guess(call, stations, count, out);
	arena_clear(&arena);
}
