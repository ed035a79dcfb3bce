/* SPDX-License-Identifier: MIT */
#pragma once
/* Session descriptions (RFC 4566) of calls that carry no media. */
#include "agent/sofia.h"
#include "base/arena.h"

/**
 * The description in a 200 of ours to INVITE: every media line of its offer refused (RFC 3264
 * section 6); without an offer one of our own with no media lines (RFC 3261 section 13.2.1),
 * likewise for a body we cannot read.  In ARENA.
 */
const char *media_refuse(struct arena *arena, const sip_t *invite,
			 const struct listener *listener);
