/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where the lines of a journal go: a file, a pipe or stderr.  A line is written whole or
 * not at all, and writing never waits: with a full pipe, a closed reader or a full disk
 * the line is lost and the daemon goes on.  (The process ignores SIGPIPE.)
 */
#include "base/fault.h"

#include <stdbool.h>
#include <stddef.h>

struct outlet {
	int fd;			/* -1 = none: every line is taken and dropped */
	bool is_regular;
	bool is_torn;		/* the file ends within a line */
};

/** Opens FILE for appending; "-" is stderr, NULL none.  0, or -errno and a sentence. */
int outlet_open(struct outlet *outlet, const char *file, struct fault *fault);

/**
 * Writes LINE, LENGTH bytes that end in a newline.  0, or -errno: then nothing of it
 * stays or, in a pipe, the next line begins with a newline.
 */
int outlet_write(struct outlet *outlet, const char *line, size_t length);

void outlet_close(struct outlet *outlet);
