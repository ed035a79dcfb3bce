/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The rooms put together: configuration, users, journal and SIP side become one running
 * emulator.  The only room that knows all others.
 */
#include "base/fault.h"
#include "conf/conf.h"

struct server;

/**
 * Opens the journal and the users' database and binds the listen addresses, in this order.
 * Takes CONF over (it is cleared by server_free(), also after a failure); FILE is where it
 * was read from and is read again on SIGHUP (borrowed).  0, or -errno and a sentence.
 */
int server_new(struct conf *conf, const char *file, struct server **server,
	       struct fault *fault);

/**
 * Says `ready` and serves until SIGTERM or SIGINT, which drains: new calls hear 503, and
 * it returns once no call is left; the second one returns at once.  SIGHUP reloads.
 */
void server_run(struct server *server);

/** NULL is fine. */
void server_free(struct server *server);
