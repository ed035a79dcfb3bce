/* SPDX-License-Identifier: MIT */
#include "watch/trail.h"

#include <stdlib.h>
#include <string.h>

void trail_init(struct memory *memory, size_t limit)
{
	index_init(&memory->by_call_id);
	list_init(&memory->trails);
	memory->used = 0;
	memory->limit = limit;
}

static void forget(struct memory *memory, struct kept *kept)
{
	struct trail *trail = kept->trail;
	size_t size = sizeof *kept + kept->length + 1;

	for (unsigned i = 0; i < kept->wait_count; i++)
		list_remove(&kept->waits[i].node);
	list_remove(&kept->node);
	trail->count--;
	trail->size -= size;
	memory->used -= size;
	free(kept);
}

static void forget_trail(struct memory *memory, struct trail *trail)
{
	while (!list_is_empty(&trail->messages))
		forget(memory, kept_of(trail->messages.next));
	index_remove(&trail->by_call_id);
	list_remove(&trail->node);
	memory->used -= trail->size;
	free(trail);
}

static struct trail *oldest(struct memory *memory)
{
	return container_of(memory->trails.next, struct trail, node);
}

void trail_clear(struct memory *memory)
{
	while (!list_is_empty(&memory->trails))
		forget_trail(memory, oldest(memory));
}

/* The key of the index; false: too long to be remembered. */
static bool key_of(struct scan_text call_id, char key[static 256])
{
	if (call_id.length >= 256)
		return false;
	memcpy(key, call_id.at, call_id.length);
	key[call_id.length] = '\0';
	return true;
}

struct trail *trail_find(struct memory *memory, struct scan_text call_id)
{
	struct index_entry *entry;
	struct trail *trail;
	char key[256];

	if (!key_of(call_id, key) ||
	    !(entry = index_find(&memory->by_call_id, key, NULL)))
		return NULL;
	trail = container_of(entry, struct trail, by_call_id);
	list_remove(&trail->node);
	list_append(&memory->trails, &trail->node);
	return trail;
}

struct trail *trail_of(struct memory *memory, struct scan_text call_id)
{
	struct trail *trail = trail_find(memory, call_id);
	char key[256];

	if (trail || !key_of(call_id, key) ||
	    !(trail = calloc(1, sizeof *trail + call_id.length + 1)))
		return trail;
	memcpy(trail->call_id, key, call_id.length + 1);
	trail->size = sizeof *trail + call_id.length + 1;
	memory->used += trail->size;
	list_init(&trail->messages);
	list_init(&trail->node);
	list_append(&memory->trails, &trail->node);
	list_init(&trail->by_call_id.node);
	index_insert(&memory->by_call_id, &trail->by_call_id, trail->call_id);
	return trail;
}

unsigned trail_vias(const struct specimen *specimen, uint64_t vias[static SPECIMEN_VIAS])
{
	struct specimen_walk walk = { 0 };
	struct scan_text via, branch;
	unsigned count = 0;

	while (count < SPECIMEN_VIAS &&
	       specimen_next(specimen, &walk, specimen_text("Via"), &via)) {
		branch = (struct scan_text){ 0 };
		specimen_param(via, "branch", &branch);
		vias[count++] = specimen_hash(branch);
	}
	return count;
}

struct kept *trail_keep(struct memory *memory, struct trail *trail,
			const struct specimen *specimen)
{
	size_t size = sizeof(struct kept) + specimen->length + 1;
	struct kept *kept;

	if (size > memory->limit / 2)
		return NULL;
	if (trail->count == TRAIL_MESSAGES)
		forget(memory, kept_of(trail->messages.next));
	while (memory->used + size > memory->limit && oldest(memory) != trail)
		forget_trail(memory, oldest(memory));
	while (memory->used + size > memory->limit && trail->count)
		forget(memory, kept_of(trail->messages.next));
	kept = malloc(size);
	if (!kept)
		return NULL;
	*kept = (struct kept){ .trail = trail,
			       .cseq = specimen->cseq,
			       .status = specimen->status,
			       .from_tag = specimen_hash(specimen->from_tag),
			       .to_tag = specimen_hash(specimen->to_tag),
			       .length = specimen->length };
	kept->via_count = trail_vias(specimen, kept->vias);
	memcpy(kept->bytes, specimen->bytes, specimen->length);
	kept->bytes[specimen->length] = '\0';
	memcpy(kept->method, specimen->method.at,
	       specimen->method.length < sizeof kept->method ? specimen->method.length
							     : sizeof kept->method - 1);
	list_init(&kept->node);
	list_append(&trail->messages, &kept->node);
	trail->count++;
	trail->size += size;
	memory->used += size;
	return kept;
}

struct kept *kept_before(const struct trail *trail, const struct kept *kept)
{
	struct list *node = kept ? kept->node.prev : trail->messages.prev;

	return node == &trail->messages ? NULL : kept_of(node);
}

bool kept_is(const struct kept *kept, const char *method)
{
	return strcmp(kept->method, method) == 0;
}

bool kept_is_of(const struct kept *kept, struct scan_text method)
{
	return specimen_is_text(specimen_text(kept->method), method);
}

bool kept_came_by(const struct kept *kept, uint64_t branch)
{
	for (unsigned i = 1; i < kept->via_count && branch; i++)
		if (kept->vias[i] == branch)
			return true;
	return false;
}
