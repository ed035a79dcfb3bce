/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The state file: what must survive a restart, a line a change.  The last line of a station
 * counts; each line has a sum, so damaged ones are told from good ones and skipped.  Lines
 * are appended by one write(2); the file is rewritten (beside it, then renamed) when it has
 * grown.  Nothing waits for the disk but the first and last rewriting: what a power failure
 * may cost is an ETag, and with it a publication that lives until it expires.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger;

/** What is kept of one station; text is borrowed. */
struct ledger_entry {
	const char *extension;
	uint32_t version;		/* of its next document */
	int64_t expiry_s;		/* wall clock, of the ETag; 0 = none */
	const char *etag;		/* NULL = none */
};

/** Never NULL; PATH is borrowed.  Nothing is opened yet: read, then rewrite it first. */
struct ledger *ledger_new(const char *path);

/** Closes; NULL is fine. */
void ledger_free(struct ledger *ledger);

/**
 * Reads the file and hands every good line to TAKE, oldest first.  *DAMAGED counts the
 * others.  0 also when there is no file; -errno when it cannot be read.
 */
int ledger_read(const struct ledger *ledger,
		void (*take)(void *context, const struct ledger_entry *entry),
		void *context, size_t *damaged);

/** Appends one line.  -errno: the file lacks it and wants to be rewritten. */
int ledger_put(struct ledger *ledger, const struct ledger_entry *entry);

/** Whether the file wants to be rewritten: it lacks something, or has grown too much for
 *  ENTRIES entries.  After a failure not before a few seconds are over. */
bool ledger_is_due(const struct ledger *ledger, size_t entries);

/** Replaces the file by what EACH puts into it by ledger_add(); IS_SYNCED waits until it is
 *  on the disk.  -errno: the old file goes on. */
int ledger_rewrite(struct ledger *ledger,
		   void (*each)(struct ledger *ledger, void *context), void *context,
		   bool is_synced);
void ledger_add(struct ledger *ledger, const struct ledger_entry *entry);
