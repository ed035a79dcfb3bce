/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One stream to one far end: what is known of it and how long each of its states may last.
 * intake.c reads and cuts what comes, backlog.c keeps what is to be sent, link.c does what its
 * state asks for, roster.c knows which there are, stream.c opens them.
 */
#include "wire/sockets.h"

struct tls;

enum connection_state {
	CONNECTION_CONNECTING,		/* TCP's handshake */
	CONNECTION_SHAKING,		/* TLS's handshake */
	CONNECTION_OPEN,
	CONNECTION_LINGERING,		/* all was said; the far end is to read it before it ends */
	CONNECTION_CLOSED,		/* nothing happens to it any more */
};

/** A message in the queue, or one that was sent with a token lately. */
struct connection_note {
	uint64_t token, fallback;	/* fallback: connection to use if this one is not opened */
	uint64_t start, end;		/* position in all that was ever queued */
	int64_t queued_us;
};

struct connection {
	struct loop_socket socket;	/* fd owned */
	struct list node;		/* in the roster's list of all, of the broken or the dead */
	struct list by_host;
	struct list dirty, half;
	struct listener *listener;	/* which accepted it, or whose address it has */
	struct sockaddr_storage remote;
	const struct wire_peer *peer;	/* NULL = a stranger */
	uint64_t id;
	enum connection_state state;
	int broken_errno;		/* CLOSED: why, positive; 0 = in order */
	bool is_outbound;		/* opened by us: takes requests */
	bool has_spoken;		/* a whole message came by it */
	bool is_half_ping;		/* the last that came was one CRLF */
	bool is_read_closed;		/* the far end will send no more */
	bool is_blocked;		/* waits for EPOLLOUT */
	struct timer limit;		/* looks at the times below */
	int64_t opened_us, heard_us, traffic_us;
	int64_t began_us;		/* first byte of an incomplete message, 0 = none */
	int64_t stalled_us;		/* since when the far end takes nothing, 0 = it does */
	/* What is incomplete. */
	char *in;			/* owned */
	size_t in_used, in_room, in_wanted;
	/* What is queued: positions taken .. queued of all ever queued. */
	char *out;			/* owned; the first byte is position OUT_START */
	size_t out_room;
	uint64_t out_start, taken, queued;
	struct connection_note *notes;	/* owned; a ring */
	size_t note_first, note_count, note_room;
	struct tls *tls;		/* owned; NULL = plain */
	char *tls_name;			/* owned; what an outbound one asked for, NULL = none */
	unsigned alias_port;		/* of the far end's listener, 0 = unknown (RFC 5923) */
};

struct connection_events {
	void (*ready)(struct loop_socket *socket, uint32_t events);
	void (*limit)(struct timer *timer);
};

/** A connection of LISTENER to REMOTE over FD, which it takes over; NULL when out of memory or
 *  epoll does not take FD, FD is closed then.  It is not in any list. */
struct connection *connection_new(struct listener *listener,
				  const struct sockaddr_storage *remote, int fd,
				  enum connection_state state,
				  const struct connection_events *events);

/** The transport it belongs to. */
struct transport *connection_transport(const struct connection *connection);

/** Of one that could not be put in the roster: frees it with its descriptor. */
void connection_discard(struct connection *connection);

/** Whether its far end has proved by its certificate to be NAME; NULL = any name. */
bool connection_is_for(const struct connection *connection, const char *name);

/** When its state has lasted too long, monotonic (loop_now_us); INT64_MAX = never. */
int64_t connection_deadline_us(const struct connection *connection);

/** Sets the timer to fire no later than connection_deadline_us(); call it when one of the times
 *  above has changed. */
void connection_watch_time(struct connection *connection);

/** Tells epoll which events are of interest in its present state. */
void connection_want(struct connection *connection);

/** Of one that is closed. */
void connection_free(struct connection *connection);
