/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The control socket as a file: accessible to its owner only, taken over from a daemon
 * that died, never from one that runs.
 */
#include "base/fault.h"

#include <sys/types.h>
#include <sys/un.h>

/** Identifies the file, so that only the one created here is removed at the end. */
struct socket_file {
	const char *path;	/* borrowed */
	dev_t dev;
	ino_t ino;
};

/** Fills ADDRESS; 0, or -ENAMETOOLONG and a sentence. */
int socket_address(const char *path, struct sockaddr_un *address, struct fault *fault);

/**
 * Listens at PATH, mode 0600 whatever the umask.  The descriptor, non-blocking, and FILE;
 * or -errno and a sentence: -EADDRINUSE when a running daemon has it.
 */
int socket_listen(const char *path, struct socket_file *file, struct fault *fault);

/** Removes the file if it is still the one that was created here. */
void socket_remove(const struct socket_file *file);
