/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The control socket: one request line, one answer, the end (halfcall(1)).
 *
 *	client                            daemon
 *	  {"command":"call list"} -------->
 *	  <-------------------- {"row":{"id":...}}	one a line
 *	  <-------------------- {"done":0}		the exit status; and "fault" if refused
 *
 * It has no event loop: its owner watches ctl_fd() and calls ctl_ready().  Nothing here
 * blocks, and each call is short.  A client that is silent, slow or gone occupies a
 * descriptor until it times out; when there are too many, the one silent for longest is
 * dropped.
 */
#include "base/fault.h"
#include "ctl/answer.h"
#include "ctl/request.h"

#include <stddef.h>

struct ctl;

/** How many clients there may be at once. */
enum { CTL_CLIENTS = 64 };

/** Seconds without a byte sent or read after which a client is dropped. */
enum { CTL_PATIENCE_MS = 30000 };

struct ctl_command {
	const char *name;	/* noun and verb, "call list" */
	void (*run)(void *context, const struct request *request, struct answer *answer);
};

/**
 * Listens at PATH.  COMMANDS end with a NULL name; they and PATH are borrowed for life.
 * On success *CTL is owned by the caller; else -errno and a sentence.
 */
int ctl_open(const char *path, const struct ctl_command *commands, void *context,
	     struct ctl **ctl, struct fault *fault);

/** Drops every client and removes the socket; NULL is fine. */
void ctl_close(struct ctl *ctl);

/** Readable whenever ctl_ready() has something to do. */
int ctl_fd(const struct ctl *ctl);

void ctl_ready(struct ctl *ctl);

/** Clients connected now. */
size_t ctl_clients(const struct ctl *ctl);
