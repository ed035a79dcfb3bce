/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Passes each received message to the transaction it belongs to (before it is parsed, if
 * the bytes show that), or to the wire's events.
 */
#include "wire/core.h"

/** PACKET comes from a socket: a new call in it may have to wait, see wire/lobby.h. */
void inlet_take(struct wire *wire, const struct transport_packet *packet);

/** PACKET has waited and is served now. */
void inlet_serve(struct wire *wire, const struct transport_packet *packet);
