/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Memory that lives and dies together: what one call or one decision needs to remember.
 * Nothing is freed singly; arena_clear() frees all.  No function here returns NULL
 * (base/memory.h).
 */
#include <stdarg.h>
#include <stddef.h>

struct arena_chunk;

/** All zero is an empty arena ready for use. */
struct arena {
	struct arena_chunk *chunk;	/* owned; newest first */
	size_t used;			/* bytes used of the newest chunk */
};

/** SIZE bytes, zeroed, aligned for any object; borrowed until arena_clear(). */
void *arena_alloc(struct arena *arena, size_t size)
	__attribute__((malloc, alloc_size(2)));

/** A copy of TEXT; NULL stays NULL. */
char *arena_strdup(struct arena *arena, const char *text);

/** A terminated copy of LENGTH bytes at TEXT. */
char *arena_strndup(struct arena *arena, const char *text, size_t length);

/** printf into the arena. */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Frees everything; the arena is empty and usable again. */
void arena_clear(struct arena *arena);
