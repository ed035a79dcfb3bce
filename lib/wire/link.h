/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a connection does when its socket is ready or one of its times is over: TCP's handshake,
 * TLS's, reading, writing, the end.
 */
#include "wire/connection.h"

/** connection_new() with these reactions. */
struct connection *link_new(struct listener *listener,
			    const struct sockaddr_storage *remote, int fd,
			    enum connection_state state);

/** Begins TLS's handshake where the state says so.  It may close the connection. */
void link_start(struct connection *connection);
