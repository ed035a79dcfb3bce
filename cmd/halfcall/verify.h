/* SPDX-License-Identifier: MIT */
#pragma once
/* halfcall verify: whether what must come of a call has come (halfcall(1), Verifying). */
#include <stddef.h>
#include <stdio.h>

/** WORDS begin with `verify`; the daemon listens at SOCKET.  An exit status: 0 it is so, 1 it is not, 2
 *  usage, 3 that cannot be told. */
int verify_run(const char *socket, char **words, size_t count);

void verify_print_usage(FILE *out);
