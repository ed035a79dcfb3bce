/* SPDX-License-Identifier: MIT */
#pragma once
/* What comes in for the stock: new INVITEs, and requests inside what is alive. */
#include "half/leg.h"

struct listener;
struct peer;

/** Whether the INVITE SIP has the To tag of our 183 to an off-hook: a number that was dialled, and
 *  so a new request (halfcall-protocol(7), LINE RESERVATION). */
bool receive_is_dialled(struct stock *stock, const sip_t *sip);

/** Begins what the INVITE in MSG asks for: a reservation, a half call, or the short way; takes MSG
 *  over. */
void receive_invite(struct stock *stock, const struct peer *peer,
		    const struct listener *listener, msg_t *msg);

/** A request inside LEG's dialog, no ACK; takes MSG over. */
void receive_in_dialog(struct leg *leg, msg_t *msg);

/** An ACK inside LEG's dialog; takes MSG over. */
void receive_ack(struct leg *leg, msg_t *msg);
