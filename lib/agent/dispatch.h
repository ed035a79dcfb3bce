/* SPDX-License-Identifier: MIT */
#pragma once
/* What comes in, sorted: to a call, to a new one, or answered here. */
#include "wire/wire.h"

/** As wire_events.request; CONTEXT is the agent. */
void dispatch_request(void *context, const struct peer *peer,
		      const struct listener *listener, msg_t *msg);

/** As wire_events.response. */
void dispatch_response(void *context, msg_t *msg);
