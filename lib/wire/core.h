/* SPDX-License-Identifier: MIT */
#pragma once
/* The wire itself, which every file of this room may see. */
#include "base/arena.h"
#include "wire/loop.h"
#include "wire/finder.h"
#include "wire/transport.h"

struct listener;
struct lobby;

/** A configured neighbour. */
struct peer {
	const char *name;
	struct sockaddr_storage address;	/* with its port */
	enum way_transport transport;
	url_t *url;			/* sip:host:port;transport=x;lr; owned */
};

struct wire {
	struct loop *loop;		/* borrowed */
	const struct wire_settings *settings;
	const struct wire_events *events;
	void *context;
	struct transport *transport;
	struct transport_events transport_events;
	struct arena arena;		/* what lives as long as the wire */
	struct peer *peers;		/* settings->peer_count of them */
	const char *addresses;
	struct digest_key secret;
	uint64_t sequence;		/* of names made up */
	struct finder_table inbounds, outbounds;	/* every transaction */
	struct list delayed;		/* messages held back on demand; see emit.c */
	struct list lones;		/* requests that may fail by a stream; see lone.c */
	struct finder_table reliables;	/* provisional responses that wait for PRACK */
	struct finder_table merges;	/* INVITEs without a final answer */
	struct lobby *lobby;		/* where new calls wait; NULL = nothing waits */
	unsigned handed_in;		/* packets since lobby_serve() */
	struct list asks;		/* requests of wire/ask.h that are out */
	void (*end_asks)(struct wire *wire);	/* gives them up; NULL = there never were any */
	/* While a packet is handed out, else NULL: it, and the message it was parsed to. */
	const struct transport_packet *arrival;
	const msg_t *arrival_msg;
	/* While a response is told to a uac, else NULL and 0: */
	msg_t *heard;
	uint64_t heard_id;		/* of the outbound */
	/* The bytes HEARD was parsed from. */
	const char *heard_bytes;
	size_t heard_length;
};

static inline int64_t core_now_ms(const struct wire *wire)
{
	return loop_now_us(wire->loop) / 1000;
}

/** A number that was never given before and that a stranger cannot guess. */
uint64_t core_unique(struct wire *wire);
