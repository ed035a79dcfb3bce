/* SPDX-License-Identifier: MIT */
#pragma once
/* What a script adds to a message, takes off it, or sets in place of what would be sent. */
#include "wire/sofia.h"

#include <stddef.h>

struct extra_header {
	const char *name;
	const char *value;		/* NULL: the header is left out */
};

/** All zero = nothing. */
struct extra {
	const struct extra_header *headers;
	size_t count;
	const char *body;		/* NULL = as it would be */
	size_t body_length;
};

/** Puts it into MSG.  EXTRA may be NULL. */
void extra_apply(const struct extra *extra, msg_t *msg);

/** The value EXTRA sets for NAME, or NULL. */
const char *extra_value(const struct extra *extra, const char *name);
