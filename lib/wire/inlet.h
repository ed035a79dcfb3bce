/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Passes each received message to the transaction it belongs to (before it is parsed, if
 * the bytes show that), or to the wire's events.
 */
#include "wire/core.h"

void inlet_take(struct wire *wire, const struct transport_packet *packet);
