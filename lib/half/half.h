/* SPDX-License-Identifier: MIT */
#pragma once
/* What both call models do with a half call: begin it, raise events, refuse, note, end it. */
#include "half/half_call.h"
#include "wire/way.h"

/** A half call in STOCK for the INVITE of SERVER, read as IN; takes SERVER and IN over.  IN need
 *  not be decided yet. */
struct half_call *half_new(struct stock *stock, struct uas *server, struct arrival *in);

/** Raises event ON in the call's table, then updates what telephones show.  The other parameters
 *  are the members of struct call_event. */
void half_raise(struct half_call *half, enum call_on on, int status, enum call_side from,
		struct exchange *message);

/** The half call whose caller's Call-ID is SIP_CALL_ID and which has HANDLE (0 = any); or NULL. */
struct half_call *half_find(struct stock *stock, const char *sip_call_id,
			    uint64_t handle);

/** Answers the caller's INVITE with STATUS, and the cause and sentence of WHY (may be NULL), and
 *  frees its transaction.  0 or -errno. */
int half_refuse(struct half_call *half, int status, const struct verdict *why);

/** Sets WAY to where MSG goes; Route and Request-URI of MSG must be final.  0, or -errno, which is
 *  kept with a sentence for the journal as in half_break(). */
int half_way(struct half_call *half, msg_t *msg, struct way *way);

/** Whether a 2xx went to the caller: one that waits for its PRACK (RFC 3262 section 3) did not yet,
 *  though the call is answered. */
bool half_has_told(const struct half_call *half);

/** Keeps ERR (-errno) for the event "broken" of the journal; half->broken may hold a sentence for
 *  it.  Returns ERR. */
int half_break(struct half_call *half, int err);

/** half_break() with -EIO and the sentence that a message could not be sent by WAY. */
int half_cannot_send(struct half_call *half, const struct way *way);

/** Frees the client transaction of the last INVITE sent, unless its final response came: then the
 *  function that handles the response frees it. */
void half_abandon_invite(struct half_call *half);

/* Members of struct call_port that both models use. */
void half_arm(struct call *call, unsigned seconds);
void half_note(struct call *call, enum call_note what, int status, const char *rule,
	       const char *to);
void half_ended(struct call *call);
