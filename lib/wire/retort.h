/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A final answer written from the raw bytes of a request, for those that are not worth a parse
 * or cannot be parsed: 403 to strangers, 503 when too much is asked, 400, 505.  It copies all
 * Vias, From, To, Call-ID and CSeq in their order (RFC 3261 section 8.2.6.2), and goes to where
 * the request came from, never to a third party: maddr is not followed.
 */
#include "wire/scan.h"

#include <sys/socket.h>

struct retort {
	int status;
	const char *phrase;
	const char *warning, *domain;	/* of a Warning header (RFC 3261 section 20.43); NULL =
					 * without */
	const char *tag;		/* for To where it has none */
	unsigned retry_after_s;		/* 0 = none */
	const struct sockaddr_storage *from;	/* for received and rport (RFC 3581) */
};

/**
 * The answer to SCAN's message into TEXT of SIZE bytes; its length, or 0 when nothing may be
 * answered (an ACK, a response), it has no Via or it does not fit.  Other headers that are missing
 * are missing in the answer (RFC 4475 section 3.3.1).
 */
size_t retort_write(const struct scan *scan, const struct retort *retort, char *text,
		    size_t size);

/** Where it goes over UDP: FROM's address, and FROM's port if rport asks for it or the top Via is
 *  not plain, else the port of the top Via. */
struct sockaddr_storage retort_target(const struct scan *scan,
				      const struct sockaddr_storage *from);

/** "a1b2c3..." from a keyed hash of KEY and the message's branch, Call-ID, From tag and CSeq: the
 *  same for each copy of it, so that its ACK is known without a memory. */
enum { RETORT_TAG = 17 };
const char *retort_tag(const struct scan *scan, uint64_t key,
		       char tag[static RETORT_TAG]);
