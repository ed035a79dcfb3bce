/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A server transaction (RFC 3261 section 17.2, mended by RFC 6026 and RFC 4320), two tables.  It
 * deals in bytes, and outlives the uas that its user holds: what lingers is a key, a deadline
 * and the bytes to send again.
 */
#include "wire/inbound_state.h"
#include "wire/origin.h"

/** A transaction for the request that came from ORIGIN; EVENTS (borrowed) and USER are to be set by
 *  the caller.  NULL = there is one already, or no memory. */
struct inbound *inbound_new(struct wire *wire, const struct origin *origin,
			    bool is_invite);

/** The one with KEY, METHOD being INVITE (also for its ACK) or another; NULL = none.  With
 *  ANY_URI the Request-URI is not compared: an ACK, or the INVITE of a CANCEL.  *IS_REUSED: the
 *  branch is known, but with other ids. */
struct inbound *inbound_find(struct wire *wire, const struct finder_key *key,
			     bool any_uri, bool *is_reused);

/** Its request came again, or its ACK (MSG, borrowed; NULL = not parsed).  May free it. */
void inbound_repeat(struct inbound *inbound);
void inbound_ack(struct inbound *inbound, msg_t *msg);

/** Sends ANSWER and keeps its bytes; 0, or -EALREADY after a final one, or -errno. */
int inbound_answer(struct inbound *inbound, const struct inbound_answer *answer);

/** Sends the last answer again. */
void inbound_send_again(struct inbound *inbound);

/** 100 Trying now, if nothing was said. */
void inbound_try(struct inbound *inbound);

/** The ACK of the 2xx came: nothing is repeated. */
void inbound_acknowledged(struct inbound *inbound);

/** Its user went; it goes on without, and frees itself. */
void inbound_leave(struct inbound *inbound);

/** Whether a final answer is out. */
bool inbound_is_answered(const struct inbound *inbound);

/** What was sent with TOKEN did not arrive. */
void inbound_failed(struct wire *wire, uint64_t token);

/** Ends it at once, whatever its state; its uas must be gone. */
void inbound_free(struct inbound *inbound);
