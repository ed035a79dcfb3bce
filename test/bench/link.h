/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The connection between the load generator and the system under test: one connected UDP
 * socket, read and written in batches.  Sent messages are queued until link_flush() or
 * until a batch is full. Messages are passed whole, so that a stream transport could have
 * the same interface.
 */
#include <stddef.h>
#include <stdint.h>

struct link;

/** What link_wait() does with a message; BYTES are borrowed during the call. */
typedef void link_hear(void *context, const char *bytes, size_t size);

/**
 * Opens a link from OWN (HOST or HOST:PORT, port 0 or none = a free one) to SYSTEM
 * (HOST:PORT), both numeric IPv4; NULL with errno set.
 */
struct link *link_open(const char *own, const char *system);
void link_close(struct link *link);

/** The local address as HOST:PORT; borrowed for the link's life. */
const char *link_own(const struct link *link);

/** The local port, and the system's. */
uint16_t link_own_port(const struct link *link);
uint16_t link_system_port(const struct link *link);

/** Room for one message of up to LINK_MESSAGE bytes; it is sent with link_send(). */
char *link_room(struct link *link);

/** Sends the SIZE bytes last written to link_room(); none if SIZE is 0. */
void link_send(struct link *link, size_t size);

/** Sends a copy of SIZE bytes of TEXT. */
void link_send_bytes(struct link *link, const char *text, size_t size);

/** Passes all queued messages to the kernel. */
void link_flush(struct link *link);

/**
 * Waits at most TIMEOUT_NS for messages and passes those received to HEAR, at most a few
 * hundred.  Returns how many there were.
 */
unsigned link_wait(struct link *link, uint64_t timeout_ns, link_hear *hear,
		   void *context);

/** How many sends, since the last message received, were refused because nothing listens
 *  at the system's port. */
uint64_t link_refused(const struct link *link);

enum { LINK_MESSAGE = 4096 };
