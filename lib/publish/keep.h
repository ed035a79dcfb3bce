/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Writes publications into the state file.  Does nothing for a publisher without one.
 */
#include "publish/publication.h"

/** Adds ETag, version and expiry of one, and rewrites the file when it has grown.  A
 * failure is  recorded. */
void keep_one(struct publication *publication);

/** Writes all publications to the state file, which must be configured; IS_SYNCED waits
 * for the  disk.  0 or -errno. */
int keep_all(struct publisher *publisher, bool is_synced);

/** Records once that the state file failed (ERR is -errno), or works again (0). */
void keep_noted(struct publisher *publisher, int err);
