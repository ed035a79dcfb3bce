/* SPDX-License-Identifier: MIT */
#pragma once
/* Writes ACK and CANCEL from the bytes of the INVITE that was sent. */
#include "wire/glance.h"

/** An INVITE as it was sent; VIA is the topmost Via line, which this program added. */
struct ack_invite {
	const char *bytes;
	size_t length;
	struct glance_text via;
};

/** ACK of RESPONSE, 300 ... 699 (RFC 3261 section 17.1.1.3); the caller's to free.  NULL = out of
 *  memory, or the response has no To. */
char *ack_write(const struct ack_invite *invite, struct glance_text response,
		size_t *length);

/** CANCEL (section 9.1); REASON is a whole header line or "". */
char *ack_write_cancel(const struct ack_invite *invite, const char *reason,
		       size_t *length);
