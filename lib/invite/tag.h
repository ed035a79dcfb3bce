/* SPDX-License-Identifier: MIT */
#pragma once
/* The tag on the wire: read from the Route that names us, written on the way back. */
#include "invite/arrival.h"

/** Reads the tag of SIP's top Route and what is wrong with the way back into FACTS. */
void tag_read(const struct wire *wire, const sip_t *sip, struct arena *arena,
	      struct facts *facts);

/**
 * Puts the Routes of IN's request on MSG, a copy of it: the way back with PHASE, then what stood
 * below it.  Without a Route below ours the way back is the address of the proxy that sent it.
 */
void tag_write(const struct arrival *in, msg_t *msg, enum phase phase);
