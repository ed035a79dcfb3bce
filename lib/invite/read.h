/* SPDX-License-Identifier: MIT */
#pragma once
/* An INVITE read into facts, once. */
#include "invite/arrival.h"

/** What it meets: facts about everything else that is alive, as in struct facts. */
struct read_scene {
	unsigned members;
	bool is_overtaken;
};

/** Reads REQUEST, which came from PEER at LISTENER.  Keeps DESK and REQUEST by references.  The
 *  arrival is the caller's, and has not been decided yet. */
struct arrival *read_invite(struct desk *desk, msg_t *request, const struct peer *peer,
			    const struct listener *listener,
			    const struct read_scene *scene);
