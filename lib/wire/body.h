/* SPDX-License-Identifier: MIT */
#pragma once
/* What a message carries, alone or as one part of several (RFC 2046 section 5.1). */
#include "wire/sofia.h"
#include "base/arena.h"

/** The first session description in the body of SIP, in ARENA; NULL = there is none. */
char *body_session(struct arena *arena, const sip_t *sip);
