/* SPDX-License-Identifier: MIT */
#include "wire/finder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char cookie[] = "z9hG4bK";

bool finder_has_cookie(struct glance_text branch)
{
	return branch.length > sizeof cookie - 1 &&
	       strncasecmp(branch.at, cookie, sizeof cookie - 1) == 0;
}

/* RFC 3261 section 18.2.2: no port is the port of SIP. */
static void add_sent_by(struct digest *digest, const struct finder_parts *parts)
{
	digest_add_lower(digest, parts->host.at, parts->host.length);
	digest_add_number(digest, parts->port ? parts->port : 5060);
}

static void add_method(struct digest *digest, const struct finder_parts *parts)
{
	struct glance_text method = parts->method;

	if (glance_equals(method, "ACK"))
		method = (struct glance_text){ "INVITE", sizeof "INVITE" - 1 };
	digest_add(digest, method.at, method.length);
	digest_add_number(digest, parts->listener);
}

static void add_others(const struct digest_key *secret, const struct finder_parts *parts,
		       struct finder_key *key)
{
	struct digest digest;
	uint64_t result[2];

	digest_init(&digest, secret);
	digest_add(&digest, parts->call_id.at, parts->call_id.length);
	digest_add_number(&digest, parts->cseq);
	digest_end(&digest, result);
	key->ids = result[0];
	digest_init(&digest, secret);
	digest_add(&digest, parts->uri.at, parts->uri.length);
	digest_end(&digest, result);
	key->uri = result[0];
}

void finder_of(const struct digest_key *secret, const struct finder_parts *parts,
	       struct finder_key *key)
{
	struct digest digest;

	digest_init(&digest, secret);
	digest_add_lower(&digest, parts->branch.at, parts->branch.length);
	add_sent_by(&digest, parts);
	add_method(&digest, parts);
	digest_end(&digest, key->key);
	add_others(secret, parts, key);
}

void finder_of_old(const struct digest_key *secret, const sip_t *sip,
		   const struct finder_parts *parts, struct finder_key *key)
{
	const char *tag = sip->sip_from->a_tag ? sip->sip_from->a_tag : "";
	struct digest digest;

	add_others(secret, parts, key);
	digest_init(&digest, secret);
	digest_add_lower(&digest, parts->branch.at, parts->branch.length);
	add_sent_by(&digest, parts);
	add_method(&digest, parts);
	digest_add_lower(&digest, tag, strlen(tag));
	digest_add(&digest, &key->ids, sizeof key->ids);
	digest_add(&digest, &key->uri, sizeof key->uri);
	digest_end(&digest, key->key);
}

static struct glance_text text_of(const char *text)
{
	return (struct glance_text){ text ? text : "", text ? strlen(text) : 0 };
}

void finder_parts_of(const sip_t *sip, struct finder_parts *parts)
{
	const sip_via_t *via = sip->sip_via;

	parts->branch = text_of(via->v_branch);
	parts->host = text_of(via->v_host);
	parts->port = via->v_port ? (unsigned)strtoul(via->v_port, NULL, 10) : 0;
	parts->method = text_of(sip->sip_request->rq_method_name);
	parts->call_id = text_of(sip->sip_call_id->i_id);
	parts->cseq = sip->sip_cseq->cs_seq;
}

enum { SIZE_FIRST = 256 };

static struct finder_entry **bucket_of(const struct finder_table *table, uint64_t word)
{
	return &table->buckets[word >> 1 & (table->size - 1)];
}

static int grow(struct finder_table *table)
{
	struct finder_table larger = { .size = table->size ? 2 * table->size
							   : SIZE_FIRST };

	larger.buckets = calloc(larger.size, sizeof(struct finder_entry *));
	if (!larger.buckets)
		return -ENOMEM;
	for (size_t i = 0; i < table->size; i++)
		for (struct finder_entry *entry = table->buckets[i], *next; entry;
		     entry = next) {
			struct finder_entry **bucket = bucket_of(&larger, entry->key[0]);

			next = entry->next;
			entry->next = *bucket;
			*bucket = entry;
		}
	free(table->buckets);
	table->buckets = larger.buckets;
	table->size = larger.size;
	return 0;
}

int finder_insert(struct finder_table *table, struct finder_entry *entry)
{
	struct finder_entry **bucket;

	/* If it cannot grow, the table still works, only slower. */
	if (table->count >= table->size && grow(table) < 0 && !table->size)
		return -ENOMEM;
	bucket = bucket_of(table, entry->key[0]);
	entry->next = *bucket;
	*bucket = entry;
	table->count++;
	return 0;
}

void finder_remove(struct finder_table *table, struct finder_entry *entry)
{
	struct finder_entry **at;

	if (!table->size)
		return;
	for (at = bucket_of(table, entry->key[0]); *at; at = &(*at)->next) {
		if (*at != entry)
			continue;
		*at = entry->next;
		table->count--;
		return;
	}
}

struct finder_entry *finder_find(const struct finder_table *table,
				 const uint64_t key[static 2],
				 const struct finder_entry *after)
{
	struct finder_entry *entry;

	if (!table->size)
		return NULL;
	for (entry = after ? after->next : *bucket_of(table, key[0]); entry;
	     entry = entry->next)
		if (entry->key[0] == key[0] && entry->key[1] == key[1])
			return entry;
	return NULL;
}

struct finder_entry *finder_find_token(const struct finder_table *table, uint64_t token,
				       const struct finder_entry *after)
{
	struct finder_entry *entry;

	if (!table->size)
		return NULL;
	for (entry = after ? after->next : *bucket_of(table, token); entry;
	     entry = entry->next)
		if ((entry->key[0] | 1) == (token | 1))
			return entry;
	return NULL;
}

struct finder_entry *finder_any(const struct finder_table *table, size_t *at)
{
	for (; *at < table->size; (*at)++)
		if (table->buckets[*at])
			return table->buckets[*at];
	return NULL;
}

void finder_clear(struct finder_table *table)
{
	free(table->buckets);
	*table = (struct finder_table){ 0 };
}
