/* SPDX-License-Identifier: MIT */
#pragma once
/* The INVITE written for its way on: all that both call models change in it. */
#include "invite/arrival.h"
#include "model/target.h"

/** The phase an INVITE to TARGET carries. */
enum phase invite_phase(const struct arrival *in, const struct target *target);

/** Makes MSG, a copy of IN's request, the INVITE to TARGET: who is called, History-Info,
 *  Diversion, identity, shortcut, Max-Forwards and the Routes. */
void invite_write(const struct arrival *in, msg_t *msg, const struct target *target);
