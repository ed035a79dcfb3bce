/* SPDX-License-Identifier: MIT */
#include "run/outline.h"

#include "base/list.h"
#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	struct list node;
	const char *path, *value;
	bool is_written;
};

struct outline {
	struct arena arena;
	struct list entries;
};

struct outline *outline_new(void)
{
	struct outline *outline = memory_new(sizeof *outline);

	list_init(&outline->entries);
	return outline;
}

void outline_free(struct outline *outline)
{
	if (!outline)
		return;
	arena_clear(&outline->arena);
	free(outline);
}

void outline_set(struct outline *outline, const char *path, const char *value)
{
	struct entry *entry;

	for (struct list *at = outline->entries.next; at != &outline->entries;
	     at = at->next) {
		entry = container_of(at, struct entry, node);
		if (strcmp(entry->path, path) == 0) {
			entry->value = arena_strdup(&outline->arena, value);
			return;
		}
	}
	entry = arena_alloc(&outline->arena, sizeof *entry);
	entry->path = arena_strdup(&outline->arena, path);
	entry->value = arena_strdup(&outline->arena, value);
	list_append(&outline->entries, &entry->node);
}

/* All entries of the group that ENTRY, "group.name", belongs to. */
static void write_group(const struct outline *outline, const struct entry *first,
			FILE *file)
{
	size_t length = strcspn(first->path, ".");

	fprintf(file, "%.*s = {\n", (int)length, first->path);
	for (struct list *at = outline->entries.next; at != &outline->entries;
	     at = at->next) {
		struct entry *entry = container_of(at, struct entry, node);

		if (strncmp(entry->path, first->path, length + 1) != 0)
			continue;
		fprintf(file, "\t%s = %s;\n", entry->path + length + 1, entry->value);
		entry->is_written = true;
	}
	fprintf(file, "};\n");
}

int outline_write(const struct outline *outline, const char *path, struct fault *fault)
{
	FILE *file = fopen(path, "we");
	bool is_bad;

	if (!file)
		return fault_say(fault, errno, "%s: %s", path, strerror(errno));
	for (struct list *at = outline->entries.next; at != &outline->entries;
	     at = at->next)
		container_of(at, struct entry, node)->is_written = false;
	for (struct list *at = outline->entries.next; at != &outline->entries;
	     at = at->next) {
		struct entry *entry = container_of(at, struct entry, node);

		if (!strchr(entry->path, '.'))
			fprintf(file, "%s = %s;\n", entry->path, entry->value);
		else if (!entry->is_written)
			write_group(outline, entry, file);
	}
	is_bad = ferror(file);
	if (fclose(file) == EOF || is_bad)
		return fault_say(fault, EIO, "%s cannot be written", path);
	return 0;
}
