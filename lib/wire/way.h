/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where a request goes and where it leaves from, chosen once for all that depends on it: the
 * socket, Via, Contact and Record-Route.  No name is ever looked up: a next hop whose host is no
 * number is replaced by the peer's configured address.
 */
#include "wire/wire.h"

#include <netinet/in.h>

/** A plain value; LISTENER is borrowed for the wire's life. */
struct way {
	const struct listener *listener;
	enum way_transport transport;
	struct sockaddr_storage to;	/* IPv4 or IPv6, with the port */
};

/**
 * The way of the request SIP as its first Route, or without one its Request-URI, stands now
 * (RFC 3261 section 8.1.2).  PEER (may be NULL) takes the place of a host that is no number.
 * PREFERRED, where the call came in, is taken before other listeners that would fit (NULL = no
 * matter).  0, or with a sentence that names the next hop: -EADDRNOTAVAIL, no listener has its
 * transport and address family; -EPROTONOSUPPORT, its transport is unknown; -EDESTADDRREQ, its
 * host is no number and there is no peer; -ELOOP, it is one of the listeners.
 */
int way_find(const struct wire *wire, const struct peer *peer, const sip_t *sip,
	     const struct listener *preferred, struct way *way, struct fault *fault);

/** Sets TRANSPORT to that of URL, UDP if it has no transport parameter; false = it is unknown. */
bool way_transport_of(const url_t *url, enum way_transport *transport);

/** Writes WAY's destination, "sip:192.0.2.5:5060;transport=tcp", into TEXT; returns TEXT. */
const char *way_text(const struct way *way, char text[static 96]);
