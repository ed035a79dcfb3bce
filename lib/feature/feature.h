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
 * Whether FACTS are refused without asking what is administered: a wrong tag, a strange
 * Request-URI, an off-hook that its number overtook.  VERDICT is then the rejection, text static or
 * in ARENA; else it is left alone.
 */
bool feature_screen(const struct facts *facts, const struct policy *policy,
		    struct arena *arena, struct verdict *verdict);

/**
 * Decides one half call that feature_screen() let through.  Text of the verdict is static or in
 * ARENA.  Never fails: where the profile makes no sense, the verdict is a rejection that says so.
 */
struct verdict feature_decide(const struct facts *facts, const struct profile *profile,
			      const struct policy *policy, struct arena *arena);

/** The verdict where the profile cannot be read, because of SENTENCE, which is copied to ARENA. */
struct verdict feature_refuse_unread(const char *sentence, struct arena *arena);
