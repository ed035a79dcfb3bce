/* SPDX-License-Identifier: MIT */
#pragma once
/* Which connections there are, by id and by the far end's host; and their end. */
#include "wire/connection.h"

enum { ROSTER_HOSTS = 1024 };

struct streams {
	struct transport *transport;
	struct list all, dirty;
	struct list broken;		/* closed, their senders are still to be told */
	struct list dead;		/* closed and to be freed */
	struct list half;		/* whose far end sends no more; the oldest first */
	size_t half_count;
	struct list by_host[ROSTER_HOSTS];
	struct connection **slots;	/* owned; by the lower half of the id */
	uint32_t slot_count, free_slot;
	uint32_t *next_free;		/* owned; parallel to slots */
	uint32_t generation;
	int spare;			/* descriptor given up to refuse a connection at the limit */
	char *buffer;			/* owned; what is read, for all */
	size_t buffer_size;
};

void roster_init(struct streams *streams, struct transport *transport);

/** Gives CONNECTION its id.  0, -EMFILE or -ENOMEM. */
int roster_add(struct connection *connection);

/** The connection ID if it is not closed, or NULL. */
struct connection *roster_find(const struct streams *streams, uint64_t id);

/** Head of the list, by connection.by_host, where all connections to REMOTE's host are; others may
 *  be among them. */
struct list *roster_host(struct streams *streams, const struct sockaddr_storage *remote);

/** CONNECTION's far end sends no more: it is kept beside the bounds, in place of the oldest such
 *  one where there are many. */
void roster_keep_half(struct connection *connection);

/** Closes CONNECTION because of ERR (positive; 0 = in order).  It lives on in the list of the broken:
 *  stream_flush() tells those whose messages it took, stream_bury() frees it. */
void roster_close(struct connection *connection, int err);
