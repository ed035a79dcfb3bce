/* SPDX-License-Identifier: MIT */
#include "conf/suggest.h"

#include "base/nearest.h"
#include "conf/item.h"

#include <string.h>

const char *suggest_path(const char *prefix, const char *name, struct arena *arena)
{
	struct nearest nearest = nearest_to(name);

	for (size_t i = 0; i < conf_item_count; i++) {
		const char *rest = item_below(&conf_items[i], prefix);

		if (rest)
			nearest_offer(&nearest, rest, strcspn(rest, ".["));
	}
	if (nearest.name)
		return arena_printf(arena, "%s%s%.*s", prefix, *prefix ? "." : "",
				    (int)nearest.length, nearest.name);
	for (size_t i = 0; i < conf_item_count; i++)
		if (strcmp(item_leaf(&conf_items[i]), name) == 0)
			return conf_items[i].path;
	return NULL;
}
