/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Answers, as bytes and as messages.  What makes one an answer to its request (Via, From, To,
 * Call-ID, CSeq and Record-Route) is printed once for a transaction, or shared with the request.
 */
#include "wire/wire.h"

/** What every answer to a request begins with, behind its start line. */
struct response_head {
	char *text;			/* owned; To is last, without tag and line end */
	size_t length;
	char *record_route;		/* owned: whole lines, "" = none */
	bool has_tag;			/* the request has a To tag: so has the head */
};

/** Prints it; 0 or -ENOMEM. */
int response_head_make(struct response_head *head, const sip_t *request);

void response_head_clear(struct response_head *head);

/** What else an answer is made of. */
struct response_parts {
	int status;
	const char *phrase;		/* NULL = the usual one */
	const char *tag;		/* for To, unless it has one; NULL = none */
	const char *lines;		/* whole header lines; NULL = none */
};

/** An answer without a body; the caller's to free.  NULL = out of memory. */
char *response_write(const struct response_head *head, const struct response_parts *parts,
		     size_t *length);

/** An answer to REQUEST as a message that borrows from it: Via, From, To with TAG (unless it has
 *  one), Call-ID, CSeq and Record-Route.  NULL = out of memory. */
msg_t *response_new(const sip_t *request, int status, const char *tag);

/** The same of another's RESPONSE: in place of its own; what makes it reliable goes. */
msg_t *response_from(const sip_t *request, msg_t *response, const char *tag);

/** Makes MSG reliable: Require: 100rel and RSEQ.  0 or -ENOMEM. */
int response_number(msg_t *msg, uint32_t rseq);

/** BYTES, an answer, without the first value of its first Via; the caller's to free.  NULL when
 *  that was the only one, or it is not plain enough. */
char *response_without_via(const char *bytes, size_t *length);
