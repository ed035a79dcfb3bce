/* SPDX-License-Identifier: MIT */
#pragma once
/* Answers of our own, with the headers that say why. */
#include "agent/sofia.h"
#include "base/arena.h"

/** Why we refuse: goes into Reason (RFC 3326) and Warning (RFC 3261 section 20.43). */
struct refusal {
	int status;
	int cause;			/* Q.850, 0 = no Reason */
	const char *sentence;		/* Warning 399, NULL = none */
	unsigned retry_after_s;		/* 0 = none */
	const char *unsupported;	/* with 420; NULL = none */
};

/** Seconds a caller is asked to wait when we cannot serve him right now. */
enum { RETRY_AFTER_S = 5 };

/** What we speak, for 200 to OPTIONS and for 405 (protocol.md section 1). */
extern const char reply_allow[], reply_supported[];

/**
 * The extensions INVITE requires of whoever answers it and we do not know, as a header value
 * in ARENA (RFC 3261 section 8.2.2.3); NULL = none.
 */
const char *reply_unsupported(struct arena *arena, msg_t *invite);

/** Final answer within a transaction; the caller destroys SERVER. */
int reply_refuse(struct agent *agent, nta_incoming_t *server, const struct refusal *why);

/** The same without a transaction, for what is not worth one; takes MSG over. */
void reply_refuse_stateless(struct agent *agent, msg_t *msg, const struct refusal *why);

/** 200 to an OPTIONS from a proxy; takes MSG over. */
void reply_options(struct agent *agent, msg_t *msg);
