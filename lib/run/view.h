/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A SIP message as a script speaks of it: headers by their long names, the elements of all lines of
 * one, unfolded, with runs of blanks as one.  It is read from the bytes alone, whatever they are.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct view_field {
	const char *name;		/* long form, as usually written */
	const char *value;		/* one element */
};

struct view {
	const char *bytes;
	int status;			/* 0 = a request */
	const char *method;		/* of a request; of an answer that in CSeq; "" = none */
	const char *uri;		/* of a request; NULL = none */
	const char *phrase;		/* of an answer */
	const struct view_field *fields;
	size_t count;
	const char *body;		/* terminated */
	size_t body_length;
};

/** Reads LENGTH BYTES, which are borrowed; what VIEW points to is in ARENA. */
void view_read(struct view *view, const char *bytes, size_t length, struct arena *arena);

/** The I-th element of header NAME (long or compact, any case), from 0; NULL = there are fewer. */
const char *view_field(const struct view *view, const char *name, size_t i);

size_t view_count(const struct view *view, const char *name);

/**
 * Part NAME of ELEMENT, a header's element or a URI, in ARENA, unescaped: user, host, port, tag,
 * number, transport (of Via), else a parameter behind it, of its URI, or a header of its URI; of
 * several of a name the I-th, from 0.  NULL = there is none.
 */
const char *view_part(const char *element, const char *name, size_t i,
		      struct arena *arena);

/** How many there are. */
size_t view_part_count(const char *element, const char *name, struct arena *arena);
