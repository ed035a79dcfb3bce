/* SPDX-License-Identifier: MIT */
#include "wire/backlog.h"

#include "wire/roster.h"
#include "wire/tls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	FLUSH_AT = 64 * 1024,		/* queued bytes that are sent at once */
	NOTES_MAX = 4096,
	TOLD_US = 32 * 1000 * 1000,	/* 64*T1: how long a message may hear that its stream broke */
};

static struct connection_note *note_at(const struct connection *connection, size_t i)
{
	return &connection->notes[(connection->note_first + i) % connection->note_room];
}

/* Lets go of what was sent too long ago to be told of, or of the oldest beyond the bound. */
static void let_go(struct connection *connection, int64_t now_us)
{
	while (connection->note_count) {
		struct connection_note *note = note_at(connection, 0);

		if (note->end > connection->taken)
			return;
		if (note->token && now_us - note->queued_us < TOLD_US &&
		    connection->note_count < NOTES_MAX)
			return;
		connection->note_first =
			(connection->note_first + 1) % connection->note_room;
		connection->note_count--;
	}
}

static int add_note(struct connection *connection, const struct connection_note *note)
{
	if (connection->note_count == connection->note_room) {
		size_t room = connection->note_room ? 2 * connection->note_room : 8;
		struct connection_note *notes = malloc(room * sizeof *notes);

		if (!notes)
			return -ENOMEM;
		for (size_t i = 0; i < connection->note_count; i++)
			notes[i] = *note_at(connection, i);
		free(connection->notes);
		connection->notes = notes;
		connection->note_first = 0;
		connection->note_room = room;
	}
	*note_at(connection, connection->note_count++) = *note;
	return 0;
}

static int queue(struct connection *connection, const char *bytes, size_t length)
{
	size_t kept = (size_t)(connection->queued - connection->taken);
	size_t gone = (size_t)(connection->taken - connection->out_start);

	if (gone && (!kept || gone + kept + length > connection->out_room)) {
		memmove(connection->out, connection->out + gone, kept);
		connection->out_start = connection->taken;
	}
	if (kept + length > connection->out_room) {
		size_t room = connection->out_room ? connection->out_room : 4096;
		char *out;

		while (room < kept + length)
			room *= 2;
		out = realloc(connection->out, room);
		if (!out)
			return -ENOMEM;
		connection->out = out;
		connection->out_room = room;
	}
	memcpy(connection->out + (connection->queued - connection->out_start), bytes,
	       length);
	connection->queued += length;
	return 0;
}

int backlog_send(struct connection *connection, const char *bytes, size_t length,
		 const struct connection_note *note)
{
	struct transport *transport = connection_transport(connection);
	struct connection_note own = *note;
	int err;

	if (connection->state > CONNECTION_OPEN)
		return -EPIPE;
	if (connection->queued - connection->taken + length >
	    transport->limits.queue_bytes) {
		transport->counts.send_drops++;
		if (connection->state == CONNECTION_OPEN)
			roster_close(connection, ENOBUFS);
		return -ENOBUFS;
	}
	own.start = connection->queued;
	own.end = own.start + length;
	own.queued_us = loop_now_us(transport->loop);
	let_go(connection, own.queued_us);
	err = queue(connection, bytes, length);
	if (err == 0 && (own.token || own.fallback))
		err = add_note(connection, &own);
	if (err < 0)
		return err;
	if (list_is_empty(&connection->dirty))
		list_append(&transport->streams->dirty, &connection->dirty);
	if (connection->queued - connection->taken >= FLUSH_AT)
		backlog_flush(connection);
	return 0;
}

/* Writes once; bytes taken, 0 = none for now, or -errno. */
static ssize_t transmit(struct connection *connection)
{
	const char *bytes = connection->out + (connection->taken - connection->out_start);
	size_t length = (size_t)(connection->queued - connection->taken);
	ssize_t count;

	if (connection->tls)
		return tls_write(connection->tls, bytes, length);
	count = send(connection->socket.fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (count < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	return count;
}

void backlog_flush(struct connection *connection)
{
	struct transport *transport = connection_transport(connection);

	list_remove(&connection->dirty);
	if (connection->state != CONNECTION_OPEN)
		return;
	while (connection->taken < connection->queued && !connection->is_blocked) {
		ssize_t count = transmit(connection);

		if (count < 0) {
			roster_close(connection, (int)-count);
			return;
		}
		if (count == 0) {
			connection->is_blocked = true;
			connection_want(connection);
			break;
		}
		connection->taken += (uint64_t)count;
		connection->stalled_us = 0;
		connection->traffic_us = loop_now_us(transport->loop);
	}
	if (connection->taken < connection->queued && !connection->stalled_us) {
		connection->stalled_us = loop_now_us(transport->loop);
		connection_watch_time(connection);
	}
}

void backlog_tell(struct connection *connection)
{
	int err = connection->broken_errno;
	struct transport *transport = connection_transport(connection);

	let_go(connection, loop_now_us(transport->loop));
	for (size_t i = 0; i < connection->note_count; i++) {
		struct connection_note *note = note_at(connection, i);
		struct connection *other;

		if (note->end <= connection->taken) {
			sockets_fail(transport, note->token, err ? err : EPIPE);
			continue;
		}
		other = note->fallback ? roster_find(transport->streams, note->fallback)
				       : NULL;
		if (!other ||
		    backlog_send(other,
				 connection->out + (note->start - connection->out_start),
				 (size_t)(note->end - note->start),
				 &(struct connection_note){ .token = note->token }) < 0)
			sockets_fail(transport, note->token, err ? err : ECONNRESET);
	}
	connection->note_count = 0;
}
