/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What may come in: decided from the sender's address and the raw bytes, before anything is
 * parsed.  Pure; the transport does what it says.
 */
#include "wire/bucket.h"
#include "wire/scan.h"
#include "wire/wire.h"

enum door_verdict {
	DOOR_PASS,
	DOOR_DROP,			/* nothing is said */
	DOOR_ANSWER,			/* a final answer from the raw bytes */
};

struct door {
	enum wire_strangers strangers;
	size_t message_bytes;
	unsigned header_lines;
	struct bucket bucket;		/* of answers to strangers, whatever they are */
};

struct door_decision {
	enum door_verdict verdict;
	int status;			/* DOOR_ANSWER */
	const char *phrase;
	const char *warning;		/* a sentence for the answer; NULL = none */
	size_t length;			/* DOOR_PASS: of the message without surplus bytes */
};

void door_init(struct door *door, const struct wire_settings *settings,
	       const struct wire_limits *limits, int64_t now_us);

/**
 * What becomes of the message that SCAN read (with door->header_lines as its bound).  IS_DATAGRAM:
 * it ends where its bytes end (RFC 3261 section 18.3), else where its Content-Length says.
 */
struct door_decision door_check(struct door *door, const struct scan *scan, bool is_peer,
				bool is_datagram, int64_t now_us);

/** Whether an answer of STATUS to SCAN's message may be sent to a sender that IS_PEER or not. */
bool door_may_answer(struct door *door, const struct scan *scan, bool is_peer,
		     int64_t now_us);
