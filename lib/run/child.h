/* SPDX-License-Identifier: MIT */
#pragma once
/* A program that a case runs: in a process group of its own, its output in a file. */
#include "base/fault.h"

#include <stdbool.h>

struct child;

struct child_order {
	const char *const *words;	/* program and arguments */
	const char *directory;		/* where it runs; NULL = here */
	const char *output;		/* file for its stdout and stderr, appended to */
	const char *const *environment;	/* "NAME=VALUE" more, NULL-terminated; NULL = none */
};

/** *CHILD is the caller's; or -errno and a sentence. */
int child_start(const struct child_order *order, struct child **child,
		struct fault *fault);

/** Whether it has ended; *STATUS is its exit status then, or 128 + the signal that ended it. */
bool child_has_ended(struct child *child, int *status);

void child_signal(struct child *child, int signal);

/** SIGTERM to its group, SIGKILL after PATIENCE_MS; waits.  Its status as above.  Frees it. */
int child_stop(struct child *child, unsigned patience_ms);
