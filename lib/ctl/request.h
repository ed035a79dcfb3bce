/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A client's request, one JSON object on a line: the command and its arguments.
 *
 *	{"command":"journal show","last":10}
 */
#include "base/fault.h"

#include <stdbool.h>

struct request;

/** The longest request line, in bytes. */
enum { REQUEST_MAX = 8192 };

/** Reads LINE.  0 and a request owned by the caller, or -errno and a sentence. */
int request_read(const char *line, struct request **request, struct fault *fault);

/** NULL is fine. */
void request_free(struct request *request);

const char *request_command(const struct request *request);

/** The argument KEY, or NULL if it is not there or not text; borrowed. */
const char *request_text(const struct request *request, const char *key);

/** The argument KEY, or OTHERWISE if it is not there or no number. */
long long request_number(const struct request *request, const char *key,
			 long long otherwise);

/** Whether the argument KEY is there and true. */
bool request_flag(const struct request *request, const char *key);
