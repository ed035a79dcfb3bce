/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What is to be sent on a connection, in order, and what was sent lately by whom: those hear it
 * when the connection breaks.
 */
#include "wire/connection.h"

/** Queues BYTES; what the far end has not taken is bounded.  NOTE says who sends it.  0 or
 *  -errno. */
int backlog_send(struct connection *connection, const char *bytes, size_t length,
		 const struct connection_note *note);

/** Sends what is queued as far as it is taken. */
void backlog_flush(struct connection *connection);

/** The connection has ended with ERR (0 = in order): tells of what it took, or gives it to the
 *  connection that is second choice. */
void backlog_tell(struct connection *connection, int err);
