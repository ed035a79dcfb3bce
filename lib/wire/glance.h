/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A glance at a message: its header fields one after another, and what a transaction is found by,
 * without parsing it.  What is not written plainly (folded, quoted, with blanks where none are
 * needed) is not guessed: then the parser is asked.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A piece of the message; borrowed like it. */
struct glance_text {
	const char *at;
	size_t length;
};

struct glance {
	bool is_request;
	struct glance_text method, uri;	/* of a request */
	unsigned status;		/* of a response */
	struct glance_text branch, host;	/* of the topmost Via */
	unsigned port;			/* there; 0 = none */
	struct glance_text call_id;
	uint32_t cseq;
	struct glance_text cseq_method;
};

/** Reads the start line.  False: it is not plain, and METHOD and URI are empty. */
bool glance_read_start(struct glance *raw, const char *bytes, size_t length);

/** Reads all of it, LENGTH bytes.  False: something is missing or not plain. */
bool glance_read(struct glance *raw, const char *bytes, size_t length);

/** One header field with the lines that continue it. */
struct glance_field {
	struct glance_text name, value;	/* the value without blanks at its ends */
	struct glance_text whole;		/* the line end included */
};

/** The next field at *AT, which is moved on; at first it is at the start line, which is passed
 *  over (IS_FIRST).  False at the empty line or at END. */
bool glance_next(const char **at, const char *end, bool is_first,
		 struct glance_field *field);

/** Whether FIELD's name is NAME, or COMPACT, its short form ('\0' = it has none). */
bool glance_is(const struct glance_field *field, const char *name, char compact);

bool glance_equals(struct glance_text text, const char *other);
