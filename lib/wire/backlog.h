/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What is to be sent on a connection, in order, and the tokens of what was sent lately: they are
 * told as failed when the connection breaks.
 */
#include "wire/connection.h"

/** Queues BYTES; what the far end has not taken is bounded.  NOTE says who sends it.  0 or
 *  -errno. */
int backlog_send(struct connection *connection, const char *bytes, size_t length,
		 const struct connection_note *note);

/** Sends what is queued as far as it is taken. */
void backlog_flush(struct connection *connection);

/** CONNECTION is closed: tells the senders of what it took lately and of what it did not take, which
 *  goes to the connection that is its second choice if there is one. */
void backlog_tell(struct connection *connection);
