/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The text of a configuration file with its @include files inserted, and the origin of
 * each line.  libconfig can include files itself, but it ends the process when an
 * included name is a directory, accepts an unterminated comment or @include, and reads
 * 4294967326 as 30 (32 bits).  Here such files are faults, and such numbers get the
 * suffix L for 64 bits.
 */
#include "base/arena.h"

#include <stddef.h>

struct source_line {
	const char *file;	/* in the source's arena */
	unsigned line;		/* from 1 */
};

struct source {
	struct arena arena;
	char *text;			/* owned; NULL after a fault */
	size_t size;			/* bytes of text */
	struct source_line *lines;	/* owned; one for each line of text, at least 1 */
	size_t line_count;
	struct source_line fault_at;	/* where reading failed */
	const char *fault;		/* sentence; NULL = no fault */
};

/** Reads FILE.  0, or -1 with `fault` and `fault_at` set; source_clear() either way. */
int source_read(struct source *source, const char *file);

void source_clear(struct source *source);

/** Where LINE (from 1) of the text came from. */
struct source_line source_at(const struct source *source, unsigned line);
