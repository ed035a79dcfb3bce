/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The users' database (schema/): rows of SQLite in, structs of lib/model out.  Other
 * programs may write it at any time; a committed change takes effect with the next
 * store_load_profile().  This room writes only changes of a station to its own features.
 * The only room that uses SQLite.
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
 * step leaves the version before it.  A newer database is refused (-EPROTO), never
 * changed.
 */
int store_upgrade(const char *path, struct fault *fault);

/**
 * Opens the database.  It must exist and be of store_version().  On success
 * *STORE is owned by the caller; else -errno and a sentence that names the file and what
 * to do (run halfcalld -U, correct permissions, ...).
 */
int store_open(const char *path, struct store **store, struct fault *fault);

/**
 * From now on profiles include the forwardings of forwarding targets, up to HOPS
 * forwardings in sequence; 0, as after store_open(), includes only those of the called
 * station.
 */
void store_follow(struct store *store, unsigned hops);

/** NULL is fine. */
void store_close(struct store *store);

/**
 * Loads all rows that concern the call FACTS describes, in one read transaction.
 * PROFILE's structs are in ARENA.  0, or -errno with a sentence: -EBUSY locked, -ENOENT
 * the file is gone, -EUCLEAN the file is damaged, -EBADMSG a row is invalid, -EIO and
 * others as in errno(3).  After an error the next call opens the file again where that
 * helps.  An invalid row of a forwarding target is no error of the call: `fault` in its
 * struct onward or forwardings has the sentence.
 */
int store_load_profile(struct store *store, const struct facts *facts,
		       struct arena *arena, struct profile *profile, struct fault *fault);

/**
 * Writes ACT in one transaction: all of it, or nothing.  0, or -errno with a sentence:
 * -EPERM with the sentence of the schema's trigger that refused it; others as
 * store_load_profile().
 */
int store_act(struct store *store, const struct store_act *act, struct fault *fault);

/** Fills PAGE; 0, or -errno and a sentence, as store_load_profile(). */
int store_load_stations(struct store *store, struct store_page *page,
			struct fault *fault);

/** Fills NUMBERS; 0, or -errno and a sentence, as store_load_profile(). */
int store_load_numbers(struct store *store, struct store_numbers *numbers,
		       struct fault *fault);

/** Fills EMERGENCIES if the database has changed since `seen`; 0, or -errno and a sentence, as
 *  store_load_profile(), and they are as they were.  A row that is invalid counts as it may be
 *  read: too many numbers are better than too few. */
int store_load_emergencies(struct store *store, struct store_emergencies *emergencies,
			   struct fault *fault);
