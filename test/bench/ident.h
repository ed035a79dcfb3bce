/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What every message of a call carries, so that whatever comes back tells its call without a
 * look at Call-IDs, which a back-to-back user agent changes: a place in the table of calls and
 * the call's number, 16 hexadecimal digits, in our branches, tags, and `odi`.
 */
#include <stdint.h>

enum { IDENT_DIGITS = 16 };

struct ident {
	uint32_t slot;		/* place in the table of calls */
	uint32_t serial;	/* the call's number; tells it from an earlier one there */
};
