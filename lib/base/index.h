/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A hash table of fixed size with text keys; its entries are embedded in the objects it
 * finds.  Several entries may have the same key.
 */
#include "base/list.h"

#include <stddef.h>

enum { INDEX_BUCKETS = 4096 };

struct index {
	struct list buckets[INDEX_BUCKETS];
};

struct index_entry {
	struct list node;
	const char *key;		/* borrowed while the entry is in an index */
};

void index_init(struct index *index);

/** ENTRY is in no index yet; KEY is borrowed until index_remove(). */
void index_insert(struct index *index, struct index_entry *entry, const char *key);

/** Removes ENTRY from the index it is in; does nothing if it is in none. */
void index_remove(struct index_entry *entry);

/** The next entry of KEY after AFTER (NULL = from the start), or NULL. */
struct index_entry *index_find(struct index *index, const char *key,
			       struct index_entry *after);

/** FNV-1a, 64 bits; stable over runs and machines. */
unsigned long long index_hash(const char *key);
