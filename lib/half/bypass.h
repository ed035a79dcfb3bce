/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The short way (halfcall-protocol(7), FEATURE AND EVOLUTION SERVER): the origination half has run
 * the features of both parties, so the imsterm INVITE is sent back to the proxy at once, as by a
 * stateless proxy that records no route (RFC 3261 section 16.11).  There is no transaction, no
 * dialog and no half call for it; the origination half publishes the dialog of the called station
 * (half/shown.h).
 */
#include "half/alive.h"
#include "invite/arrival.h"

/** Whether the INVITE of IN goes the short way: it has the shortcut mark, and the called party is a
 *  station.  Decides IN if it has the mark. */
bool bypass_takes(struct arrival *in);

/** Sends IN's INVITE back to the proxy, or answers it with 500 if it cannot be sent. */
void bypass_send(struct stock *stock, const struct arrival *in);

/** Sends MSG, an ACK or CANCEL without a transaction, the way its INVITE went.  Returns false, and
 *  sends nothing, if that INVITE did not go the short way.  Borrows MSG. */
bool bypass_follow(struct stock *stock, const struct peer *peer,
		   const struct listener *listener, msg_t *msg);

/** Whether SIP is a response to a request that went the short way: its Via branch says so. */
bool bypass_is_answered(const sip_t *sip);
