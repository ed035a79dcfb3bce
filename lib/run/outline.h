/* SPDX-License-Identifier: MIT */
#pragma once
/* The configuration file of a case's halfcalld: what the run needs, and `config` lines. */
#include "base/arena.h"
#include "base/fault.h"

struct outline;

/** Never NULL. */
struct outline *outline_new(void);
void outline_free(struct outline *outline);

/** PATH ("call.model", "listen") has VALUE, as in the file; of two the last counts. */
void outline_set(struct outline *outline, const char *path, const char *value);

/** Writes the file; 0, or -errno and a sentence. */
int outline_write(const struct outline *outline, const char *file, struct fault *fault);
