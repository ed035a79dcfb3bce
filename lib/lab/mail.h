/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a player heard, first to last: requests and answers, without what is never in a queue (100,
 * ACK, answers an act waits for, retransmissions).
 */
#include "base/list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct phone;
struct talk;

/** One message; borrowed for the life of its phone, also after it was taken. */
struct mail {
	struct list node;		/* in the phone's queue, or alone */
	struct phone *phone;
	struct talk *talk;		/* the call it belongs to; NULL = none */
	unsigned appearance;		/* 0 = none */
	int status;			/* 0 = a request; -1 = nothing came, WHY says so */
	const char *method;		/* of an answer: what it answers */
	const char *bytes;		/* terminated; "" when nothing came */
	size_t length;
	const char *why;		/* NULL = something came */
	int64_t at_us;			/* monotonic */
	int64_t before_us;		/* when its phone had last sent something by then */
};

/** An act that waits for an answer; owned by its phone. */
struct errand {
	struct list node;
	bool is_done;
	int status;			/* of the final answer, or of a request that came: 0;
					 * -1 = nothing came */
	const struct mail *mail;	/* the message, when done */
};
