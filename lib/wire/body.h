/* SPDX-License-Identifier: MIT */
#pragma once
/* The body of a message: a single one, or several parts (multipart, RFC 2046 section 5.1). */
#include "wire/sofia.h"
#include "base/arena.h"

/** The first session description in the body of SIP, in ARENA; NULL = there is none. */
char *body_session(struct arena *arena, const sip_t *sip);
