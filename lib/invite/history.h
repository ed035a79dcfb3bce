/* SPDX-License-Identifier: MIT */
#pragma once
/* History-Info (RFC 4244; halfcall-protocol(7)) and Diversion (RFC 5806) on the wire. */
#include "invite/arrival.h"
#include "model/target.h"

/** Fills facts->visited, visited_count and redirections; what cannot be read is left out. */
void history_read(const sip_t *sip, struct arena *arena, struct facts *facts);

/** The two entries of a plain call, when none came with it. */
void history_write_plain(const struct arrival *in, msg_t *msg);

/** Goes on numbering: why each party on the way was left, and the new target. */
void history_write_forward(const struct arrival *in, msg_t *msg,
			   const struct target *target);

/** Puts a Diversion of each party that was left on top of those that came. */
void history_write_diversion(const struct arrival *in, msg_t *msg,
			     const struct target *target);
