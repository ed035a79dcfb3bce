/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where one message of a stream ends and the next begins: by Content-Length, which every message
 * on a stream must have (RFC 3261 section 18.3).  Pure.
 */
#include <stdbool.h>
#include <stddef.h>

enum frame_kind {
	FRAME_MESSAGE,			/* LENGTH bytes are a message */
	FRAME_BLANK,			/* LENGTH bytes between messages, to be skipped */
	FRAME_PING,			/* the same, a keep-alive to be answered CRLF (RFC 5626
					 * section 3.5.1) */
	FRAME_MORE,			/* the message is not complete yet */
	FRAME_BAD,			/* its end cannot be found, because of WHY */
};

struct frame {
	enum frame_kind kind;
	size_t length;			/* FRAME_MORE: 0, or what the whole message will have; FRAME_BAD:
					 * what is here of its header lines */
	const char *why;		/* FRAME_BAD: a reason phrase */
};

/** Reads the start of BYTES; no message may be longer than MAX. */
struct frame frame_next(const char *bytes, size_t length, size_t max);
