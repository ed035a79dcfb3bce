/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reads and writes History-Info (RFC 4244), and writes Diversion (RFC 5806);
 * halfcall-protocol(7), REDIRECTION HEADERS.
 */
#include "invite/arrival.h"
#include "model/target.h"

/** Fills facts->visited, visited_count and redirections.  Entries that are malformed are skipped. */
void history_read(const sip_t *sip, struct arena *arena, struct facts *facts);

/** Adds the two entries of a call that is not redirected, unless the INVITE came with a
 *  History-Info. */
void history_write_plain(const struct arrival *in, msg_t *msg);

/** Adds entries for a forwarding to TARGET: why the call left each party, then the target.  The
 *  index continues from the last entry that came. */
void history_write_forward(const struct arrival *in, msg_t *msg,
			   const struct target *target);

/** Adds one Diversion value for each party the call left, above those that came. */
void history_write_diversion(const struct arrival *in, msg_t *msg,
			     const struct target *target);
