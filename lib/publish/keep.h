/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What of the publications goes into the state file.  A publisher without one keeps nothing.
 */
#include "publish/publication.h"

/** Adds ETag, version and expiry of one, and rewrites the file when it has grown.  Trouble is
 *  noted. */
void keep_one(struct publication *publication);

/** Writes all of them to the file, which there must be, and waits for the disk if IS_SYNCED; 0 or -errno. */
int keep_all(struct publisher *publisher, bool is_synced);

/** The state file failed (ERR is -errno), or does no longer: noted once. */
void keep_noted(struct publisher *publisher, int err);
