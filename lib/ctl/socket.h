/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The control socket as a file: there for its owner alone, taken over from a daemon that
 * died, never from one that lives.
 */
#include "base/fault.h"

#include <sys/types.h>
#include <sys/un.h>

/** Which file it is, so that at the end we remove ours and no other's. */
struct socket_file {
	const char *path;	/* borrowed */
	dev_t dev;
	ino_t ino;
};

/** Fills ADDRESS; 0, or -ENAMETOOLONG and a sentence. */
int socket_address(const char *path, struct sockaddr_un *address, struct fault *fault);

/**
 * Listens at PATH, mode 0600 whatever the umask.  The descriptor, non-blocking, and FILE;
 * or -errno and a sentence: -EADDRINUSE when a living daemon has it.
 */
int socket_listen(const char *path, struct socket_file *file, struct fault *fault);

/** Removes the file if it is still ours. */
void socket_remove(const struct socket_file *file);
