/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reads from the bytes of a message its header fields and what a transaction is found by,
 * without parsing all of it.  If these are not written plainly (folded, quoted, with
 * optional blanks), the functions say so, and the message must be parsed.
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

/** Reads the start line.  False = it is not written plainly; METHOD and URI are empty
 *  then. */
bool glance_read_start(struct glance *raw, const char *bytes, size_t length);

/** Reads the LENGTH bytes of a message.  False = something is missing or not written
 *  plainly. */
bool glance_read(struct glance *raw, const char *bytes, size_t length);

/** One header field with the lines that continue it. */
struct glance_field {
	struct glance_text name, value;	/* the value without blanks at its ends */
	struct glance_text whole;		/* the line end included */
};

/** Reads the field at *AT and moves *AT behind it.  With IS_FIRST, *AT is at the start
 *  line, which is skipped.  False at the empty line or at END. */
bool glance_next(const char **at, const char *end, bool is_first,
		 struct glance_field *field);

/** Whether FIELD's name is NAME, or COMPACT, its short form ('\0' = it has none). */
bool glance_is(const struct glance_field *field, const char *name, char compact);

bool glance_equals(struct glance_text text, const char *other);
