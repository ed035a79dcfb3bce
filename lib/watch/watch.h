/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a proxy does wrong, seen in the messages that pass between it and those around it: here CM,
 * telephones, a gateway, applications.  One rule a file; each names what it holds the proxy to.
 *
 *	seat            proxy            seat
 *	 | -- INVITE --> |                |	is_out: remembered
 *	 |               | -- INVITE -->  |	not is_out: the proxy's copy, found by its Vias and
 *	 |               |                |	compared with what it was made from
 *
 * Pure: it is given frames with their times and tells findings; it has no clock, no socket and no
 * timer.  It knows nothing of calls; halfcalld and the players of a run use it alike.  A proxy that
 * says nothing at all is down, and that is no finding.
 */
#include "watch/finding.h"
#include "wire/wire.h"

struct watch;

typedef void watch_told_f(void *context, const struct watch_finding *finding);

/** SETTINGS are copied; TOLD is called from watch_see(), watch_reused() and watch_until(). */
struct watch *watch_new(const struct watch_settings *settings, watch_told_f *told,
			void *context);

/** NULL is fine. */
void watch_free(struct watch *watch);

/** FRAME passed at SEAT.  What cannot be read as SIP is not judged. */
void watch_see(struct watch *watch, enum watch_seat seat, const struct wire_frame *frame);

/** FRAME came with a branch that another request had (wire_events.branch_reused). */
void watch_reused(struct watch *watch, enum watch_seat seat,
		  const struct wire_frame *frame);

/** Judges what should have come by NOW_US.  When there is more to wait for, the time of the first
 *  of it, else 0. */
int64_t watch_until(struct watch *watch, int64_t now_us);
