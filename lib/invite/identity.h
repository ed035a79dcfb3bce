/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reads the calling and the called party of a request, and writes the headers that identify the
 * caller (halfcall-protocol(7), HALF CALLS).
 */
#include "invite/arrival.h"
#include "model/target.h"

/** Fills the parties of FACTS: the caller from P-Asserted-Identity or else From, the called party
 *  and the parameters of a feature name from the Request-URI.  Text is in ARENA. */
void identity_read(const sip_t *sip, struct arena *arena, struct facts *facts);

/** Writes P-Asserted-Identity (name and extension of the station), Alert-Info and User-Agent into
 *  MSG, each if configured.  Removes the caller's identity where Privacy asks for that and TARGET
 *  is outside. */
void identity_write(const struct arrival *in, msg_t *msg, const struct target *target);
