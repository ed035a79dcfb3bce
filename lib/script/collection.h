/* SPDX-License-Identifier: MIT */
#pragma once
/* The scripts of a run: the files named, and the *.call in and below the directories named. */
#include "script/faults.h"
#include "script/script.h"

#include <stdio.h>

struct collection;

/**
 * Reads all of PATHS, files and directories; what a directory has is sorted by name.  A file of
 * settings alone that was found in a directory is no case if another script includes it.
 * Never NULL (out of memory ends the process); faults are in it.
 */
struct collection *collection_read(char *const *paths, size_t count,
				   const struct script_setting *settings,
				   size_t setting_count);

void collection_free(struct collection *collection);

/** How much is wrong, and all of it, a line each. */
size_t collection_faults(const struct collection *collection);
void collection_print_faults(const struct collection *collection, FILE *out);

/** Files that are cases, and cases, which are borrowed. */
size_t collection_files(const struct collection *collection);
size_t collection_count(const struct collection *collection);
const struct script_case *collection_case(const struct collection *collection, size_t i);
