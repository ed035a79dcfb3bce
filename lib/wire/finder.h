/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The key by which a transaction is found (RFC 3261 section 17.2.3), as digests: one of
 * the topmost Via and the method, and others of what must be equal too, because some
 * senders use a branch twice.  And the hash table of transactions.
 */
#include "base/list.h"
#include "wire/digest.h"
#include "wire/glance.h"
#include "wire/sofia.h"

struct finder_key {
	uint64_t key[2];		/* branch, sent-by, method (ACK as INVITE), listener */
	uint64_t ids;			/* Call-ID and number of CSeq */
	uint64_t uri;			/* Request-URI, as written */
};

/** The parts from which a key is made. */
struct finder_parts {
	struct glance_text branch, host, method, call_id, uri;
	unsigned port;			/* 0 = none */
	uint32_t cseq;
	unsigned listener;		/* its number */
};

/** Whether BRANCH has the magic cookie and something behind it. */
bool finder_has_cookie(struct glance_text branch);

/** The key of a request whose branch has the cookie. */
void finder_of(const struct digest_key *secret, const struct finder_parts *parts,
	       struct finder_key *key);

/** The key of SIP, a request of RFC 2543, without the cookie: From tag and the whole Via stand
 *  for the branch. */
void finder_of_old(const struct digest_key *secret, const sip_t *sip,
		   const struct finder_parts *parts, struct finder_key *key);

/** Sets PARTS from the parsed message SIP; URI is the Request-URI as it stands in the
 *  bytes. */
void finder_parts_of(const sip_t *sip, struct finder_parts *parts);

/** Embedded in the objects of the table. */
struct finder_entry {
	struct finder_entry *next;
	uint64_t key[2];
};

/** All zero is an empty table. */
struct finder_table {
	struct finder_entry **buckets;	/* owned */
	size_t size, count;
};

/** ENTRY, whose key is set, is in no table.  0 or -ENOMEM. */
int finder_insert(struct finder_table *table, struct finder_entry *entry);

/** An entry that is in no table is fine. */
void finder_remove(struct finder_table *table, struct finder_entry *entry);

/** The next entry of KEY after AFTER (NULL = the first), or NULL. */
struct finder_entry *finder_find(const struct finder_table *table,
				 const uint64_t key[static 2],
				 const struct finder_entry *after);

/** The same by the first word of the key without its lowest bit, which is the transport's
 *  token. */
struct finder_entry *finder_find_token(const struct finder_table *table, uint64_t token,
				       const struct finder_entry *after);

/** Any entry, NULL = there is none; to remove all entries one after the other, beginning
 *  with *AT 0. */
struct finder_entry *finder_any(const struct finder_table *table, size_t *at);

void finder_clear(struct finder_table *table);
