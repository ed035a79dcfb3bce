/* SPDX-License-Identifier: MIT */
#pragma once
/* Responses that this program makes itself, with Reason and Warning headers. */
#include "wire/uas.h"

/** Why a request is refused: goes into Reason (RFC 3326) and Warning (RFC 3261 20.43). */
struct refusal {
	int status;
	int cause;			/* Q.850, 0 = no Reason */
	const char *sentence;		/* Warning 399, NULL = none */
	unsigned retry_after_s;		/* 0 = none */
	const char *unsupported;	/* with 420; NULL = none */
};

/** Seconds after which a sender that cannot be served now is asked to come back. */
enum { RETRY_AFTER_S = 5 };

/** Sends the final response WHY in the transaction UAS, which its owner then frees.  0 or -EIO. */
int reply_refuse(struct wire *wire, struct uas *uas, const struct refusal *why);

/** The same without a transaction; takes MSG over. */
void reply_refuse_stateless(struct wire *wire, msg_t *msg, const struct refusal *why);

/** 200 to an OPTIONS outside a dialog; takes MSG over. */
void reply_options(struct wire *wire, msg_t *msg);
