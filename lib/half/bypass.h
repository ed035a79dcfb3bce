/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The short way of the full-call model (halfcall-protocol(7)): the origination half ran both
 * users' features, so the termination half goes straight back.  It is passed on as a stateless
 * proxy that does not record its route does (RFC 3261 section 16.11): no transaction, no dialog, no
 * half call.  What the called telephone shows of it is the origination half's (half/shown.h).
 */
#include "half/alive.h"
#include "invite/arrival.h"

/** Whether the INVITE of IN goes the short way: it asks for that, and the called party is a station
 *  here.  Then IN is decided. */
bool bypass_takes(struct arrival *in);

/** Sends IN's INVITE straight back; its sender hears 500 when that cannot be. */
void bypass_send(struct stock *stock, const struct arrival *in);

/** Sends an ACK or CANCEL that no transaction waits for after its INVITE; false = it is for none
 *  that went the short way.  MSG stays the caller's. */
bool bypass_follow(struct stock *stock, const struct peer *peer,
		   const struct listener *listener, msg_t *msg);

/** Whether SIP is a response to what went straight back. */
bool bypass_is_answered(const sip_t *sip);
