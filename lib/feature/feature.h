/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Every decision about a half call is taken in this room (halfcall-protocol(7),
 * RESTRICTIONS and FORWARDING AND COVERAGE).  Rules are applied in a fixed order; the
 * first one that decides wins.  They read facts, profile and policy, return a verdict,
 * and change nothing: so explain can show a decision without a call, and the room needs
 * no I/O.
 */
#include "base/arena.h"
#include "model/facts.h"
#include "model/verdict.h"

/**
 * Decides one half call.  Text of the verdict is static or in ARENA.  Never fails: if the
 * profile is invalid, the verdict is a rejection that says so.
 */
struct verdict feature_decide(const struct facts *facts, const struct profile *profile,
			      const struct policy *policy, struct arena *arena);
