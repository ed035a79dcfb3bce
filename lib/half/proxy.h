/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The call's port as a transaction-stateful proxy (RFC 3261 section 16): Call-ID, tags and CSeq
 * stay, Via and Record-Route are added, every dialog belongs to the end points.
 */
#include "call/call.h"
#include "half/alive.h"
#include "wire/sofia.h"

struct peer;

extern const struct call_port proxy_port;

/**
 * A request inside a dialog (or its ACK): goes where its Route leads, as an event of its
 * half call while we know it.  Takes MSG over.
 */
void proxy_receive(struct stock *stock, const struct peer *peer, msg_t *msg);
