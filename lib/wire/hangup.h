/* SPDX-License-Identifier: MIT */
#pragma once
/* A call that was answered after its caller had gone: it is acknowledged and ended. */
#include "wire/emit.h"

/**
 * Sends ACK and BYE for RESPONSE, a 2xx to an INVITE that nothing waits for.  *TO is where the
 * INVITE went, and becomes where the ACK went.  The ACK's bytes, which are the caller's to free;
 * NULL = they cannot be sent.
 */
char *hangup(struct wire *wire, msg_t *response, struct emit_target *to, size_t *length);
