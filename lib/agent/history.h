/* SPDX-License-Identifier: MIT */
#pragma once
/* History-Info (RFC 4244, protocol.md section 5) and Diversion (RFC 5806) on the wire. */
#include "agent/half.h"

/** Fills facts->visited, visited_count and redirections; what cannot be read is left out. */
void history_read(const sip_t *sip, struct arena *arena, struct facts *facts);

/** The two entries of a plain call, when none came with it. */
int history_write_plain(struct half_call *half, msg_t *msg);

/** Goes on numbering: why each party on the way was left, and the new target. */
int history_write_forward(struct half_call *half, msg_t *msg,
			  const struct target *target);

/** Puts a Diversion of each party that was left on top of those that came. */
int history_write_diversion(struct half_call *half, msg_t *msg,
			    const struct target *target);
