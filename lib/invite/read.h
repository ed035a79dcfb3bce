/* SPDX-License-Identifier: MIT */
#pragma once
/* Reads an INVITE into facts: the only place where the facts of a call are made. */
#include "invite/arrival.h"

/** Facts about other calls that exist at this moment; the members are those of struct facts. */
struct read_scene {
	unsigned members;
	bool is_overtaken;
};

/** Reads REQUEST, which PEER sent to LISTENER.  Takes a reference of DESK and of REQUEST.  The
 *  arrival belongs to the caller and has not been decided. */
struct arrival *read_invite(struct desk *desk, msg_t *request, const struct peer *peer,
			    const struct listener *listener,
			    const struct read_scene *scene);
