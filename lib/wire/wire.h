/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * SIP without calls: sockets and transactions.  This room knows messages, dialogs and how they
 * travel (RFC 3261 sections 12 and 16 to 18); what a call is it does not know, so daemon,
 * telephones and proxies of a test can be built of it.  Several wires run on one loop.
 *
 * Data goes one way: a datagram becomes a message, which is given to the transaction that waits
 * for it (wire/uas.h, wire/uac.h), or else to the events below.  What the user of a wire sends goes
 * through a transaction, by one way (wire/way.h), to a socket.  Everything runs on the loop's
 * thread.
 */
#include "wire/sofia.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;
struct listener;
struct loop;
struct peer;
struct wire;

/** One address to listen on or to send to. */
struct wire_address {
	const char *host;		/* numeric, IPv6 without brackets */
	unsigned port;			/* 0 in a listen address picks a free one */
	const char *transport;		/* "udp" or "tcp" */
};

/** A configured neighbour: told apart by its IP address alone. */
struct wire_peer {
	const char *name;		/* for journal and log */
	struct wire_address address;
};

/** Borrowed for the wire's life, text included. */
struct wire_settings {
	const struct wire_address *listen;
	size_t listen_count;		/* at least 1 */
	const struct wire_peer *peers;
	size_t peer_count;
	const char *domain;		/* means this wire too in a Route; host of the Warning header */
	bool is_proxy;			/* it forwards INVITEs; a 2xx that it forwards is repeated
					 * by the callee, not by this wire */
};

/**
 * What arrives outside any transaction.  CONTEXT is the one given to wire_open(); the wire does not
 * use the message after the call.
 */
struct wire_events {
	/** A request that no transaction waits for, also the ACK of a 2xx.  PEER: who sent it,
	 *  NULL = an address that is no configured peer's.  LISTENER: where it came in.  MSG is
	 *  the receiver's; it ends in uas_new(), reply_refuse() or msg_destroy(). */
	void (*request)(void *context, const struct peer *peer,
			const struct listener *listener, msg_t *msg);
	/** A response that no transaction waits for.  MSG is the receiver's, who passes it to
	 *  forward_response() or msg_destroy(). */
	void (*response)(void *context, msg_t *msg);
};

/** Numbers of transactions that exist now. */
struct wire_statistics {
	size_t server_transactions, client_transactions;
};

/**
 * Binds every listen address.  On success *WIRE is the caller's, else -errno and a sentence
 * that names the address.  LOOP is borrowed and must outlive the wire.
 */
int wire_open(struct loop *loop, const struct wire_settings *settings,
	      const struct wire_events *events, void *context, struct wire **wire,
	      struct fault *fault);

/** Every uas and uac must have been freed.  NULL is fine. */
void wire_close(struct wire *wire);

/** "sip:127.0.0.1:41234;transport=udp ...": each address bound, in the order of listen. */
const char *wire_addresses(const struct wire *wire);

void wire_statistics(const struct wire *wire, struct wire_statistics *statistics);

/** The loop it runs on, borrowed. */
struct loop *wire_loop(const struct wire *wire);

/** As in the settings. */
const char *wire_domain(const struct wire *wire);

bool wire_is_proxy(const struct wire *wire);

/** Whether URL is the address of one of the listeners (sip:host:port; no names). */
bool wire_is_listener(const struct wire *wire, const url_t *url);

/** Whether URL names this wire: one of the listeners or the domain. */
bool wire_is_here(const struct wire *wire, const url_t *url);

/** An empty message to build a request in; aborts when out of memory. */
msg_t *wire_message(struct wire *wire);
