/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The sockets of one wire: whole SIP messages in, whole SIP messages out.  It knows bytes and
 * addresses, no transactions.  For the files of lib/wire.
 *
 * What is received is read into memory first and handed out before the loop sleeps; what is
 * sent is collected and leaves then, too.  Nothing a far end does is an error here: its bytes
 * are counted and dropped, its connection is closed.
 */
#include "wire/loop.h"
#include "wire/packet.h"

struct fault;
struct transport;

int transport_open(struct loop *loop, const struct wire_settings *settings,
		   const struct transport_events *events, void *context,
		   struct transport **transport, struct fault *fault);

/** Not from inside a callback.  Nothing more is told; what is still queued is sent as far as it goes
 *  at once.  NULL is fine. */
void transport_close(struct transport *transport);

/** Copies BYTES; 0 or -errno when it is known at once that they will not leave.  TOKEN 0 =
 *  failures are not told. */
int transport_send(struct transport *transport, const struct transport_target *target,
		   const char *bytes, size_t length, uint64_t token);

/** A request came by CONNECTION with `alias` in its Via (RFC 5923): requests to TO go by it from now
 *  on, if it is TLS and its far end has proved who it is; else nothing changes. */
void transport_alias(struct transport *transport, uint64_t connection,
		     const struct sockaddr_storage *to);

/** What becomes of what strangers send from now on. */
void transport_set_strangers(struct transport *transport, enum wire_strangers strangers);

/** Reads certificate, key and authorities of FILES for connections to come; those that live keep
 *  what they began with.  -errno with a sentence, and what was used before stays. */
int transport_reload(struct transport *transport, const struct wire_tls *files,
		     struct fault *fault);

/** Sends what has been collected; the loop does it before it sleeps, too. */
void transport_flush(struct transport *transport);

size_t transport_listener_count(const struct transport *transport);

const struct listener *transport_listener(const struct transport *transport, size_t i);

void transport_statistics(struct transport *transport,
			  struct transport_statistics *statistics);
