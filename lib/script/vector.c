/* SPDX-License-Identifier: MIT */
#include "script/vector.h"

#include <string.h>

enum { VECTOR_FIRST = 4 };

void *vector_grow(struct arena *arena, void *items, size_t count, size_t size)
{
	void *grown;

	if (count && (count < VECTOR_FIRST || (count & (count - 1))))
		return items;
	grown = arena_alloc(arena,
			    (count < VECTOR_FIRST ? VECTOR_FIRST : 2 * count) * size);
	if (count)
		memcpy(grown, items, count * size);
	return grown;
}
