/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Parses of a SIP message only what is needed to answer it: the start line, and the
 * positions of the header lines that are copied into the answer.  All spans are borrowed
 * from the bytes given. The span of a line includes its name and its line end, so that it
 * can be written unchanged.
 */
#include <stdbool.h>
#include <stddef.h>

#include "ident.h"

enum { PEEK_LINES = 16 };	/* lines kept of each of Via, Route and Record-Route */

enum peek_method {
	PEEK_OTHER,
	PEEK_INVITE,
	PEEK_ACK,
	PEEK_BYE,
	PEEK_CANCEL,
	PEEK_OPTIONS
};

struct span {
	const char *text;
	size_t size;
};

struct peek_list {
	struct span line[PEEK_LINES];
	unsigned count;
};

struct peek {
	int status;		/* 0 = a request */
	enum peek_method method;	/* of a request */
	struct span uri;	/* of a request */
	struct span start;	/* the first line with its end */
	struct span rest;	/* everything behind the start line */
	struct peek_list via, route, record_route;
	struct span from, to, call_id, cseq, contact;
};

/** Parses SIZE bytes of TEXT; false if they are no SIP message, or lack what an answer
 *  needs. */
bool peek_message(struct peek *peek, const char *text, size_t size);

/**
 * Removes the next comma-separated value from *REST, a header line or what an earlier
 * call left of it; commas in quotes and <> do not count.  False when none is left.
 */
bool peek_next(struct span *rest, struct span *value);

/** Sets *BEHIND to the part of SPAN behind the first MARK; false if there is no MARK. */
bool peek_behind(struct span span, const char *mark, struct span *behind);

/** Reads the ident that stands behind MARK and one letter, which goes to *LETTER. */
bool peek_ident(struct span span, const char *mark, char *letter, struct ident *ident);

/** The URI between the angles of a header value; the value itself if it has none. */
struct span peek_uri(struct span value);
