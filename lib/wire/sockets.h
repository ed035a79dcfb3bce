/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the files of the transport share: a listener with its socket, and the transport they
 * all belong to.  transport.c puts it together, udp.c reads and writes datagrams, stream.c
 * and what it uses do streams.
 */
#include "wire/door.h"
#include "wire/endpoint.h"
#include "wire/loop.h"
#include "wire/packet.h"

struct datagrams;
struct streams;
struct tls_pair;

struct listener {
	struct transport *transport;
	struct sockaddr_storage local;
	enum way_transport kind;
	char host[ENDPOINT_TEXT], sent_by[ENDPOINT_TEXT + 8], address[ENDPOINT_TEXT + 32];
	struct loop_socket socket;	/* fd owned */
	/* Datagrams to be sent, in order; see udp.c. */
	struct list dirty;
	struct udp_record *records;	/* owned */
	size_t record_count, record_room;
	char *bytes;			/* owned */
	size_t bytes_used, bytes_room;
	bool is_blocked;		/* waits for EPOLLOUT */
	bool is_paused;			/* accepts no connections for a moment */
	struct timer resume;
};

struct failure {
	uint64_t token;
	int err;
};

/* What the sockets hand up. */
struct socket_events {
	/* PACKET is a whole message; its peer and scan are not set yet. */
	void (*packet)(struct transport *transport, struct transport_packet *packet);
	/* PACKET, from a stream, cannot be cut into messages because of WHY. */
	void (*unreadable)(struct transport *transport, struct transport_packet *packet,
			   const char *why);
};

struct transport {
	struct loop *loop;
	const struct wire_settings *settings;
	struct wire_limits limits;	/* without a 0 */
	const struct socket_events *up;
	const struct transport_events *events;
	void *context;
	struct loop_hook hook;
	struct door door;
	uint64_t tag_key;		/* random */
	struct listener *listeners;	/* owned */
	size_t listener_count;
	struct sockaddr_storage *peers;	/* owned; parallel to settings->peers */
	struct datagrams *datagrams;	/* owned; NULL = no datagrams */
	struct streams *streams;	/* owned */
	struct tls_pair *tls;		/* owned; NULL = no TLS */
	struct list dirty_listeners;	/* with datagrams to be sent */
	struct failure *failures;	/* owned; to be told */
	size_t failure_count, failure_room;
	struct transport_statistics counts;
};

/** The settings' peer with the address of FROM, or NULL. */
const struct wire_peer *sockets_peer(const struct transport *transport,
				     const struct sockaddr_storage *from);

/** What was sent with TOKEN failed with ERR (positive): told before the loop sleeps.  TOKEN 0
 *  tells nothing. */
void sockets_fail(struct transport *transport, uint64_t token, int err);
