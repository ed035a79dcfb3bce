/* SPDX-License-Identifier: MIT */
#pragma once
/* A call that was answered after its caller had gone: it is acknowledged and ended. */
#include "wire/emit.h"
#include "wire/way.h"

struct hangup {
	char *ack;			/* to be freed by the caller; NULL = out of memory */
	size_t length;
	struct emit_target to;		/* of the ACK */
	msg_t *bye;			/* the caller's */
	struct way bye_way;
};

/** Writes ACK and BYE for RESPONSE, a 2xx to an INVITE that went to INVITE_TO. */
void hangup_write(struct wire *wire, msg_t *response, const struct emit_target *invite_to,
		  struct hangup *hangup);
