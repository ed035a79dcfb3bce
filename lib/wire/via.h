/* SPDX-License-Identifier: MIT */
#pragma once
/* The Via that is put on a request as it leaves (RFC 3261 sections 8.1.1.7 and 18.1.1). */
#include "wire/emit.h"

enum { VIA_LINE = 256 };

/** A whole header line for a request that leaves by TARGET with BRANCH; EXTRA is more parameters,
 *  with their semicolons, or "". */
const char *via_line(char line[static VIA_LINE], const struct emit_target *target,
		     const char *branch, const char *extra);

/** "z9hG4bK." and ID in hexadecimal: the branch of a transaction of ours. */
enum { VIA_BRANCH = 32 };
const char *via_branch(char branch[static VIA_BRANCH], uint64_t id);

/** The ID of such a branch; 0 = it is none. */
uint64_t via_id(struct glance_text branch);
