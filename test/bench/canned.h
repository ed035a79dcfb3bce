/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The messages of both telephones and of the proxy between them.  The caller's INVITE is laid
 * out once, its ids and numbers are written in at fixed places; all else copies lines of what
 * it answers.  Each function writes to OUT, which has room for LINK_MESSAGE bytes, and returns
 * the size, 0 if it would not fit.
 *
 * First letter of an ident: in a branch `i` INVITE, `a` ACK, `b` BYE of the caller, `m`, `n` and
 * `o` those passed on between the halves (capitals would be the same: branches are tokens); in
 * a tag `a` the caller's, `b` the callee's.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ident.h"
#include "peek.h"

/* The contents that all messages of a run share; strings are borrowed while it runs. */
struct canned_setting {
	const char *own;	/* HOST:PORT of the proxy, which the telephones share */
	const char *system;	/* HOST:PORT of the system under test */
	const char *transport;	/* "udp" */
	const char *domain;
	const char *phase;	/* tag of the first half: imsorig or imsterm */
	bool is_whole;		/* a second half, imsterm, follows */
	uint32_t caller_base;	/* number of the first caller */
	uint32_t called_base;	/* number of the first called party */
	uint32_t callers;	/* number of callers, and of called parties */
	size_t invite_bytes;	/* the INVITE is padded to this size */
};

/** Prepares the templates of the messages.  Returns 0, or -EINVAL if the INVITE is larger
 *  than invite_bytes. */
int canned_prepare(const struct canned_setting *setting);

/** Write the caller's INVITE, its CANCEL, the ACK of a refusal, the ACK of a 2xx, and the BYE. */
size_t canned_invite(char *out, struct ident ident);
size_t canned_cancel(char *out, struct ident ident);
size_t canned_refused_ack(char *out, struct ident ident, const struct peek *refusal);
size_t canned_ack(char *out, struct ident ident, const struct peek *answer);
size_t canned_bye(char *out, struct ident ident, const struct peek *answer);

/* The contents of an answer, beside Via, From, To, Call-ID and CSeq. */
struct canned_answer {
	int status;
	const char *reason;
	bool is_invite;		/* it gets Contact and Record-Routes, and SDP if it is
				 * a 200 */
	struct ident tag;	/* added to a To that has no tag */
};

/** Writes an answer to REQUEST. */
size_t canned_answer(char *out, const struct peek *request,
		     const struct canned_answer *answer);

/**
 * The proxy between the halves.  What comes out of the first half with the way back on its Route
 * (an INVITE, its CANCEL, the ACK of a refusal) goes into the second.
 */
size_t canned_pass_invite(char *out, struct ident ident, const struct peek *request);

/** The same for requests inside a dialog, whose first Route is the proxy's. */
size_t canned_pass_request(char *out, struct ident ident, const struct peek *request);

/** Writes the response to a request that the proxy passed on, for the half it came
 *  from. */
size_t canned_pass_response(char *out, const struct peek *response);
