/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * SipHash-1-3 of pieces of text, 128 bits, with a secret key.  Without the key it is not
 * possible to choose texts with the same digest, so a digest can stand for its text in a
 * hash table.
 */
#include <stddef.h>
#include <stdint.h>

struct digest_key {
	uint64_t words[2];
};

/** The state of a digest that pieces are being added to. */
struct digest {
	uint64_t v[4];
	uint64_t tail;			/* bytes that do not fill a word yet */
	size_t length;			/* bytes so far */
};

/** A random key. */
void digest_key_init(struct digest_key *key);

void digest_init(struct digest *digest, const struct digest_key *key);

/** Adds LENGTH bytes at TEXT. */
void digest_add(struct digest *digest, const void *text, size_t length);

/** The same with A to Z as a to z. */
void digest_add_lower(struct digest *digest, const char *text, size_t length);

/** Adds NUMBER; also used as a separator between two pieces. */
void digest_add_number(struct digest *digest, uint32_t number);

/** Ends the digest; the first word alone can be used where 64 bits are enough. */
void digest_end(struct digest *digest, uint64_t result[static 2]);
