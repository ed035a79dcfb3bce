/* SPDX-License-Identifier: MIT */
#include "wire/stream.h"

#include "base/fault.h"
#include "wire/backlog.h"
#include "wire/link.h"
#include "wire/roster.h"
#include "wire/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	ACCEPTS_A_ROUND = 64,
	PAUSE_MS = 100,			/* without a descriptor no connection is accepted so long */
	OTHER_DESCRIPTORS = 64,		/* of the process, beside connections */
};

/* As many descriptors as the machine gives; fewer connections where that is little. */
static void raise_descriptors(struct transport *transport)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0 && getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	if (limit.rlim_cur < transport->limits.connections + OTHER_DESCRIPTORS)
		transport->limits.connections =
			limit.rlim_cur > 2 * OTHER_DESCRIPTORS
				? (unsigned)limit.rlim_cur - OTHER_DESCRIPTORS
				: OTHER_DESCRIPTORS / 2;
	if (transport->limits.reserved_connections > transport->limits.connections / 2)
		transport->limits.reserved_connections =
			transport->limits.connections / 2;
}

static int prepare(struct transport *transport)
{
	struct streams *streams = transport->streams;

	if (streams)
		return 0;
	streams = calloc(1, sizeof *streams);
	if (!streams)
		return -ENOMEM;
	transport->streams = streams;
	raise_descriptors(transport);
	roster_init(streams, transport);
	streams->buffer_size = transport->limits.message_bytes;
	streams->buffer = malloc(streams->buffer_size + 1);
	streams->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return streams->buffer ? 0 : -ENOMEM;
}

/* How many connections the address of REMOTE has opened. */
static unsigned count_of(struct streams *streams, const struct sockaddr_storage *remote)
{
	struct list *head = roster_host(streams, remote), *node;
	unsigned count = 0;

	for (node = head->next; node != head; node = node->next) {
		struct connection *connection =
			container_of(node, struct connection, by_host);

		count += !connection->is_outbound && !connection->is_read_closed &&
			 endpoint_is_same_host(&connection->remote, remote);
	}
	return count;
}

static bool is_welcome(struct transport *transport, const struct sockaddr_storage *remote)
{
	const struct wire_limits *limits = &transport->limits;
	size_t connections =
		transport->counts.connections - transport->streams->half_count;

	if (sockets_peer(transport, remote))
		return connections < limits->connections;
	return connections + limits->reserved_connections < limits->connections &&
	       count_of(transport->streams, remote) < limits->address_connections;
}

static void set_options(int fd)
{
	const int on = 1, idle_s = 60, interval_s = 10, tries = 3;
	const unsigned unanswered_ms = 20 * 1000;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &tries, sizeof tries);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms,
		   sizeof unanswered_ms);
}

static void accepted(struct listener *listener, int fd, struct sockaddr_storage *remote)
{
	struct transport *transport = listener->transport;
	struct connection *connection;

	endpoint_unmap(remote);
	if (!is_welcome(transport, remote)) {
		transport->counts.refused_connections++;
		close(fd);
		return;
	}
	set_options(fd);
	connection = link_new(listener, remote, fd,
			      listener->kind == WAY_TLS ? CONNECTION_SHAKING
							: CONNECTION_OPEN);
	if (!connection)
		return;
	if (roster_add(connection) < 0)
		connection_discard(connection);
	else
		link_start(connection);
}

/* Every descriptor is in use: one is given up to get rid of the connection that waits, else
 * epoll would tell of it for ever. */
static void refuse_one(struct listener *listener)
{
	struct transport *transport = listener->transport;
	struct streams *streams = transport->streams;
	int fd = -1;
	bool is_none = false;

	if (streams->spare >= 0) {
		close(streams->spare);
		fd = accept4(listener->socket.fd, NULL, NULL, SOCK_CLOEXEC);
		is_none = fd < 0 && errno == EAGAIN;
		if (fd >= 0)
			close(fd);
		streams->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	if (is_none)
		return;
	if (fd >= 0) {
		transport->counts.refused_connections++;
		return;
	}
	listener->is_paused = true;
	loop_socket_want(transport->loop, &listener->socket, 0);
	loop_start(transport->loop, &listener->resume, PAUSE_MS);
}

static void resume(struct timer *timer)
{
	struct listener *listener = container_of(timer, struct listener, resume);

	listener->is_paused = false;
	loop_socket_want(listener->transport->loop, &listener->socket, EPOLLIN);
}

static void accept_ready(struct loop_socket *socket, uint32_t events)
{
	struct listener *listener = container_of(socket, struct listener, socket);

	(void)events;
	for (int i = 0; i < ACCEPTS_A_ROUND && !listener->is_paused; i++) {
		struct sockaddr_storage remote = { 0 };
		socklen_t size = sizeof remote;
		int fd = accept4(socket->fd, (struct sockaddr *)&remote, &size,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			accepted(listener, fd, &remote);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM) {
			refuse_one(listener);
			return;
		}
		if (errno == EAGAIN)
			return;
	}
}

int stream_open(struct listener *listener, struct fault *fault)
{
	const struct sockaddr *local = (const struct sockaddr *)&listener->local;
	const char *name = listener->kind == WAY_TLS ? "tls" : "tcp";
	char text[ENDPOINT_TEXT];
	const int on = 1;
	int err = prepare(listener->transport), fd;

	if (err < 0)
		return fault_say(fault, -err, "out of memory");
	fd = socket(local->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fault_say(fault, errno, "cannot listen on %s;transport=%s: %s",
				 endpoint_text(&listener->local, text), name,
				 strerror(errno));
	/* Of the last run's connections, not of another daemon: that one listens. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (local->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	listener->socket.ready = accept_ready;
	timer_init(&listener->resume, resume);
	if (bind(fd, local, endpoint_size(&listener->local)) < 0 ||
	    listen(fd, SOMAXCONN) < 0)
		err = -errno;
	else
		err = loop_socket_add(listener->transport->loop, &listener->socket, fd,
				      EPOLLIN);
	if (err < 0) {
		close(fd);
		return fault_say(fault, -err, "cannot listen on %s;transport=%s: %s",
				 endpoint_text(&listener->local, text), name,
				 strerror(-err));
	}
	return 0;
}

void stream_close(struct listener *listener)
{
	int fd = listener->socket.fd;

	loop_cancel(listener->transport->loop, &listener->resume);
	loop_socket_remove(listener->transport->loop, &listener->socket);
	if (fd >= 0)
		close(fd);
}

/* Tells of the connections that broke; what they leave may break others. */
static void tell_broken(struct streams *streams)
{
	while (!list_is_empty(&streams->broken)) {
		struct connection *connection =
			container_of(streams->broken.next, struct connection, node);

		list_remove(&connection->node);
		list_append(&streams->dead, &connection->node);
		backlog_tell(connection);
	}
}

void stream_bury(struct transport *transport)
{
	struct streams *streams = transport->streams;

	while (streams && !list_is_empty(&streams->dead)) {
		struct list *node = streams->dead.next;

		list_remove(node);
		connection_free(container_of(node, struct connection, node));
	}
}

void stream_end(struct transport *transport)
{
	struct streams *streams = transport->streams;

	if (!streams)
		return;
	while (!list_is_empty(&streams->all))
		roster_close(container_of(streams->all.next, struct connection, node), 0);
	tell_broken(streams);
	stream_bury(transport);
	if (streams->spare >= 0)
		close(streams->spare);
	free(streams->slots);
	free(streams->next_free);
	free(streams->buffer);
	free(streams);
	transport->streams = NULL;
}

void stream_flush(struct transport *transport)
{
	struct streams *streams = transport->streams;

	if (!streams)
		return;
	do {
		while (!list_is_empty(&streams->dirty))
			backlog_flush(container_of(streams->dirty.next, struct connection,
						   dirty));
		tell_broken(streams);
	} while (!list_is_empty(&streams->dirty));
}

static bool is_same_name(const char *a, const char *b)
{
	return a && b ? strcasecmp(a, b) == 0 : a == b;
}

/* Who connected from the very port it wants to be called at cannot listen there: RFC 3261 section
 * 18 recommends the connection it has.  Over TLS that takes an alias. */
static bool is_far_end_itself(const struct connection *connection,
			      const struct transport_target *target)
{
	return !connection->tls && endpoint_is_same(&connection->remote, &target->to);
}

/* A connection of ours to where TARGET points. */
static struct connection *find_outbound(struct streams *streams,
					const struct transport_target *target)
{
	struct list *head = roster_host(streams, &target->to), *node;

	for (node = head->next; node != head; node = node->next) {
		struct connection *connection =
			container_of(node, struct connection, by_host);

		if (connection->state > CONNECTION_OPEN || connection->is_read_closed ||
		    connection->listener != target->listener)
			continue;
		if (connection->is_outbound
			    ? endpoint_is_same(&connection->remote, &target->to) &&
				      is_same_name(connection->tls_name, target->tls_name)
			    : is_far_end_itself(connection, target) ||
				      (connection->alias_port ==
					       endpoint_port(&target->to) &&
				       endpoint_is_same_host(&connection->remote,
							     &target->to) &&
				       connection_is_for(connection, target->tls_name)))
			return connection;
	}
	return NULL;
}

void stream_alias(struct transport *transport, uint64_t id,
		  const struct sockaddr_storage *to)
{
	struct connection *connection = roster_find(transport->streams, id);

	if (connection && connection->tls && !connection->is_outbound &&
	    endpoint_is_same_host(&connection->remote, to) &&
	    connection_is_for(connection, NULL))
		connection->alias_port = endpoint_port(to);
}

/* A socket that connects from the listener's address, any port. */
static int dial(const struct listener *listener, const struct sockaddr_storage *to)
{
	struct sockaddr_storage local = listener->local;
	const int on = 1;
	int fd, err;

	fd = socket(to->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	set_options(fd);
	((struct sockaddr_in6 *)(void *)&local)->sin6_port = 0;	/* where IPv4 has its port, too */
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&local, endpoint_size(&local)) == 0 &&
	    (connect(fd, (const struct sockaddr *)to, endpoint_size(to)) == 0 ||
	     errno == EINPROGRESS))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

static int open_outbound(struct transport *transport,
			 const struct transport_target *target,
			 struct connection **result)
{
	struct listener *listener = NULL;
	struct connection *connection;
	int fd, err;

	for (size_t i = 0; i < transport->listener_count; i++)
		if (&transport->listeners[i] == target->listener)
			listener = &transport->listeners[i];
	if (!listener || listener->kind != target->transport)
		return -EPROTONOSUPPORT;
	if (target->to.ss_family != listener->local.ss_family)
		return -EAFNOSUPPORT;
	if (transport->counts.connections - transport->streams->half_count >=
	    transport->limits.connections)
		return -EMFILE;
	fd = dial(listener, &target->to);
	if (fd < 0)
		return fd;
	connection = link_new(listener, &target->to, fd, CONNECTION_CONNECTING);
	if (!connection)
		return -ENOMEM;
	connection->is_outbound = true;
	if (target->tls_name)
		connection->tls_name = strdup(target->tls_name);
	err = roster_add(connection);
	if (err < 0)
		connection_discard(connection);
	else
		*result = connection;
	return err;
}

int stream_send(struct transport *transport, const struct transport_target *target,
		const char *bytes, size_t length, uint64_t token)
{
	struct streams *streams = transport->streams;
	struct connection_note note = { .token = token };
	struct connection *connection;
	int err;

	if (!streams)
		return -EPROTONOSUPPORT;
	connection = roster_find(streams, target->connection);
	if (connection && connection->is_read_closed) {
		/* It may be closed altogether; what is written would then be lost unseen. */
		note.fallback = connection->id;
		connection = NULL;
	}
	if (!connection || connection->state > CONNECTION_OPEN)
		connection = find_outbound(streams, target);
	if (!connection) {
		err = open_outbound(transport, target, &connection);
		if (err < 0 && note.fallback)
			connection = roster_find(streams, note.fallback);
		else if (err < 0)
			return err;
	}
	err = connection ? backlog_send(connection, bytes, length, &note) : -ECONNREFUSED;
	if (err == 0)
		transport->counts.sent++;
	return err;
}
