/* SPDX-License-Identifier: MIT */
#pragma once
/* Writes the INVITE that leaves: every change that both call models make to it. */
#include "invite/arrival.h"
#include "model/target.h"

/** The phase of the route tag on an INVITE to TARGET (halfcall-protocol(7), ROUTE TAGS). */
enum phase invite_phase(const struct arrival *in, const struct target *target);

/** Turns MSG, a copy of IN's request, into the INVITE to TARGET: writes Request-URI, History-Info,
 *  Diversion, the caller's identity, the shortcut mark, Max-Forwards and Route, and removes
 *  Proxy-Authorization. */
void invite_write(const struct arrival *in, msg_t *msg, const struct target *target);
