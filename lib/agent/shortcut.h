/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Full-call model (protocol.md section 1): the origination half ran both users' features and
 * says so by Accept-Contact: *;atrp=shortcut (RFC 3841); the termination half goes straight
 * back.  There we are a stateless proxy (RFC 3261 section 16.11) that does not record its
 * route: no transaction, no dialog, no half call.  What the called telephone shows of it is
 * the origination half's (agent/shown.h).
 */
#include "agent/arrival.h"

/** Whether SIP asks for the short way. */
bool shortcut_is_asked(const sip_t *sip);

/** Says on MSG whether the called party's features have been run; only we may say so. */
int shortcut_write(msg_t *msg, bool is_announced);

/**
 * Sends the INVITE of IN straight back if it asks for that and the called party is one of
 * our stations.  False = it did not: it is an INVITE like any other.
 */
bool shortcut_take(struct arrival *in);

/** The same for an ACK or CANCEL that no transaction waits for; MSG stays the caller's. */
bool shortcut_follow(struct agent *agent, const struct peer *peer, msg_t *msg);

/** Whether SIP is a response to what went straight back. */
bool shortcut_is_answered(const sip_t *sip);
