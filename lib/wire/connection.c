/* SPDX-License-Identifier: MIT */
#include "wire/connection.h"

#include "wire/backlog.h"
#include "wire/intake.h"
#include "wire/stream.h"
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

static struct transport *transport_of(const struct connection *connection)
{
	return connection->listener->transport;
}

/* When something has lasted too long; INT64_MAX = never. */
static int64_t deadline_us(const struct connection *connection)
{
	const struct wire_limits *limits = &transport_of(connection)->limits;
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
	struct loop *loop = transport_of(connection)->loop;
	int64_t rest_us = deadline_us(connection) - loop_now_us(loop);

	if (rest_us < 0)
		rest_us = 0;
	if (timer_is_running(&connection->limit) &&
	    connection->limit.due_ms * 1000 <= loop_now_us(loop) + rest_us)
		return;
	loop_start(loop, &connection->limit, (unsigned)((rest_us + 999) / 1000));
}

static void limit_reached(struct timer *timer)
{
	struct connection *connection = container_of(timer, struct connection, limit);

	if (loop_now_us(transport_of(connection)->loop) < deadline_us(connection)) {
		connection_watch_time(connection);
		return;
	}
	if (connection->began_us || connection->state == CONNECTION_SHAKING)
		transport_of(connection)->counts.malformed++;
	connection_close(connection, connection->state < CONNECTION_OPEN ? ETIMEDOUT
				     : connection->stalled_us		 ? ENOBUFS
									 : 0);
}

void connection_want(struct connection *connection)
{
	uint32_t events = connection->is_read_closed ? 0 : EPOLLIN;

	if (connection->is_blocked || connection->state == CONNECTION_CONNECTING ||
	    (connection->tls && tls_wants_write(connection->tls)))
		events |= EPOLLOUT;
	loop_socket_want(transport_of(connection)->loop, &connection->socket, events);
}

static void opened(struct connection *connection)
{
	connection->state = CONNECTION_OPEN;
	connection->is_blocked = false;
	connection->heard_us = loop_now_us(transport_of(connection)->loop);
	connection->traffic_us = connection->heard_us;
	connection_want(connection);
	connection_watch_time(connection);
	backlog_flush(connection);
}

bool connection_is_for(const struct connection *connection, const char *name)
{
	return connection->tls && tls_is_verified(connection->tls) &&
	       (!name || tls_is_for(connection->tls, name));
}

/* A configured peer that connects must be who its address says, if certificates are asked for. */
static bool is_impostor(const struct connection *connection)
{
	const struct wire_settings *settings = transport_of(connection)->settings;

	return !connection->is_outbound && settings->tls && settings->tls->is_mutual &&
	       connection->peer && connection->peer->tls_name &&
	       !connection_is_for(connection, connection->peer->tls_name);
}

static void shake(struct connection *connection)
{
	int err = tls_shake(connection->tls);

	if (err == -EAGAIN) {
		connection_want(connection);
	} else if (err < 0 || is_impostor(connection)) {
		transport_of(connection)->counts.malformed++;
		connection_close(connection, EPROTO);
	} else {
		opened(connection);
	}
}

void connection_start(struct connection *connection)
{
	const struct tls_pair *pair = transport_of(connection)->tls;

	if (connection->state != CONNECTION_SHAKING)
		return;
	connection->tls =
		connection->is_outbound
			? tls_client(pair, connection->socket.fd, connection->tls_name)
			: tls_server(pair, connection->socket.fd);
	if (connection->tls)
		shake(connection);
	else
		connection_close(connection, ENOMEM);
}

static void connected(struct connection *connection)
{
	int err = 0;
	socklen_t size = sizeof err;

	if (getsockopt(connection->socket.fd, SOL_SOCKET, SO_ERROR, &err, &size) < 0)
		err = errno;
	if (err) {
		connection_close(connection, err);
	} else if (connection->listener->kind == WAY_TLS) {
		connection->state = CONNECTION_SHAKING;
		connection_watch_time(connection);
		connection_start(connection);
	} else {
		opened(connection);
	}
}

static void ready(struct loop_socket *socket, uint32_t events)
{
	struct connection *connection = container_of(socket, struct connection, socket);

	if (connection->state == CONNECTION_CONNECTING) {
		if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
			connected(connection);
		return;
	}
	if (connection->state == CONNECTION_SHAKING) {
		shake(connection);
		return;
	}
	if (events & EPOLLOUT) {
		connection->is_blocked = false;
		backlog_flush(connection);
		if (connection->state == CONNECTION_CLOSED)
			return;
		connection_want(connection);
	}
	if (events & EPOLLIN)
		intake_read(connection);
	else if (events & (EPOLLERR | EPOLLHUP))
		connection_close(connection, events & EPOLLERR ? ECONNRESET : 0);
}

struct connection *connection_new(struct listener *listener,
				  const struct sockaddr_storage *remote, int fd,
				  enum connection_state state)
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
	timer_init(&connection->limit, limit_reached);
	connection->socket.ready = ready;
	connection->listener = listener;
	connection->remote = *remote;
	connection->peer = transport_peer(transport, remote);
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

void connection_close(struct connection *connection, int err)
{
	struct transport *transport = transport_of(connection);
	int fd = connection->socket.fd;

	if (connection->state == CONNECTION_CLOSED)
		return;
	if (connection->tls && connection->state >= CONNECTION_OPEN && !err)
		tls_end(connection->tls);
	connection->state = CONNECTION_CLOSED;
	loop_cancel(transport->loop, &connection->limit);
	loop_socket_remove(transport->loop, &connection->socket);
	close(fd);
	stream_forget(connection);
	backlog_tell(connection, err);
}

void connection_discard(struct connection *connection)
{
	int fd = connection->socket.fd;

	loop_cancel(transport_of(connection)->loop, &connection->limit);
	loop_socket_remove(transport_of(connection)->loop, &connection->socket);
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
