/* SPDX-License-Identifier: MIT */
#include "wire/intake.h"

#include "wire/backlog.h"
#include "wire/frame.h"
#include "wire/roster.h"
#include "wire/tls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { READS_A_ROUND = 4 };

/* Says all that is queued, then waits for the far end to read it: closed at once, unread bytes
 * of its would make it lose our last words. */
static void linger(struct connection *connection)
{
	backlog_flush(connection);
	if (connection->state != CONNECTION_OPEN)
		return;
	if (connection->tls)
		tls_end(connection->tls);
	shutdown(connection->socket.fd, SHUT_WR);
	connection->state = CONNECTION_LINGERING;
	connection->heard_us = loop_now_us(connection_transport(connection)->loop);
	connection_watch_time(connection);
}

static struct transport_packet packet_of(struct connection *connection, char *bytes,
					 size_t length)
{
	return (struct transport_packet){
		.bytes = bytes,
		.length = length,
		.from = connection->remote,
		.listener = connection->listener,
		.peer = connection->peer,
		.transport = connection->listener->kind,
		.connection = connection->id,
		.came_us = loop_now_us(connection_transport(connection)->loop),
	};
}

/* Answers what FRAME found to be unreadable, and ends the connection. */
static void refuse(struct connection *connection, const struct frame *frame, char *bytes)
{
	struct transport *transport = connection_transport(connection);
	struct transport_packet packet = packet_of(connection, bytes, frame->length);

	transport->up->unreadable(transport, &packet, frame->why);
	linger(connection);
}

static void deliver(struct connection *connection, char *bytes, size_t length)
{
	struct transport *transport = connection_transport(connection);
	struct transport_packet packet = packet_of(connection, bytes, length);
	char next = bytes[length];

	connection->has_spoken = true;
	connection->is_half_ping = false;
	bytes[length] = '\0';
	transport->up->packet(transport, &packet);
	bytes[length] = next;
}

/* A keep-alive is two line ends (RFC 5626 section 3.5.1), which may come one by one. */
static void answer_ping(struct connection *connection, const struct frame *frame)
{
	bool is_ping = frame->kind == FRAME_PING ||
		       (connection->is_half_ping && frame->length == 2);

	connection->is_half_ping = !is_ping && frame->length == 2;
	if (is_ping)
		backlog_send(connection, "\r\n", 2, &(struct connection_note){ 0 });
}

/* Hands out the whole messages at BYTES, behind which there is room for a NUL; how many bytes
 * were used up. */
static size_t cut(struct connection *connection, char *bytes, size_t length)
{
	struct transport *transport = connection_transport(connection);
	size_t used = 0;

	connection->in_wanted = 0;
	while (used < length && connection->state == CONNECTION_OPEN) {
		struct frame frame = frame_next(bytes + used, length - used,
						transport->limits.message_bytes);

		switch (frame.kind) {
		case FRAME_MESSAGE:
			deliver(connection, bytes + used, frame.length);
			used += frame.length;
			break;
		case FRAME_PING:
		case FRAME_BLANK:
			answer_ping(connection, &frame);
			used += frame.length;
			break;
		case FRAME_MORE:
			connection->in_wanted = frame.length;
			return used;
		case FRAME_BAD:
			refuse(connection, &frame, bytes + used);
			return length;
		}
	}
	return used;
}

/* Keeps REST bytes at BYTES until more has come. */
static int keep(struct connection *connection, const char *bytes, size_t rest)
{
	if (rest && rest != connection->in_used && !connection->began_us)
		connection->began_us =
			loop_now_us(connection_transport(connection)->loop);
	if (!rest) {
		free(connection->in);
		connection->in = NULL;
		connection->in_room = 0;
	} else if (!connection->in) {
		connection->in_room = rest + 4096;
		connection->in = malloc(connection->in_room + 1);
		if (!connection->in)
			return -ENOMEM;
		memcpy(connection->in, bytes, rest);
	} else {
		memmove(connection->in, bytes, rest);
	}
	connection->in_used = rest;
	return 0;
}

/* Room for what is wanted of an incomplete message, or some more. */
static int make_room(struct connection *connection)
{
	size_t room = connection->in_wanted > connection->in_used + 1024
			      ? connection->in_wanted
			      : connection->in_used + 1024;
	char *in;

	if (room <= connection->in_room)
		return 0;
	room += 4096;
	in = realloc(connection->in, room + 1);
	if (!in)
		return -ENOMEM;
	connection->in = in;
	connection->in_room = room;
	return 0;
}

/* Reads once; > 0 = there may be more, 0 = not now, -EPIPE = no more at all, else -errno. */
static ssize_t receive(struct connection *connection, char *at, size_t room)
{
	ssize_t count;

	if (connection->tls)
		return tls_read(connection->tls, at, room);
	count = recv(connection->socket.fd, at, room, MSG_DONTWAIT);
	if (count == 0)
		return -EPIPE;
	if (count < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	return count;
}

static void heard(struct connection *connection)
{
	connection->heard_us = loop_now_us(connection_transport(connection)->loop);
	connection->traffic_us = connection->heard_us;
}

/* Reads and cuts once; > 0 = there may be more. */
static ssize_t read_once(struct connection *connection)
{
	struct streams *streams = connection_transport(connection)->streams;
	bool is_incomplete = connection->in != NULL;
	size_t room = streams->buffer_size, used, length;
	char *bytes = streams->buffer;
	ssize_t count;

	if (is_incomplete) {
		if (make_room(connection) < 0)
			return -ENOMEM;
		bytes = connection->in;
		room = connection->in_room - connection->in_used;
	}
	count = receive(connection, is_incomplete ? bytes + connection->in_used : bytes,
			room);
	if (count <= 0)
		return count;
	heard(connection);
	length = (is_incomplete ? connection->in_used : 0) + (size_t)count;
	if (is_incomplete && length < connection->in_wanted) {
		connection->in_used = length;
		return count;
	}
	used = cut(connection, bytes, length);
	if (connection->state != CONNECTION_OPEN)
		return 0;
	if (used)
		connection->began_us = 0;
	if (keep(connection, bytes + used, length - used) < 0)
		return -ENOMEM;
	connection_watch_time(connection);
	return count;
}

/* The far end sends no more.  Its own connection may still take answers; ours ends. */
static void read_closed(struct connection *connection)
{
	if (connection->is_outbound || !connection->has_spoken ||
	    connection->state != CONNECTION_OPEN) {
		roster_close(connection, 0);
		return;
	}
	connection->is_read_closed = true;
	connection->began_us = 0;
	keep(connection, NULL, 0);
	roster_keep_half(connection);
	connection_want(connection);
	connection_watch_time(connection);
}

void intake_read(struct connection *connection)
{
	ssize_t count = 1;

	for (int i = 0; count > 0 && (i < READS_A_ROUND ||
				      (connection->tls && tls_has_more(connection->tls)));
	     i++) {
		if (connection->state == CONNECTION_LINGERING)
			count = receive(
				connection,
				connection_transport(connection)->streams->buffer,
				connection_transport(connection)->streams->buffer_size);
		else
			count = read_once(connection);
		if (connection->state == CONNECTION_CLOSED)
			return;
	}
	if (count == -EPIPE)
		read_closed(connection);
	else if (count < 0)
		roster_close(connection, (int)-count);
}
