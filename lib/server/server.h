/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Connects the rooms: configuration, users, journal and SIP side become one running
 * emulator.  The only room that may include all others; they reach each other through
 * hooks set here.
 */
#include "base/fault.h"
#include "conf/conf.h"

struct server;

/**
 * Opens the journal and the users' database and binds the listen addresses, in this
 * order.  Takes CONF over (it is cleared by server_free(), also after a failure); FILE is
 * where it was read from and is read again on SIGHUP (borrowed).  0, or -errno and a
 * sentence.
 */
int server_new(struct conf *conf, const char *file, struct server **server,
	       struct fault *fault);

/** Whether the files that CONF names for TLS can be used.  0, or -errno and a sentence with the
 *  place of the settings, "halfcalld.conf:12: ...". */
int server_check(const struct conf *conf, struct fault *fault);

/**
 * Writes the line `ready` and serves until SIGTERM or SIGINT.  That signal drains: new
 * calls are answered 503, and the function returns once no call is left; the second such
 * signal makes it return at once.  SIGHUP reloads.
 */
void server_run(struct server *server);

/** NULL is fine. */
void server_free(struct server *server);
