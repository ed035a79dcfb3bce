/* SPDX-License-Identifier: MIT */
#pragma once
/* The proxy model outside an INVITE: what a transaction-stateful proxy forwards. */
#include "agent/half.h"

/**
 * A request inside a dialog (or its ACK): goes where its Route leads, as an event of its
 * half call while we know it.  Takes MSG over.
 */
void proxy_receive(struct agent *agent, const struct peer *peer, msg_t *msg);
