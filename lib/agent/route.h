/* SPDX-License-Identifier: MIT */
#pragma once
/* Routes on the wire: the tag read from the one that names us, and the way back written. */
#include "agent/arrival.h"

/** Whether URL is one of our listeners' address. */
bool route_is_listener(const struct agent *agent, const url_t *url);

/** Whether URL names us: one of our listeners or our domain. */
bool route_is_ours(const struct agent *agent, const url_t *url);

/**
 * Reads the tag of SIP's top Route.  *REST is the first Route below ours (borrowed from
 * SIP), NULL when there is none.
 */
struct route_tag route_read(const struct agent *agent, const sip_t *sip,
			    struct arena *arena, const sip_route_t **rest);

/**
 * Puts the Routes of the request IN on MSG: the way back with PHASE, then what stood
 * below it (protocol.md section 1).  MSG is a copy of that request.
 */
int route_write(struct arrival *in, msg_t *msg, enum phase phase);

/**
 * Where to send a request whose first Route (or, without one, Request-URI) is URL: URL
 * itself if its host is numeric, else the proxy's configured address, so that no name is
 * ever looked up.
 */
const url_t *route_next_hop(const struct peer *peer, const url_t *url);

/** The URL a request goes to: its first Route, else its Request-URI. */
const url_t *route_first(const sip_t *sip);
