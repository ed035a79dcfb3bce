/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The features of a half call, asked in a fixed order; the first objection wins.  They see
 * facts, profile and policy and answer with a verdict; they never act (protocol.md 4, 5).
 */
#include "base/arena.h"
#include "model/facts.h"
#include "model/verdict.h"

/**
 * Decides one half call.  Text of the verdict is static or in ARENA.  Never fails: where
 * the profile makes no sense, the verdict is a rejection that says so.
 */
struct verdict feature_decide(const struct facts *facts, const struct profile *profile,
			      const struct policy *policy, struct arena *arena);
