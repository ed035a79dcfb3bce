/* SPDX-License-Identifier: MIT */
#pragma once
/* A file as lines: what is empty or a comment is gone, the rest keeps its place. */
#include "base/arena.h"
#include "script/case.h"

#include <sys/types.h>

struct faults;

struct page_line {
	const char *file;
	unsigned line;			/* from 1 */
	unsigned indent;		/* columns before the first word; tabs go to the next 8 */
	const char *text;		/* the whole line as written */
	size_t start, end;		/* of what counts in it; `\# ` is still there */
};

/** All in the arena it was read into. */
struct page {
	dev_t device;			/* of the file, with its inode; 0: it is none */
	ino_t inode;
	const char *file;		/* as given */
	const char *title;		/* the comment on the first line, or NULL */
	struct page_line *lines;
	size_t count;
};

/** Reads the file at PATH into ARENA.  0, or -EINVAL and a fault at PLACE (who asks for it). */
int page_read(struct page *page, const char *path, const struct script_place *place,
	      struct arena *arena, struct faults *faults);

/** Takes SIZE bytes at TEXT for the file at PATH.  0, or -EINVAL and faults. */
int page_parse(struct page *page, const char *path, const char *text, size_t size,
	       struct arena *arena, struct faults *faults);

/** The place of byte OFFSET in LINE, a sentence that begins there. */
struct script_place page_place(const struct page_line *line, size_t offset);

/** Whether the first word of LINE is WORD, variables aside. */
bool page_line_begins(const struct page_line *line, const char *word);
