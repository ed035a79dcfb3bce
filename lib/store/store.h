/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The users' database: SQLite in, nouns of model out (design.md section 2).  Anyone may
 * write it with the sqlite3 shell while we read; a committed change counts from the next
 * store_load_profile() on.  It writes only what a station does to its own features.  The only
 * room that knows SQLite.
 */
#include "base/arena.h"
#include "base/fault.h"
#include "model/facts.h"
#include "store/query.h"

struct store;

/** The PRAGMA user_version this program writes and reads. */
int store_version(void);

/**
 * Creates the database at PATH, or upgrades it to store_version(), each step in one
 * transaction with its user_version.  0, or -errno with a sentence in FAULT; a failed
 * step leaves the version before it.  A newer database is refused (-EPROTO), never changed.
 */
int store_upgrade(const char *path, struct fault *fault);

/**
 * Opens the database.  It must exist and be of store_version().  On success
 * *STORE is owned by the caller; else -errno and a sentence that names the file and what
 * to do (run halfcalld -U, mend permissions, ...).
 */
int store_open(const char *path, struct store **store, struct fault *fault);

/**
 * From now on profiles bring the forwardings of whom calls are forwarded to, up to HOPS
 * forwardings in a row; 0, as after store_open(), brings the called station's alone.
 */
void store_follow(struct store *store, unsigned hops);

/** NULL is fine. */
void store_close(struct store *store);

/**
 * Loads all that is administered about the call FACTS describes, in one read transaction.
 * PROFILE's nouns are in ARENA.  0, or -errno with a sentence: -EBUSY locked, -ENOENT the
 * file is gone, -EUCLEAN the file is damaged, -EBADMSG a row makes no sense, -EIO and others
 * as they are.  After an error the next call tries again from scratch, reopening the file
 * where that helps.  Rows of whom calls are sent on to are no error of the call: `fault` in
 * its struct onward or forwardings says what is wrong with them.
 */
int store_load_profile(struct store *store, const struct facts *facts,
		       struct arena *arena, struct profile *profile, struct fault *fault);

/**
 * Writes ACT in one transaction: all of it, or nothing.  0, or -errno with a sentence: -EPERM
 * when the database's own rules refuse it, in their words; others as store_load_profile().
 */
int store_act(struct store *store, const struct store_act *act, struct fault *fault);

/** Fills PAGE; 0, or -errno and a sentence, as store_load_profile(). */
int store_load_stations(struct store *store, struct store_page *page,
			struct fault *fault);

/** Fills NUMBERS; likewise. */
int store_load_numbers(struct store *store, struct store_numbers *numbers,
		       struct fault *fault);
