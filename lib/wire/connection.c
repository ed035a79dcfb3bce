/* SPDX-License-Identifier: MIT */
#include "wire/connection.h"

#include "wire/tls.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	STALL_US = 10 * 1000 * 1000,
	HALF_CLOSED_US = 32 * 1000 * 1000,	/* how long answers may still come */
	LINGER_US = 1000 * 1000,
};

struct transport *connection_transport(const struct connection *connection)
{
	return connection->listener->transport;
}

int64_t connection_deadline_us(const struct connection *connection)
{
	const struct wire_limits *limits = &connection_transport(connection)->limits;
	int64_t first = connection->traffic_us + INT64_C(1000) * limits->idle_ms;
	int64_t other = INT64_MAX;

	switch (connection->state) {
	case CONNECTION_CONNECTING:
		return connection->opened_us + INT64_C(1000) * limits->connect_ms;
	case CONNECTION_SHAKING:
		return connection->opened_us + INT64_C(1000) * limits->handshake_ms;
	case CONNECTION_LINGERING:
		return connection->heard_us + LINGER_US;
	case CONNECTION_CLOSED:
		return INT64_MAX;
	case CONNECTION_OPEN:
		break;
	}
	if (!connection->peer && !connection->is_outbound && !connection->has_spoken)
		first = connection->opened_us + INT64_C(1000) * limits->silent_ms;
	if (connection->is_read_closed)
		other = connection->traffic_us + HALF_CLOSED_US;
	if (other < first)
		first = other;
	other = connection->began_us + INT64_C(1000) * limits->incomplete_ms;
	if (connection->began_us && other < first)
		first = other;
	other = connection->stalled_us + STALL_US;
	return connection->stalled_us && other < first ? other : first;
}

void connection_watch_time(struct connection *connection)
{
	struct loop *loop = connection_transport(connection)->loop;
	int64_t rest_us = connection_deadline_us(connection) - loop_now_us(loop);

	if (rest_us < 0)
		rest_us = 0;
	if (timer_is_running(&connection->limit) &&
	    connection->limit.due_ms * 1000 <= loop_now_us(loop) + rest_us)
		return;
	loop_start(loop, &connection->limit, (unsigned)((rest_us + 999) / 1000));
}

void connection_want(struct connection *connection)
{
	uint32_t events = connection->is_read_closed ? 0 : EPOLLIN;

	if (connection->is_blocked || connection->state == CONNECTION_CONNECTING ||
	    (connection->tls && tls_wants_write(connection->tls)))
		events |= EPOLLOUT;
	loop_socket_want(connection_transport(connection)->loop, &connection->socket,
			 events);
}

bool connection_is_for(const struct connection *connection, const char *name)
{
	return connection->tls && tls_is_verified(connection->tls) &&
	       (!name || tls_is_for(connection->tls, name));
}

struct connection *connection_new(struct listener *listener,
				  const struct sockaddr_storage *remote, int fd,
				  enum connection_state state,
				  const struct connection_events *events)
{
	struct transport *transport = listener->transport;
	struct connection *connection = calloc(1, sizeof *connection);
	int64_t now_us = loop_now_us(transport->loop);

	if (!connection) {
		close(fd);
		return NULL;
	}
	list_init(&connection->node);
	list_init(&connection->by_host);
	list_init(&connection->dirty);
	list_init(&connection->half);
	timer_init(&connection->limit, events->limit);
	connection->socket.ready = events->ready;
	connection->listener = listener;
	connection->remote = *remote;
	connection->peer = sockets_peer(transport, remote);
	connection->state = state;
	connection->opened_us = connection->heard_us = connection->traffic_us = now_us;
	if (loop_socket_add(transport->loop, &connection->socket, fd,
			    state == CONNECTION_CONNECTING ? EPOLLIN | EPOLLOUT
							   : EPOLLIN) < 0) {
		close(fd);
		free(connection);
		return NULL;
	}
	connection_watch_time(connection);
	return connection;
}

void connection_discard(struct connection *connection)
{
	int fd = connection->socket.fd;

	loop_cancel(connection_transport(connection)->loop, &connection->limit);
	loop_socket_remove(connection_transport(connection)->loop, &connection->socket);
	close(fd);
	connection_free(connection);
}

void connection_free(struct connection *connection)
{
	tls_free(connection->tls);
	free(connection->in);
	free(connection->out);
	free(connection->notes);
	free(connection->tls_name);
	free(connection);
}
