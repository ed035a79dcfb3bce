/* SPDX-License-Identifier: MIT */
#include "conf/suggest.h"

#include "conf/item.h"

#include <ctype.h>
#include <string.h>

enum { NAME_MAX_LENGTH = 32 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static bool is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* How many letters to change, add, drop or swap with their neighbour to turn A into B. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned d[NAME_MAX_LENGTH + 1][NAME_MAX_LENGTH + 1];

	if (a_length > NAME_MAX_LENGTH || b_length > NAME_MAX_LENGTH)
		return NAME_MAX_LENGTH;
	for (unsigned i = 0; i <= a_length; i++)
		d[i][0] = i;
	for (unsigned j = 0; j <= b_length; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a_length; i++)
		for (size_t j = 1; j <= b_length; j++) {
			d[i][j] = least(d[i - 1][j - 1] + !is_same(a[i - 1], b[j - 1]),
					least(d[i - 1][j], d[i][j - 1]) + 1);
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
			    is_same(a[i - 2], b[j - 1]))
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[a_length][b_length];
}

const char *suggest_path(const char *prefix, const char *name, struct arena *arena)
{
	size_t name_length = strlen(name), best_length = 0;
	unsigned best = NAME_MAX_LENGTH;
	const char *near = NULL;

	for (size_t i = 0; i < conf_item_count; i++) {
		const char *rest = item_below(&conf_items[i], prefix);
		size_t length = rest ? strcspn(rest, ".[") : 0;
		unsigned far = rest ? distance(name, name_length, rest, length) : best;

		/* Up to a third of the letters may be wrong. */
		if (far >= best || far * 3 > length)
			continue;
		best = far;
		near = rest;
		best_length = length;
	}
	if (near)
		return arena_printf(arena, "%s%s%.*s", prefix, *prefix ? "." : "",
				    (int)best_length, near);
	for (size_t i = 0; i < conf_item_count; i++)
		if (strcmp(item_leaf(&conf_items[i]), name) == 0)
			return conf_items[i].path;
	return NULL;
}
