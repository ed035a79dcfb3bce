/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * As little of a SIP message as it takes to answer it: the start line, and where the lines are
 * that get copied.  Nothing is changed or copied here; all spans are borrowed from the bytes
 * given.  Lines are spans with their name and their line end, so they can be written as they are.
 */
#include <stdbool.h>
#include <stddef.h>

#include "ident.h"

enum { PEEK_LINES = 16 };	/* Vias, Routes and Record-Routes each that are kept */

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
	struct span rest;	/* all behind the start line */
	struct peek_list via, route, record_route;
	struct span from, to, call_id, cseq, contact;
};

/** Looks at SIZE bytes of TEXT; false if it is no SIP message one could answer. */
bool peek_message(struct peek *peek, const char *text, size_t size);

/**
 * Takes the next value off *REST, a header line or what an earlier call left of it, at a comma
 * outside quotes and angles; false when there is none left.
 */
bool peek_next(struct span *rest, struct span *value);

/** What stands behind the first MARK in SPAN, up to its end; false if there is no MARK. */
bool peek_behind(struct span span, const char *mark, struct span *behind);

/** Reads the ident that stands behind MARK and one letter, which goes to *LETTER. */
bool peek_ident(struct span span, const char *mark, char *letter, struct ident *ident);

/** The URI between the angles of a header value; the value itself if it has none. */
struct span peek_uri(struct span value);
