/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where a message came from.  It travels with the message (in the place where Sofia's own
 * transports keep a name) until a transaction takes it, and lives as long as the message.
 */
#include "wire/emit.h"

struct origin {
	struct emit_target back;	/* where its answers go (RFC 3261 section 18.2.2) */
	struct finder_key key;
	uint64_t merge[2];		/* what copies that came by another way have in common */
	bool has_merge;
	int64_t came_us;
	const struct peer *peer;	/* NULL = a stranger */
};

/**
 * Notes PACKET as where MSG came from.  Of a request, the topmost Via is given "received" (always
 * when sent-by is no such number) and "rport" (where it has one: RFC 3581); maddr means nothing.
 * 0 or -ENOMEM.
 */
int origin_attach(struct wire *wire, msg_t *msg, const struct transport_packet *packet);

/** Of MSG; NULL = it was not received but made here. */
struct origin *origin_of(msg_t *msg);

/** Where answers to PACKET go whose topmost Via has PORT (0 = none) and, if HAS_RPORT, asks for
 *  the port they come from. */
void origin_back(const struct transport_packet *packet, unsigned port, bool has_rport,
		 struct emit_target *back);
