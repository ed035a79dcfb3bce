/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A client transaction (RFC 3261 section 17.1, updated by RFC 6026), written as two
 * tables.  It stores bytes, not messages, and outlives the uac that its user holds.
 */
#include "wire/outbound_state.h"

struct way;
struct inbound;

/** Sends REQUEST by WAY with a Via of its own; who wants to hear sets TELL and USER.  Takes REQUEST
 *  over.  NULL = out of memory. */
struct outbound *outbound_new(struct wire *wire, const struct way *way, msg_t *request);

/** The transaction with the branch TEXT and METHOD, or NULL. */
struct outbound *outbound_find(struct wire *wire, struct glance_text branch,
			       struct glance_text method);

/** Whether BRANCH is, or was, one of a transaction of this or another wire. */
bool outbound_is_ours(struct glance_text branch);

/** Whether a response of STATUS must be parsed. */
bool outbound_wants(const struct outbound *outbound, int status);

/** Handles a response; its message is borrowed, and may be NULL if outbound_wants() said
 *  so. Returns true if it is to be passed to wire_events.response. May free OUTBOUND. */
bool outbound_hear(struct outbound *outbound, const struct outbound_heard *heard);

/** CANCEL, now or after the first provisional response; REASON is a header line or "". */
void outbound_cancel(struct outbound *outbound, const char *reason);

/** Sends the ACK in BYTES, which it takes over, for the 2xx with To tag TAG, and again
 *  for each copy of that 2xx. */
int outbound_acknowledge(struct outbound *outbound, const char *tag,
			 const struct emit_target *to, struct glance_text bytes);

/** The 2xx of the fork with PASSED_TAG was passed on by INBOUND: so are its copies. */
void outbound_passed(struct wire *wire, uint64_t id, uint64_t passed_tag,
		     const struct inbound *inbound);

/** Its user does not need it any more; it runs to its end and frees itself. */
void outbound_leave(struct outbound *outbound);

/** Handles a failure to send, reported with TOKEN. */
void outbound_failed(struct wire *wire, uint64_t token, int err);

/** Ends it at once, whatever its state; its uac must be gone. */
void outbound_free(struct outbound *outbound);
