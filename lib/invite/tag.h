/* SPDX-License-Identifier: MIT */
#pragma once
/* Reads the route tag from the top Route and writes it to the Route below (halfcall-protocol(7),
 * ROUTE TAGS). */
#include "invite/arrival.h"

/** Sets facts->tag from SIP's top Route, and facts->senseless_way_back if the Route below it cannot
 *  be sent to. */
void tag_read(const struct wire *wire, const sip_t *sip, struct arena *arena,
	      struct facts *facts);

/**
 * Writes the Route headers of MSG, a copy of IN's request: removes the one that names this program
 * and writes PHASE to the next, the way back; those below stay.  If there is no next one, the way
 * back is the configured address of the proxy that sent the request.
 */
void tag_write(const struct arrival *in, msg_t *msg, enum phase phase);
