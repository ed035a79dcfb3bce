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
