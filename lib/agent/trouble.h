/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Faults on demand: what the hook mishap() says is to go wrong goes wrong here, with requests as
 * they come and as bytes on their way out, so that no other file knows of it.
 */
#include "wire/wire.h"

struct agent;
struct trouble;

/** What takes a request up in the end; as wire_events.request. */
typedef void trouble_dispatch_f(void *agent, const struct peer *peer,
				const struct listener *listener, msg_t *msg);

struct trouble *trouble_new(struct agent *agent);

/** NULL is fine. */
void trouble_free(struct trouble *trouble);

/** Whether something goes wrong with MSG, which came from PEER: then it is taken over, and DISPATCH
 *  may get it, at once or later. */
bool trouble_meets(struct trouble *trouble, const struct peer *peer,
		   const struct listener *listener, msg_t *msg,
		   trouble_dispatch_f *dispatch);

/** See wire_events.distort. */
const struct wire_distortion *trouble_distort(struct trouble *trouble,
					      const struct wire_frame *frame);
