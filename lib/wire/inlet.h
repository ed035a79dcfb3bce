/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What comes in, from bytes to whoever waits for it: a transaction that knows it (before it is
 * parsed, where that can be told), or the wire's events.
 */
#include "wire/core.h"

void inlet_take(struct wire *wire, const struct transport_packet *packet);
