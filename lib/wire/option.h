/* SPDX-License-Identifier: MIT */
#pragma once
/* Extensions that a request asks for by option tag (RFC 3261 section 19.2). */
#include "base/arena.h"
#include "wire/sofia.h"

/** What becomes of the request. */
enum option_use {
	OPTION_ANSWERED,		/* it is answered here: Require is to be met here */
	OPTION_PASSED,			/* a call of a user agent's both sides: what concerns the far
					 * end alone is not refused */
	OPTION_FORWARDED,		/* it is forwarded as a proxy does: Proxy-Require */
};

/**
 * The extensions that SIP asks for, not known here for USE, as a value of Unsupported in ARENA (RFC
 * 3261 sections 8.2.2.3 and 16.3), cut behind a tag at about 1,000 bytes; NULL = none.
 */
const char *option_unknown(struct arena *arena, const sip_t *sip, enum option_use use);
