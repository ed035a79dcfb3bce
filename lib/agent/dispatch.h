/* SPDX-License-Identifier: MIT */
#pragma once
/* Where an arriving message goes: to a call that exists, to a new call, or to an answer here. */
#include "wire/wire.h"

#include <stdint.h>

struct agent;

/** Implements wire_events.request; CONTEXT is the agent. */
void dispatch_request(void *context, const struct peer *peer,
		      const struct listener *listener, msg_t *msg);

/** Implements wire_events.stranger; CONTEXT is the agent. */
void dispatch_stranger(void *context, const struct wire_stranger *stranger);

/** Lines about strangers are counted from NOW_US (monotonic) on. */
void dispatch_know_strangers(struct agent *agent, int64_t now_us);

/** Implements wire_events.response; CONTEXT is the agent. */
void dispatch_response(void *context, msg_t *msg);
