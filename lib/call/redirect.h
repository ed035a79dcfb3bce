/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The next target of the call for the event being handled: the forwarding of the party it
 * is with, or, when that has none, coverage, point by point.
 */
#include "call/call.h"

/** The forwarding for the event, allowed or refused; NULL = none. */
const struct redirect *call_forwarding(const struct call *call);

/** The next coverage point that is not refused; NULL = none left. */
const struct redirect *call_cover(const struct call *call);

/** The forwarding, or else the coverage point. */
const struct redirect *call_redirect(const struct call *call);

/** Makes REDIRECT the way of the call; returns the target. */
struct target call_take(struct call *call, const struct redirect *redirect);

/** Begins coverage if it has not begun, and moves on: the point after POINT is the next
 * one. */
void call_pass_points(struct call *call, const struct redirect *point,
		      void (*pass)(struct call *call, const struct redirect *refused));
