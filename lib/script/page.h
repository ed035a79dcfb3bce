/* SPDX-License-Identifier: MIT */
#pragma once
/* A file cut into lines.  Empty lines and comments are removed; each other line keeps its
 * number. */
#include "base/arena.h"
#include "script/case.h"

#include <sys/types.h>

struct faults;

struct page_line {
	const char *file;
	unsigned line;			/* from 1 */
	unsigned indent;		/* columns before the first word; tabs go to the next 8 */
	const char *text;		/* the whole line as written */
	size_t start, end;		/* of its text without indentation and comment;
					 * `\# ` is not resolved yet */
};

/** All in the arena it was read into. */
struct page {
	dev_t device;			/* of the file, with its inode; 0 = it was not
					 * read from a file */
	ino_t inode;
	const char *file;		/* as given */
	const char *title;		/* the comment on the first line, or NULL */
	struct page_line *lines;
	size_t count;
};

/** Reads the file at PATH into ARENA. Returns 0, or -EINVAL and reports a fault at PLACE,
 *  where the file is named. */
int page_read(struct page *page, const char *path, const struct script_place *place,
	      struct arena *arena, struct faults *faults);

/** The same with SIZE bytes at TEXT as the contents of the file. */
int page_parse(struct page *page, const char *path, const char *text, size_t size,
	       struct arena *arena, struct faults *faults);

/** The place of the sentence that begins at byte OFFSET of LINE. */
struct script_place page_place(const struct page_line *line, size_t offset);

/** Whether the first word of LINE, as written, is WORD; variables are not replaced. */
bool page_line_begins(const struct page_line *line, const char *word);
