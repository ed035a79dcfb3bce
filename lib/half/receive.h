/* SPDX-License-Identifier: MIT */
#pragma once
/* Where requests enter this room: new INVITEs, and requests inside the dialog of a leg. */
#include "half/leg.h"

struct listener;
struct peer;

/** Whether SIP is the INVITE with the dialled number that follows an off-hook INVITE, with the To
 *  tag of our 183.  It begins a call in spite of that tag (halfcall-protocol(7), LINE RESERVATION). */
bool receive_is_dialled(struct stock *stock, const sip_t *sip);

/** Begins a reservation or a half call for the INVITE MSG, or sends it the short way.  PEER sent it
 *  to LISTENER.  Takes MSG over. */
void receive_invite(struct stock *stock, const struct peer *peer,
		    const struct listener *listener, msg_t *msg);

/** Raises MSG, a request other than ACK and PRACK inside LEG's dialog, as an event of its half call;
 *  takes MSG over. */
void receive_in_dialog(struct leg *leg, msg_t *msg);

/** Raises MSG, an ACK inside LEG's dialog, as an event of its half call; takes MSG over. */
void receive_ack(struct leg *leg, msg_t *msg);
