/* SPDX-License-Identifier: MIT */
#pragma once
/* The scripts of a run: the files named, and the *.call in and below the directories named. */
#include "script/faults.h"
#include "script/script.h"

#include <stdio.h>

struct collection;

/**
 * Reads all of PATHS, files and directories; files of a directory are sorted by name.  A
 * file found in a directory that has only settings and is included by another script is
 * no case.  Never NULL (out of memory ends the process); the collection keeps the faults
 * found.
 */
struct collection *collection_read(char *const *paths, size_t count,
				   const struct script_setting *settings,
				   size_t setting_count);

void collection_free(struct collection *collection);

/** The number of faults; and prints all of them to OUT, one per line. */
size_t collection_faults(const struct collection *collection);
void collection_print_faults(const struct collection *collection, FILE *out);

/** The number of files that have cases; the cases of all files, borrowed. */
size_t collection_files(const struct collection *collection);
size_t collection_count(const struct collection *collection);
const struct script_case *collection_case(const struct collection *collection, size_t i);
