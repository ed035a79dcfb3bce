/* SPDX-License-Identifier: MIT */
#pragma once
/* The id of a call over both halves, as the journal has it, from a Call-ID. */
#include "base/arena.h"

#include <stdbool.h>

/**
 * A Call-ID that this program made contains the id (hc-ID-...): if the proxy keeps that Call-ID, the
 * second half has the same id as the first.  Any other Call-ID is hashed; the off-hook INVITE and
 * the dialled INVITE of one telephone call have the same Call-ID and so the same id.  In ARENA.
 */
const char *call_id_of(struct arena *arena, const char *sip_call_id);

/** Whether this program, or another of its kind, made it (b2bua model). */
bool call_id_is_made_here(const char *sip_call_id);
