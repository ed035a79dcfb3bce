/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The identifier that every message of a call carries in this program's branches, tags
 * and `odi`, as 16 hexadecimal digits: a place in the table of calls and the call's
 * number.  It names the call of any message that comes back, also behind a back-to-back
 * user agent, which changes Call-IDs.
 */
#include <stdint.h>

enum { IDENT_DIGITS = 16 };

struct ident {
	uint32_t slot;		/* place in the table of calls */
	uint32_t serial;	/* the call's number; distinguishes it from earlier
				 * calls in that place */
};
