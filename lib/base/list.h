/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A doubly linked ring whose nodes are embedded in the objects.  A node outside any list
 * points at itself, so removing it twice is harmless and `_free` functions need no check.
 */
#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

/** The object of TYPE whose member MEMBER is at PTR. */
#define container_of(ptr, type, member) \
	((type *)(void *)((char *)(ptr)-offsetof(type, member)))

static inline void list_init(struct list *node)
{
	node->next = node->prev = node;
}

static inline bool list_is_empty(const struct list *head)
{
	return head->next == head;
}

/** Puts NODE, which is in no list, at the end of the list at HEAD. */
static inline void list_append(struct list *head, struct list *node)
{
	node->prev = head->prev;
	node->next = head;
	head->prev->next = node;
	head->prev = node;
}

/** Removes NODE from the list it is in, if any. */
static inline void list_remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}
