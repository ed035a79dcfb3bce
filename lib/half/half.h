/* SPDX-License-Identifier: MIT */
#pragma once
/* What is done with any half call, in either model: its birth and end, and what its ports share. */
#include "half/half_call.h"
#include "wire/way.h"

/**
 * A half call for the INVITE of SERVER, which it owns from here on, as read in IN, which it takes
 * over.  Nothing has been decided yet.
 */
struct half_call *half_new(struct stock *stock, struct uas *server, struct arrival *in);

/** Tells the table. MESSAGE as struct call_event. */
void half_raise(struct half_call *half, enum call_on on, int status, enum call_side from,
		struct exchange *message);

/** The half call with this Call-ID towards its caller, and of this handle unless HANDLE is 0; or
 *  NULL. */
struct half_call *half_find(struct stock *stock, const char *sip_call_id,
			    uint64_t handle);

/** Answers the caller's INVITE with a refusal of our own and lets its transaction go.  WHY may be
 *  NULL. */
int half_refuse(struct half_call *half, int status, const struct verdict *why);

/** The way of MSG, in its final form but for Contact and Record-Route; what is wrong is noted. */
int half_way(struct half_call *half, msg_t *msg, struct way *way);

/** Notes that a deed failed of ERR (-errno) and the sentence in half->broken, which may be "";
 *  the answer is ERR. */
int half_break(struct half_call *half, int err);

/** The same with a sentence: MSG could not be sent by WAY. */
int half_cannot_send(struct half_call *half, const struct way *way);

/** Ends the transaction of the INVITE that is out, unless it has its final response: one that is
 *  being handled is let go by what handles it. */
void half_abandon_invite(struct half_call *half);

/* Parts of a port both models share. */
void half_arm(struct call *call, unsigned seconds);
void half_note(struct call *call, enum call_note what, int status, const char *rule,
	       const char *to);
void half_ended(struct call *call);
