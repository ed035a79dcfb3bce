/* SPDX-License-Identifier: MIT */
#include "wire/link.h"

#include "wire/backlog.h"
#include "wire/intake.h"
#include "wire/roster.h"
#include "wire/tls.h"

#include <errno.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* A configured peer and we do not come to terms: its owner is told. */
static void tell_unshaken(const struct connection *connection, const char *why)
{
	const struct transport *transport = connection_transport(connection);

	if (connection->peer && transport->events->unshaken)
		transport->events->unshaken(transport->context, connection->peer,
					    &connection->remote, why);
}

static void limit_reached(struct timer *timer)
{
	struct connection *connection = container_of(timer, struct connection, limit);

	if (loop_now_us(connection_transport(connection)->loop) <
	    connection_deadline_us(connection)) {
		connection_watch_time(connection);
		return;
	}
	if (connection->began_us || connection->state == CONNECTION_SHAKING)
		connection_transport(connection)->counts.malformed++;
	if (connection->state == CONNECTION_SHAKING)
		tell_unshaken(connection, "the handshake takes too long");
	roster_close(connection, connection->state < CONNECTION_OPEN ? ETIMEDOUT
				 : connection->stalled_us	     ? ENOBUFS
								     : 0);
}

static void opened(struct connection *connection)
{
	connection->state = CONNECTION_OPEN;
	connection->is_blocked = false;
	connection->heard_us = loop_now_us(connection_transport(connection)->loop);
	connection->traffic_us = connection->heard_us;
	connection_want(connection);
	connection_watch_time(connection);
	backlog_flush(connection);
}

/* A configured peer that connects must be who its address says, if certificates are asked for. */
static bool is_impostor(const struct connection *connection)
{
	const struct wire_settings *settings = connection_transport(connection)->settings;

	return !connection->is_outbound && settings->tls && settings->tls->is_mutual &&
	       connection->peer && connection->peer->tls_name &&
	       !connection_is_for(connection, connection->peer->tls_name);
}

static void tell_impostor(const struct connection *connection)
{
	char why[300];

	snprintf(why, sizeof why, "its certificate is not for %s",
		 connection->peer->tls_name);
	tell_unshaken(connection, why);
}

static void shake(struct connection *connection)
{
	int err = tls_shake(connection->tls);

	if (err == -EAGAIN) {
		connection_want(connection);
	} else if (err < 0 || is_impostor(connection)) {
		connection_transport(connection)->counts.malformed++;
		if (err < 0)
			tell_unshaken(connection, tls_why(connection->tls));
		else
			tell_impostor(connection);
		roster_close(connection, EPROTO);
	} else {
		opened(connection);
	}
}

void link_start(struct connection *connection)
{
	const struct tls_pair *pair = connection_transport(connection)->tls;

	if (connection->state != CONNECTION_SHAKING)
		return;
	connection->tls =
		connection->is_outbound
			? tls_client(pair, connection->socket.fd, connection->tls_name)
			: tls_server(pair, connection->socket.fd);
	if (connection->tls)
		shake(connection);
	else
		roster_close(connection, ENOMEM);
}

static void connected(struct connection *connection)
{
	int err = 0;
	socklen_t size = sizeof err;

	if (getsockopt(connection->socket.fd, SOL_SOCKET, SO_ERROR, &err, &size) < 0)
		err = errno;
	if (err) {
		roster_close(connection, err);
	} else if (connection->listener->kind == WAY_TLS) {
		connection->state = CONNECTION_SHAKING;
		connection_watch_time(connection);
		link_start(connection);
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
		roster_close(connection, events & EPOLLERR ? ECONNRESET : 0);
}

struct connection *link_new(struct listener *listener,
			    const struct sockaddr_storage *remote, int fd,
			    enum connection_state state)
{
	static const struct connection_events events = { .ready = ready,
							 .limit = limit_reached };

	return connection_new(listener, remote, fd, state, &events);
}
