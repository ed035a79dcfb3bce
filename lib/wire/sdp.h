/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Session descriptions (RFC 4566) for user agents that send no media; offers and answers
 * (RFC 3264) are only compared and passed on.
 */
#include "base/arena.h"
#include "wire/sofia.h"

struct listener;

/** An offer of one audio stream (PCMU, PCMA) at LISTENER's address and PORT.  In ARENA. */
const char *sdp_offer(struct arena *arena, const struct listener *listener,
		      unsigned port);

/**
 * The answer to the offer in SIP: its first audio stream accepted at PORT with the offer's first
 * format, the others refused.  NULL = there is no offer, or it cannot be read.  In ARENA.
 */
const char *sdp_answer(struct arena *arena, const sip_t *sip,
		       const struct listener *listener, unsigned port);

/**
 * The description in a 200 of ours to INVITE: every media line of its offer refused (RFC 3264
 * section 6); without an offer one of our own with no media lines (RFC 3261 section 13.2.1),
 * likewise for a body that cannot be read.  In ARENA.
 */
const char *sdp_refuse(struct arena *arena, const sip_t *invite,
		       const struct listener *listener);
