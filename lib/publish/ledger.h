/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The state file (publish.state), which survives a restart: one line a change, and the
 * last line of a station counts.  Each line has a checksum, so that damaged lines are
 * skipped.  Lines are appended by one write(2); when the file has grown it is rewritten
 * to a second file, which is then renamed.  Only the first and the last rewriting wait
 * for the disk: a power failure may lose an ETag, and that publication then stays at the
 * proxy until it expires.
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

/** Appends one line.  -errno: it was not written, and ledger_is_due() becomes true. */
int ledger_put(struct ledger *ledger, const struct ledger_entry *entry);

/** Whether the file is to be rewritten: it lacks a line, or has grown too much for
 * ENTRIES  entries.  After a failure false for a few seconds. */
bool ledger_is_due(const struct ledger *ledger, size_t entries);

/** Replaces the file by one with the lines that EACH adds by ledger_add(); IS_SYNCED
 * waits  until it is on the disk.  -errno: the old file stays in use. */
int ledger_rewrite(struct ledger *ledger,
		   void (*each)(struct ledger *ledger, void *context), void *context,
		   bool is_synced);
void ledger_add(struct ledger *ledger, const struct ledger_entry *entry);
