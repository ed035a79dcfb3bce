/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What comes in, from bytes to whoever waits for it: a transaction that knows it (before it is
 * parsed, where that can be told), or the wire's events.
 */
#include "wire/core.h"

/** PACKET comes from a socket: a new call in it may have to wait, see wire/lobby.h. */
void inlet_take(struct wire *wire, const struct transport_packet *packet);

/** PACKET has waited and is served now. */
void inlet_serve(struct wire *wire, const struct transport_packet *packet);
