/* SPDX-License-Identifier: MIT */
#pragma once
/* Text that grows while it is written: raw pieces and Sofia's headers. */
#include "wire/sofia.h"

#include <stdbool.h>
#include <stddef.h>

/** All zero is empty. */
struct pen {
	char *text;			/* owned until pen_end() */
	size_t length, room;
	bool is_broken;			/* out of memory, or a header that cannot be printed */
};

void pen_write(struct pen *pen, const char *text, size_t length);
void pen_add(struct pen *pen, const char *text);
void pen_format(struct pen *pen, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** HEADER (NULL = none) alone, with its name and line end. */
void pen_header(struct pen *pen, const void *header);

/** HEADER and all of its kind that follow. */
void pen_headers(struct pen *pen, const void *header);

/** Removes the line end that was written last. */
void pen_back(struct pen *pen);

/** The text, terminated, which is the caller's to free; NULL if it is broken.  The pen is empty
 *  again. */
char *pen_end(struct pen *pen, size_t *length);
