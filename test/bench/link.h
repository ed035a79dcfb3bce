/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The way between the generator and the system under test: one UDP socket, connected to it,
 * read and written in batches.  What is sent waits until link_flush() or until a batch is
 * full.  Messages go in and out whole, so that streams can stand behind the same calls.
 */
#include <stddef.h>
#include <stdint.h>

struct link;

/** What link_wait() does with a message; BYTES are borrowed during the call. */
typedef void link_hear(void *context, const char *bytes, size_t size);

/**
 * A link from OWN (HOST or HOST:PORT, port 0 or none = a free one) to SYSTEM (HOST:PORT), both
 * numeric IPv4; NULL with errno set.
 */
struct link *link_open(const char *own, const char *system);
void link_close(struct link *link);

/** Our end as HOST:PORT; lives as long as the link. */
const char *link_own(const struct link *link);

/** Our port, and the other's. */
uint16_t link_own_port(const struct link *link);
uint16_t link_system_port(const struct link *link);

/** Room for one message of up to LINK_MESSAGE bytes; it is sent with link_send(). */
char *link_room(struct link *link);

/** Sends the SIZE bytes last written to link_room(); none if SIZE is 0. */
void link_send(struct link *link, size_t size);

/** Sends SIZE bytes of TEXT, which may go right afterwards. */
void link_send_bytes(struct link *link, const char *text, size_t size);

/** Hands all that waits to the kernel. */
void link_flush(struct link *link);

/**
 * Waits at most TIMEOUT_NS for messages, hands those that are there to HEAR, at most a few
 * hundred; how many there were.
 */
unsigned link_wait(struct link *link, uint64_t timeout_ns, link_hear *hear,
		   void *context);

/** How often we were told, since the last message, that nothing listens at the system's port. */
uint64_t link_refused(const struct link *link);

enum { LINK_MESSAGE = 4096 };
