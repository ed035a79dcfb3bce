/* SPDX-License-Identifier: MIT */
#include "script/faults.h"

#include "base/index.h"
#include "base/list.h"
#include "script/vector.h"

#include <stdlib.h>
#include <string.h>

struct faults_file {
	struct index_entry entry;	/* by name */
	unsigned rank;			/* files in the order of their first fault */
	size_t count;
};

struct fault_told {
	struct index_entry entry;	/* by the whole line */
	unsigned rank, line, column;
	size_t seq;
};

struct faults {
	struct arena arena;
	struct index files, lines;
	struct fault_told **told;
	size_t count;
	unsigned file_count;
};

struct faults *faults_new(void)
{
	struct arena arena = { 0 };
	struct faults *faults = arena_alloc(&arena, sizeof *faults);

	faults->arena = arena;
	index_init(&faults->files);
	index_init(&faults->lines);
	return faults;
}

void faults_free(struct faults *faults)
{
	struct arena arena;

	if (!faults)
		return;
	arena = faults->arena;	/* the faults live in it */
	arena_clear(&arena);
}

static struct faults_file *faults_file(struct faults *faults, const char *name)
{
	struct index_entry *entry = index_find(&faults->files, name, NULL);
	struct faults_file *file;

	if (entry)
		return container_of(entry, struct faults_file, entry);
	file = arena_alloc(&faults->arena, sizeof *file);
	file->rank = faults->file_count++;
	list_init(&file->entry.node);
	index_insert(&faults->files, &file->entry, arena_strdup(&faults->arena, name));
	return file;
}

static void put(struct faults *faults, struct faults_file *file,
		const struct script_place *place, const char *line)
{
	struct fault_told *told;

	if (index_find(&faults->lines, line, NULL))
		return;
	told = arena_alloc(&faults->arena, sizeof *told);
	told->rank = file->rank;
	told->line = place->line;
	told->column = place->column;
	told->seq = faults->count;
	list_init(&told->entry.node);
	index_insert(&faults->lines, &told->entry, arena_strdup(&faults->arena, line));
	VECTOR_ADD(&faults->arena, faults->told, faults->count, told);
	file->count++;
}

void faults_add(struct faults *faults, const struct script_place *place,
		const char *format, va_list args)
{
	struct faults_file *file = faults_file(faults, place->file);
	struct script_place end = { .file = place->file, .line = (unsigned)-1 };
	char where[48] = "", sentence[512], *line;
	struct arena scratch = { 0 };

	if (file->count > FAULTS_OF_FILE_MAX)
		return;
	vsnprintf(sentence, sizeof sentence, format, args);
	if (file->count == FAULTS_OF_FILE_MAX)
		snprintf(sentence, sizeof sentence,
			 "has more faults; mend these %d first", FAULTS_OF_FILE_MAX);
	else if (place->line)
		snprintf(where, sizeof where, "%u:%u:", place->line, place->column);
	line = arena_printf(&scratch, "%s:%s %s", place->file, where, sentence);
	put(faults, file, file->count == FAULTS_OF_FILE_MAX ? &end : place, line);
	arena_clear(&scratch);
}

void faults_say(struct faults *faults, const struct script_place *place,
		const char *format, ...)
{
	va_list args;

	va_start(args, format);
	faults_add(faults, place, format, args);
	va_end(args);
}

size_t faults_count(const struct faults *faults)
{
	return faults->count;
}

static int by_unsigned(unsigned long a, unsigned long b)
{
	return (a > b) - (a < b);
}

static int by_place(const void *left, const void *right)
{
	const struct fault_told *a = *(struct fault_told *const *)left;
	const struct fault_told *b = *(struct fault_told *const *)right;
	int order = by_unsigned(a->rank, b->rank);

	if (!order)
		order = by_unsigned(a->line, b->line);
	if (!order)
		order = by_unsigned(a->column, b->column);
	return order ? order : by_unsigned(a->seq, b->seq);
}

void faults_print(struct faults *faults, FILE *out)
{
	if (faults->count)
		qsort(faults->told, faults->count, sizeof(*faults->told), by_place);
	for (size_t i = 0; i < faults->count; i++) {
		for (const char *at = faults->told[i]->entry.key; *at; at++) {
			unsigned char c = (unsigned char)*at;

			if (c < 0x20 || c == 0x7f)
				fprintf(out, "\\x%02x", c);
			else
				putc(c, out);
		}
		putc('\n', out);
	}
}
