/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What passes between the sockets and their user: messages as bytes with addresses, failures,
 * counts.  For the files of lib/wire.
 */
#include "wire/wire.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct scan;

struct transport_packet {
	char *bytes;			/* one whole message; bytes[length] == '\0'; may be
					 * written to; valid in the callback only */
	size_t length;
	struct sockaddr_storage from;	/* IPv4-mapped already turned into IPv4 */
	const struct listener *listener;
	const struct scan *scan;	/* what its bytes say; valid in the callback only */
	const struct wire_peer *peer;	/* of the settings, by address; NULL = a stranger */
	enum way_transport transport;
	uint64_t connection;		/* id of the stream it came by, 0 = datagram */
	int64_t came_us;		/* monotonic (loop_now_us), when it was read */
};

/* Where bytes are to go.  A response names the connection its request came by; when that is
 * gone, TO is used (RFC 3261 section 18.2.2). */
struct transport_target {
	const struct listener *listener;
	struct sockaddr_storage to;
	enum way_transport transport;
	uint64_t connection;		/* 0 = any connection to TO, opened when there is none */
	const char *tls_name;		/* WAY_TLS, connection to be opened: SNI and name to verify;
					 * NULL = none */
};

/* One message as it came or goes, also one that is refused or cannot be read. */
struct transport_frame {
	bool is_out;
	const char *bytes;
	size_t length;
	struct sockaddr_storage remote;
	const struct listener *listener;
	enum way_transport transport;
	uint64_t connection;		/* 0 = a datagram, or a stream that is yet to be chosen */
	int64_t at_us;			/* monotonic (loop_now_us) */
};

struct transport_events {
	void (*packet)(void *context, const struct transport_packet *packet);
	/* What was sent with TOKEN (not 0) did not leave or was refused: ECONNREFUSED (ICMP or TCP),
	 * EHOSTUNREACH, ENETUNREACH, ETIMEDOUT (connect), EPROTO (TLS), ENOBUFS (a queue is full),
	 * ECONNRESET (the stream broke later), EPIPE (the stream was closed in order later).  The
	 * last two may come after what was sent has been answered.  Never called from inside
	 * transport_send(). */
	void (*failed)(void *context, uint64_t token, int err);
	/* What has been read is handed out: time for work that was put off.  May be NULL. */
	void (*drained)(void *context);
	/* PACKET is a request, but no ACK, of a stranger that the door keeps out: answered with
	 * STATUS, 0 = not at all.  May be NULL. */
	void (*stranger)(void *context, const struct transport_packet *packet,
			 int status);
	/* TLS with PEER, whose address is FAR_END, was not to be had; WHY is the end of a sentence.
	 * May be NULL. */
	void (*unshaken)(void *context, const struct wire_peer *peer,
			 const struct sockaddr_storage *far_end, const char *why);
	/* Every message, before anything is done about it.  NULL costs nothing. */
	void (*seen)(void *context, const struct transport_frame *frame);
};

/** What happened since the start. */
struct transport_statistics {
	uint64_t received, sent;	/* messages */
	uint64_t ignored;		/* keep-alives, STUN, empty datagrams */
	uint64_t malformed;		/* dropped, or their connection closed */
	uint64_t strangers;		/* dropped or refused */
	uint64_t kernel_drops;		/* datagrams the kernel had no room for */
	uint64_t send_errors, send_drops;
	uint64_t refused_connections;	/* over a bound */
	size_t connections;		/* now */
	size_t receive_buffer;		/* the smallest granted by the kernel, bytes; 0 = no datagrams */
};
