/* SPDX-License-Identifier: MIT */
#pragma once
/* The commands of the control socket, halfcall(1), of a running server. */
#include "base/fault.h"
#include "server/subject.h"

struct control;

/**
 * Serves the control socket on the loop.  On success *CONTROL is owned by the caller;
 * else -errno and a sentence, and the server can run without it.
 */
int control_open(const struct subject *subject, struct control **control,
		 struct fault *fault);

/** To be called before anything of the subject is freed; NULL is fine. */
void control_close(struct control *control);
