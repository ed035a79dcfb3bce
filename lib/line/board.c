/* SPDX-License-Identifier: MIT */
#include "line/board.h"

#include "base/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A station with at least one line in use. */
struct station_lines {
	struct index_entry entry;
	size_t in_use;
	uint64_t used[4];		/* appearance n is bit n - 1 */
	char extension[];
};

enum { LINES_MAX = 256 };

struct board {
	struct index stations;
	size_t in_use;
};

struct board *board_new(void)
{
	struct board *board = malloc(sizeof *board);

	if (!board) {
		fputs("halfcall: out of memory\n", stderr);
		abort();
	}
	index_init(&board->stations);
	board->in_use = 0;
	return board;
}

static void station_free(struct station_lines *station)
{
	index_remove(&station->entry);
	free(station);
}

void board_free(struct board *board)
{
	if (!board)
		return;
	for (size_t i = 0; i < INDEX_BUCKETS; i++) {
		struct list *bucket = &board->stations.buckets[i];

		while (!list_is_empty(bucket))
			station_free(container_of(bucket->next, struct station_lines,
						  entry.node));
	}
	free(board);
}

static struct station_lines *station_find(struct board *board, const char *extension)
{
	struct index_entry *entry = index_find(&board->stations, extension, NULL);

	return entry ? container_of(entry, struct station_lines, entry) : NULL;
}

static struct station_lines *station_new(struct board *board, const char *extension)
{
	size_t length = strlen(extension) + 1;
	struct station_lines *station = calloc(1, sizeof *station + length);

	if (!station) {
		fputs("halfcall: out of memory\n", stderr);
		abort();
	}
	memcpy(station->extension, extension, length);
	index_insert(&board->stations, &station->entry, station->extension);
	return station;
}

static bool is_used(const struct station_lines *station, unsigned appearance)
{
	unsigned bit = appearance - 1;

	return station && (station->used[bit / 64] >> bit % 64 & 1);
}

int board_seize(struct board *board, const char *extension, unsigned lines,
		unsigned wanted)
{
	struct station_lines *station = station_find(board, extension);
	unsigned appearance = wanted;

	if (lines > LINES_MAX)
		lines = LINES_MAX;
	if (wanted > lines)
		return BOARD_NO_SUCH_LINE;
	if (!wanted)
		for (appearance = 1; appearance <= lines && is_used(station, appearance);)
			appearance++;
	if (appearance > lines || is_used(station, appearance))
		return BOARD_BUSY;

	if (!station)
		station = station_new(board, extension);
	station->used[(appearance - 1) / 64] |= (uint64_t)1 << (appearance - 1) % 64;
	station->in_use++;
	board->in_use++;
	return (int)appearance;
}

void board_release(struct board *board, const char *extension, unsigned appearance)
{
	struct station_lines *station = station_find(board, extension);

	if (!appearance || appearance > LINES_MAX || !is_used(station, appearance))
		return;
	station->used[(appearance - 1) / 64] &= ~((uint64_t)1 << (appearance - 1) % 64);
	board->in_use--;
	if (--station->in_use == 0)
		station_free(station);
}

size_t board_in_use(struct board *board, const char *extension)
{
	const struct station_lines *station;

	if (!extension)
		return board->in_use;
	station = station_find(board, extension);
	return station ? station->in_use : 0;
}

uint64_t board_lines(struct board *board, const char *extension)
{
	const struct station_lines *station = station_find(board, extension);

	return station ? station->used[0] : 0;
}
