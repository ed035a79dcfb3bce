/* SPDX-License-Identifier: MIT */
#pragma once
/* Who is who in a request, and what is asserted about them (halfcall-protocol(7)). */
#include "invite/arrival.h"
#include "model/target.h"

/** Reads who calls whom into FACTS: P-Asserted-Identity else From, the Request-URI, and the
 *  parameters of a feature name. */
void identity_read(const sip_t *sip, struct arena *arena, struct facts *facts);

/** P-Asserted-Identity from the station record, Alert-Info, User-Agent: as configured.
 *  Privacy may withhold the first from the party at TARGET. */
void identity_write(const struct arrival *in, msg_t *msg, const struct target *target);
