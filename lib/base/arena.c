/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a chunk: an ordinary call needs one; there may be 40,000 calls. */
enum { ARENA_CHUNK = 2048 - 32 };

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	alignas(max_align_t) char bytes[];
};

static void arena_grow(struct arena *arena, size_t size)
{
	size_t room = size > ARENA_CHUNK ? size : ARENA_CHUNK;
	struct arena_chunk *chunk;

	if (room > SIZE_MAX - sizeof *chunk || !(chunk = malloc(sizeof *chunk + room)))
		memory_out();
	chunk->next = arena->chunk;
	chunk->size = room;
	arena->chunk = chunk;
	arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t mask = alignof(max_align_t) - 1;
	size_t start = (arena->used + mask) & ~mask;
	void *bytes;

	if (!arena->chunk || start > arena->chunk->size ||
	    size > arena->chunk->size - start) {
		arena_grow(arena, size);
		start = 0;
	}
	bytes = arena->chunk->bytes + start;
	arena->used = start + size;
	return memset(bytes, 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	struct arena_chunk *chunk = arena->chunk;
	size_t room = chunk ? chunk->size - arena->used : 0;
	char *text = chunk ? chunk->bytes + arena->used : NULL;
	va_list args;
	int length;

	/* Into what is left of the chunk; most texts are short. */
	va_start(args, format);
	length = vsnprintf(text, room, format, args);
	va_end(args);
	if (length < 0)
		return arena_strdup(arena, "");
	if ((size_t)length < room) {
		arena->used += (size_t)length + 1;
		return text;
	}
	text = arena_alloc(arena, (size_t)length + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}

void arena_clear(struct arena *arena)
{
	struct arena_chunk *chunk, *next;

	for (chunk = arena->chunk; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	arena->chunk = NULL;
	arena->used = 0;
}
