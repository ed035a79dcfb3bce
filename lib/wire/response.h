/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Writes responses as bytes.  The headers copied from the request (Via, From, To, Call-ID,
 * CSeq and Record-Route) are printed once for a transaction and used for all its
 * responses.
 */
#include "wire/wire.h"

/** The headers with which every response to a request begins, behind its start line. */
struct response_head {
	char *text;			/* owned; To is last, without tag and line end */
	size_t length;
	char *record_route;		/* owned: whole lines, "" = none */
	bool has_tag;			/* the request has a To tag: so has the head */
};

/** Prints it; 0 or -ENOMEM. */
int response_head_make(struct response_head *head, const sip_t *request);

void response_head_clear(struct response_head *head);

/** The other parts of a response. */
struct response_parts {
	int status;
	const char *phrase;		/* NULL = the usual one */
	const char *tag;		/* for To, unless it has one; NULL = none */
	const char *lines;		/* whole header lines; NULL = none */
};

/** An answer without a body; the caller's to free.  NULL = out of memory. */
char *response_write(const struct response_head *head, const struct response_parts *parts,
		     size_t *length);

/** MSG, a response without the headers of the head, as bytes with them; the phrase of
 *  PARTS is not used. */
char *response_print(const struct response_head *head, const struct response_parts *parts,
		     msg_t *msg, size_t *length);

/** BYTES, an answer, without the first value of its first Via; the caller's to free.  NULL when
 *  that was the only one, or it is not plain enough. */
char *response_without_via(const char *bytes, size_t *length);
