/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where the call goes on to because of the event being handled: first the forwarding of the
 * party it is with, and when that has none, coverage, point by point.
 */
#include "call/call.h"

/** The forwarding for the event, allowed or refused; NULL = none. */
const struct redirect *call_forwarding(const struct call *call);

/** The next coverage point that may be had; NULL = none (any more). */
const struct redirect *call_cover(const struct call *call);

/** The forwarding, or else the coverage point. */
const struct redirect *call_redirect(const struct call *call);

/** The call goes on by REDIRECT; what it answers is the target. */
struct target call_take(struct call *call, const struct redirect *redirect);

/** Coverage begins, if it has not, and has come to POINT: the next one is that after it. */
void call_pass_points(struct call *call, const struct redirect *point,
		      void (*pass)(struct call *call, const struct redirect *refused));
