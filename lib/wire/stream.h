/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Streams: who may connect and how many, which connection a message goes by, and opening those
 * that are missing.
 */
#include "wire/sockets.h"

/** Binds LISTENER's socket.  0 or -errno with a sentence. */
int stream_open(struct listener *listener, struct fault *fault);

void stream_close(struct listener *listener);

/** Closes and frees all connections. */
void stream_end(struct transport *transport);

/** 0 or -errno. */
int stream_send(struct transport *transport, const struct transport_target *target,
		const char *bytes, size_t length, uint64_t token);

/** See transport_alias(). */
void stream_alias(struct transport *transport, uint64_t id,
		  const struct sockaddr_storage *to);

/** Sends what is queued, as far as it is taken, and tells of connections that broke. */
void stream_flush(struct transport *transport);

/** Frees what has been closed. */
void stream_bury(struct transport *transport);
