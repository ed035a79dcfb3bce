/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A growing array in an arena that is known by its items and their count alone: it is moved to
 * twice the room whenever the count is a power of two from four on.
 */
#include "base/arena.h"

#include <stddef.h>

/** ITEMS, COUNT of SIZE bytes each, with room for one more; may have moved. */
void *vector_grow(struct arena *arena, void *items, size_t count, size_t size);

/** Appends ITEM to ITEMS and increments COUNT; both must be variables. */
#define VECTOR_ADD(arena, items, count, item)                                      \
	do {                                                                       \
		(items) = vector_grow((arena), (items), (count), sizeof *(items)); \
		(items)[(count)++] = (item);                                       \
	} while (0)
