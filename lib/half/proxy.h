/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The port of lib/call as a transaction-stateful proxy (RFC 3261 section 16): Call-ID, tags and
 * CSeq stay, Via and Record-Route are added, and the dialogs are between caller and callee.
 */
#include "call/call.h"
#include "half/alive.h"
#include "wire/sofia.h"

struct peer;

extern const struct call_port proxy_port;

/**
 * Forwards MSG, a request or ACK inside a dialog that came from PEER, where its Route leads.  It is
 * an event of its half call, or only forwarded if the half call no longer exists.  Takes MSG over.
 */
void proxy_receive(struct stock *stock, const struct peer *peer, msg_t *msg);
