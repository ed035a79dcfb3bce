/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A client transaction (RFC 3261 section 17.1, mended by RFC 6026), two tables.  It deals in
 * bytes, and outlives the uac that its user holds.
 */
#include "wire/outbound_state.h"

struct way;
struct inbound;

/** Sends REQUEST by WAY with a Via of its own; who wants to hear sets TELL and USER.  Takes REQUEST
 *  over.  NULL = out of memory. */
struct outbound *outbound_new(struct wire *wire, const struct way *way, msg_t *request);

/** The one whose branch is TEXT and whose method METHOD, or NULL. */
struct outbound *outbound_find(struct wire *wire, struct glance_text branch,
			       struct glance_text method);

/** Whether BRANCH is, or was, one of a transaction of this or another wire. */
bool outbound_is_ours(struct glance_text branch);

/** Whether a response of STATUS must be parsed. */
bool outbound_wants(const struct outbound *outbound, int status);

/** A response came; its message may be NULL where it is not wanted, and is borrowed.  True: it
 *  is for wire_events.response.  May free OUTBOUND. */
bool outbound_hear(struct outbound *outbound, const struct outbound_heard *heard);

/** CANCEL, now or after the first provisional response; REASON is a header line or "". */
void outbound_cancel(struct outbound *outbound, const char *reason);

/** Sends ACK, BYTES which it takes over, of the 2xx whose To tag is TAG, now and again. */
int outbound_acknowledge(struct outbound *outbound, const char *tag,
			 const struct emit_target *to, struct glance_text bytes);

/** The 2xx of the fork with PASSED_TAG was passed on by INBOUND: so are its copies. */
void outbound_passed(struct wire *wire, uint64_t id, uint64_t passed_tag,
		     const struct inbound *inbound);

/** Its user went; it goes on without, and frees itself. */
void outbound_leave(struct outbound *outbound);

/** What was sent with TOKEN did not arrive. */
void outbound_failed(struct wire *wire, uint64_t token, int err);

/** Ends it at once, whatever its state; its uac must be gone. */
void outbound_free(struct outbound *outbound);
