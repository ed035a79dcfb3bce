/* SPDX-License-Identifier: MIT */
#pragma once
/* A question to the daemon and its answer, row by row. */
#include "ctl/client.h"

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_UNREACHABLE = 3 };

/**
 * Asks the daemon at PATH and calls ROW for each row of the answer.  0; EXIT_REFUSED, and FAULT
 * says why unless it is ""; EXIT_UNREACHABLE and a sentence.  FAULT is "" after 0, or a remark.
 */
int talk_ask(const char *path, const struct client_question *question,
	     void (*row)(void *context, const struct client_row *row), void *context,
	     struct fault *fault);

/** The sentence on stderr, behind the program's name. */
void talk_complain(const struct fault *fault);
