/* SPDX-License-Identifier: MIT */
#include "wire/roster.h"

#include "wire/tls.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	HALF_MAX = 64,			/* half-closed connections that are kept to be answered by */
	SLOT_BITS = 20,			/* of an id; the generation is above */
	NO_SLOT = UINT32_C(1) << SLOT_BITS,
};

void roster_init(struct streams *streams, struct transport *transport)
{
	streams->transport = transport;
	streams->free_slot = NO_SLOT;
	streams->generation = 1;
	list_init(&streams->all);
	list_init(&streams->broken);
	list_init(&streams->dead);
	list_init(&streams->dirty);
	list_init(&streams->half);
	for (size_t i = 0; i < ROSTER_HOSTS; i++)
		list_init(&streams->by_host[i]);
}

struct list *roster_host(struct streams *streams, const struct sockaddr_storage *remote)
{
	return &streams->by_host[endpoint_hash(remote) % ROSTER_HOSTS];
}

/* Slots are used again; the generation tells an id's connection from a later one in its slot. */
static int take_slot(struct streams *streams, struct connection *connection)
{
	uint32_t slot = streams->free_slot;

	if (slot == NO_SLOT) {
		uint32_t room = streams->slot_count ? 2 * streams->slot_count : 16;
		struct connection **slots;
		uint32_t *next_free;

		if (room > NO_SLOT)
			return -EMFILE;
		slots = realloc(streams->slots, room * sizeof *slots);
		if (!slots)
			return -ENOMEM;
		streams->slots = slots;
		next_free = realloc(streams->next_free, room * sizeof *next_free);
		if (!next_free)
			return -ENOMEM;
		streams->next_free = next_free;
		for (slot = streams->slot_count; slot < room; slot++) {
			slots[slot] = NULL;
			next_free[slot] = slot + 1 < room ? slot + 1 : NO_SLOT;
		}
		slot = streams->slot_count;
		streams->slot_count = room;
	}
	streams->free_slot = streams->next_free[slot];
	streams->slots[slot] = connection;
	connection->id = (uint64_t)streams->generation++ << SLOT_BITS | slot;
	return 0;
}

struct connection *roster_find(const struct streams *streams, uint64_t id)
{
	uint32_t slot = (uint32_t)id & (NO_SLOT - 1);
	struct connection *connection = NULL;

	if (streams && slot < streams->slot_count)
		connection = streams->slots[slot];
	return connection && connection->id == id ? connection : NULL;
}

void roster_close(struct connection *connection, int err)
{
	struct transport *transport = connection_transport(connection);
	struct streams *streams = transport->streams;
	uint32_t slot = (uint32_t)connection->id & (NO_SLOT - 1);
	int fd = connection->socket.fd;

	if (connection->state == CONNECTION_CLOSED)
		return;
	if (connection->tls && connection->state >= CONNECTION_OPEN && !err)
		tls_end(connection->tls);
	connection->state = CONNECTION_CLOSED;
	connection->broken_errno = err;
	loop_cancel(transport->loop, &connection->limit);
	loop_socket_remove(transport->loop, &connection->socket);
	close(fd);
	list_remove(&connection->by_host);
	list_remove(&connection->dirty);
	if (!list_is_empty(&connection->half)) {
		list_remove(&connection->half);
		streams->half_count--;
	}
	list_remove(&connection->node);
	list_append(&streams->broken, &connection->node);
	streams->slots[slot] = NULL;
	streams->next_free[slot] = streams->free_slot;
	streams->free_slot = slot;
	transport->counts.connections--;
}

void roster_keep_half(struct connection *connection)
{
	struct streams *streams = connection_transport(connection)->streams;

	if (streams->half_count == HALF_MAX)
		roster_close(container_of(streams->half.next, struct connection, half),
			     0);
	list_append(&streams->half, &connection->half);
	streams->half_count++;
}

int roster_add(struct connection *connection)
{
	struct streams *streams = connection_transport(connection)->streams;
	int err = take_slot(streams, connection);

	if (err < 0)
		return err;
	list_append(&streams->all, &connection->node);
	list_append(roster_host(streams, &connection->remote), &connection->by_host);
	streams->transport->counts.connections++;
	return 0;
}
