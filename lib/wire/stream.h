/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Streams: who may connect and how many, which connection a message goes by, and opening those
 * that are missing.
 */
#include "wire/connection.h"

enum { STREAM_HOSTS = 1024 };

struct streams {
	struct transport *transport;
	struct list all, dead, dirty;
	struct list half;		/* whose far end sends no more; the oldest first */
	size_t half_count;
	struct list by_host[STREAM_HOSTS];
	struct connection **slots;	/* owned; by the lower half of the id */
	uint32_t slot_count, free_slot;
	uint32_t *next_free;		/* owned; parallel to slots */
	uint32_t generation;
	int spare;			/* descriptor given up to refuse a connection at the limit */
	char *buffer;			/* owned; what is read, for all */
	size_t buffer_size;
};

/** Binds LISTENER's socket.  0 or -errno with a sentence. */
int stream_open(struct listener *listener, struct fault *fault);

void stream_close(struct listener *listener);

/** Closes all connections. */
void stream_end(struct transport *transport);

/** 0 or -errno. */
int stream_send(struct transport *transport, const struct transport_target *target,
		const char *bytes, size_t length, uint64_t token);

/** See transport_alias(). */
void stream_alias(struct transport *transport, uint64_t id,
		  const struct sockaddr_storage *to);

void stream_flush(struct transport *transport);

/** Frees what has been closed. */
void stream_bury(struct transport *transport);

/** Of a connection that was closed: takes it off all lists, to be buried. */
void stream_forget(struct connection *connection);

/** CONNECTION's far end sends no more: it is kept beside the bounds, in place of the oldest such
 *  one where there are many. */
void stream_keep_half(struct connection *connection);

/** The connection ID if it lives, or NULL. */
struct connection *stream_find(const struct streams *streams, uint64_t id);
