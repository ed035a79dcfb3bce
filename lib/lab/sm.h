/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The built-in proxy, in a Session Manager's role (halfcall-protocol(7)):
 *
 *	telephone          sm                        CM
 *	    | INVITE ------> | ---- imsorig ---------> |
 *	                     | <--- origdone --------- |
 *	                     | ---- imsterm ---------> |
 *	                     | <--- termdone --------- |
 *	    | <------ INVITE |                         |
 *
 * It registers telephones, asks for credentials, runs each call through the sequences of both users
 * (CM alone, or applications too), forks, has a trunk, serves dialog events and watches CM.
 */
#include "lab/phone.h"

struct fault;
struct lab;
struct registrar;
struct sm;

struct sm_sequence {
	const char *user;
	bool is_orig;
	const char *const *apps;	/* "cm" or names of apps */
	size_t count;
};

struct sm_app {
	const char *name, *uri;
};

/** Borrowed for the proxy's life, text included. */
struct sm_settings {
	const char *name;		/* "sm-a" */
	const char *host;
	unsigned port;
	const char *cm;			/* "sip:127.0.0.1:5062;transport=udp" */
	const char *cm_host;
	const char *trunk;		/* URI; NULL = none */
	const char *trunk_host;
	const char *const *auth;	/* methods it asks credentials for */
	size_t auth_count;
	const struct sm_sequence *sequences;
	size_t sequence_count;
	const struct sm_app *apps;
	size_t app_count;
	unsigned monitor_s;		/* between OPTIONS to CM; 0 = none */
	const char *broken;		/* a deliberate fault; NULL = none */
	struct registrar *users;		/* with their registrations */
};

/** Never NULL; it listens after sm_start(). */
struct sm *sm_new(struct lab *lab, const struct sm_settings *settings);

/** NULL is fine. */
void sm_free(struct sm *sm);

/** Listens on UDP and TCP; 0, or -errno and a sentence. */
int sm_start(struct sm *sm, struct fault *fault);

/** Closes its sockets; registrations, subscriptions and all that is under way are lost. */
void sm_stop(struct sm *sm);

bool sm_is_running(const struct sm *sm);

/** A user whose publication shows a dialog that is not over, NULL = none is lit. */
const char *sm_lit(const struct sm *sm);

/** Requests that are still under way. */
size_t sm_count(const struct sm *sm);

/** Whether it can have the deliberate fault NAME. */
bool sm_can_break(const char *name);
