/* SPDX-License-Identifier: MIT */
#include "script/collection.h"

#include "base/index.h"
#include "script/vector.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 32 };

/* A file of the run. */
struct collection_file {
	const char *path;
	bool is_named;			/* named by the caller, not found in a
					 * directory */
	struct script script;
};

struct collection {
	struct arena arena;
	struct faults *faults;
	struct collection_file **files;
	size_t count;
	const struct script_case **cases;
	size_t case_count;
	size_t case_files;
};

static void add_file(struct collection *collection, const char *path, bool is_named)
{
	struct collection_file *file = arena_alloc(&collection->arena, sizeof *file);

	file->path = arena_strdup(&collection->arena, path);
	file->is_named = is_named;
	VECTOR_ADD(&collection->arena, collection->files, collection->count, file);
}

/* Directories --------------------------------------------------------------------------- */

static void unreadable(struct collection *collection, const char *path, const char *why)
{
	struct script_place place = { .file = path };

	faults_say(collection->faults, &place, "cannot be read: %s", why);
}

static bool is_case_name(const char *name)
{
	size_t length = strlen(name);

	return length > 5 && strcmp(name + length - 5, ".call") == 0;
}

static void add_directory(struct collection *collection, const char *path, int depth);

static void add_entry(struct collection *collection, const char *directory,
		      const char *name, int depth)
{
	size_t length = strlen(directory);
	bool has_slash = length > 0 && directory[length - 1] == '/';
	const char *path = arena_printf(&collection->arena, "%s%s%s", directory,
					has_slash ? "" : "/", name);
	struct stat about;

	if (stat(path, &about) < 0) {
		if (is_case_name(name))
			unreadable(collection, path, strerror(errno));
	} else if (S_ISDIR(about.st_mode)) {
		if (depth < DEPTH_MAX)
			add_directory(collection, path, depth + 1);
		else
			unreadable(collection, path, "it is too deep; is it a circle?");
	} else if (is_case_name(name)) {
		add_file(collection, path, false);
	}
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_directory(struct collection *collection, const char *path, int depth)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_visible, by_bytes);

	if (count < 0) {
		unreadable(collection, path, strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		add_entry(collection, path, entries[i]->d_name, depth);
		free(entries[i]);
	}
	free(entries);
}

static void add_path(struct collection *collection, const char *path)
{
	struct stat about;

	if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
		add_directory(collection, path, 0);
	else
		add_file(collection, path, true);	/* a file that cannot be read
							 * is reported when it is read */
}

/* Cases --------------------------------------------------------------------------------- */

/* Files that some script includes, by their real path. */
static void index_included(struct collection *collection, struct index *included)
{
	index_init(included);
	for (size_t i = 0; i < collection->count; i++) {
		const struct script *script = &collection->files[i]->script;

		for (size_t j = 0; j < script->included_count; j++) {
			struct index_entry *entry;

			if (index_find(included, script->included[j], NULL))
				continue;
			entry = arena_alloc(&collection->arena, sizeof *entry);
			list_init(&entry->node);
			index_insert(included, entry, script->included[j]);
		}
	}
}

static bool is_only_included(const struct collection_file *file, struct index *included)
{
	char *real;
	bool is_included;

	if (file->is_named || file->script.has_step)
		return false;
	real = realpath(file->path, NULL);
	is_included = real && index_find(included, real, NULL);
	free(real);
	return is_included;
}

static void find_cases(struct collection *collection)
{
	struct index *included = arena_alloc(&collection->arena, sizeof *included);

	index_included(collection, included);
	for (size_t i = 0; i < collection->count; i++) {
		struct collection_file *file = collection->files[i];

		if (is_only_included(file, included))
			continue;
		collection->case_files++;
		script_complete(&file->script, collection->faults);
		for (size_t j = 0; j < file->script.case_count; j++)
			VECTOR_ADD(&collection->arena, collection->cases,
				   collection->case_count, &file->script.cases[j]);
	}
}

struct collection *collection_read(char *const *paths, size_t count,
				   const struct script_setting *settings,
				   size_t setting_count)
{
	struct arena arena = { 0 };
	struct collection *collection = arena_alloc(&arena, sizeof *collection);

	collection->arena = arena;
	collection->faults = faults_new();
	for (size_t i = 0; i < count; i++)
		add_path(collection, paths[i]);
	for (size_t i = 0; i < collection->count; i++)
		script_read(&collection->files[i]->script, collection->files[i]->path,
			    settings, setting_count, collection->faults);
	find_cases(collection);
	return collection;
}

void collection_free(struct collection *collection)
{
	struct arena arena;

	if (!collection)
		return;
	for (size_t i = 0; i < collection->count; i++)
		script_clear(&collection->files[i]->script);
	faults_free(collection->faults);
	arena = collection->arena;	/* the collection lives in it */
	arena_clear(&arena);
}

size_t collection_faults(const struct collection *collection)
{
	return faults_count(collection->faults);
}

void collection_print_faults(const struct collection *collection, FILE *out)
{
	faults_print(collection->faults, out);
}

size_t collection_files(const struct collection *collection)
{
	return collection->case_files;
}

size_t collection_count(const struct collection *collection)
{
	return collection->case_count;
}

const struct script_case *collection_case(const struct collection *collection, size_t i)
{
	return collection->cases[i];
}
