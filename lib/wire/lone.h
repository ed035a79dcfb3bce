/* SPDX-License-Identifier: MIT */
#pragma once
/* Requests that no transaction keeps: the ACK of a 2xx, and what a proxy forwards without state. */
#include "wire/emit.h"

/**
 * Sends LENGTH bytes, a request with a Via for TO on top, which are copied.  What is too large for a
 * datagram goes by a stream, with a Via that says so; if that fails, once as it is (RFC 3261 section
 * 18.1.1).  0 or -errno.
 */
int lone_send(struct wire *wire, const struct emit_target *to, const char *bytes,
	      size_t length);

/** What was sent with TOKEN did not arrive. */
void lone_failed(struct wire *wire, uint64_t token, int err);

/** Forgets those that may still fail. */
void lone_end(struct wire *wire);
