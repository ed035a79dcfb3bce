/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Requests that a proxy or an application sends on, statefully (RFC 3261 section 16): to one target
 * or to several at once.  Provisional answers and the first 2xx go back as they come, the other
 * branches are then cancelled; of failures the best goes back when none is left.
 *
 *	uas --- carry ---+--- branch (uac)
 *	                 +--- branch (uac)
 */
#include "wire/uas.h"
#include "wire/way.h"

struct carrier;
struct carry;

/** All that a wire carries. */
struct carrier *carrier_new(struct wire *wire);

/** Every request still under way is dropped.  NULL is fine. */
void carrier_free(struct carrier *carrier);

/** A deliberate fault, NULL = none: ignore-cancel, cancel-first-branch, lose-retry-after,
 *  lose-warning; others are not its. */
void carrier_break(struct carrier *carrier, const char *name);

size_t carrier_count(const struct carrier *carrier);

/** UAS, which it takes over, is to be sent on: one carry_branch() for each target, then
 *  carry_go(). */
struct carry *carry_new(struct carrier *carrier, struct uas *uas);

/** REQUEST, which it takes over, goes by WAY.  When not even a 100 came within SILENT_MS (0 = as the
 *  transaction says) it counts as 408. */
void carry_branch(struct carry *carry, const struct way *way, msg_t *request,
		  unsigned silent_ms);

/** All branches are there.  Without any, STATUS is answered. */
void carry_go(struct carry *carry, int status);

/** A request inside a dialog, or an ACK, on its way by its Routes; takes MSG over. */
void carry_along(struct carrier *carrier, msg_t *msg);

/** BYTES came in: a 100 Trying is a sign of life of the branch it belongs to. */
void carry_see(struct carrier *carrier, const char *bytes, size_t length);
