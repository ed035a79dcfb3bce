/* SPDX-License-Identifier: MIT */
#include "base/index.h"

#include <string.h>

unsigned long long index_hash(const char *key)
{
	unsigned long long hash = 0xcbf29ce484222325u;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3u;
	return hash;
}

void index_init(struct index *index)
{
	for (size_t i = 0; i < INDEX_BUCKETS; i++)
		list_init(&index->buckets[i]);
}

void index_insert(struct index *index, struct index_entry *entry, const char *key)
{
	entry->key = key;
	list_init(&entry->node);
	list_append(&index->buckets[index_hash(key) % INDEX_BUCKETS], &entry->node);
}

void index_remove(struct index_entry *entry)
{
	if (entry->node.next)
		list_remove(&entry->node);
}

struct index_entry *index_find(struct index *index, const char *key,
			       struct index_entry *after)
{
	struct list *head = &index->buckets[index_hash(key) % INDEX_BUCKETS];
	struct list *node;

	for (node = after ? after->node.next : head->next; node != head;
	     node = node->next) {
		struct index_entry *entry = container_of(node, struct index_entry, node);

		if (strcmp(entry->key, key) == 0)
			return entry;
	}
	return NULL;
}
