/* SPDX-License-Identifier: MIT */
#include "conf/address.h"
#include "conf/item.h"

#include <string.h>

static bool is_same(const struct item *item, const void *a, const void *b);

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same_addresses(const struct item *item, const void *a, const void *b)
{
	const struct conf_address *ours = item_get_pointer(item, a),
				  *theirs = item_get_pointer(item, b);
	size_t count = item_get_count(item, a);

	if (count != item_get_count(item, b))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!address_is_same(&ours[i], &theirs[i]))
			return false;
	return true;
}

/* Whether the members of one entry of the list at PREFIX are the same. */
static bool is_same_entry(const char *prefix, const void *a, const void *b)
{
	for (size_t i = 0; i < conf_item_count; i++)
		if (item_below(&conf_items[i], prefix) && !is_same(&conf_items[i], a, b))
			return false;
	return true;
}

static bool is_same_groups(const struct item *item, const void *a, const void *b)
{
	const char *ours = item_get_pointer(item, a), *theirs = item_get_pointer(item, b);
	size_t count = item_get_count(item, a);
	char prefix[64];

	if (count != item_get_count(item, b))
		return false;
	snprintf(prefix, sizeof prefix, "%s[]", item->path);
	for (size_t at = 0; at < count * item->in.stride; at += item->in.stride)
		if (!is_same_entry(prefix, ours + at, theirs + at))
			return false;
	return true;
}

static bool is_same(const struct item *item, const void *a, const void *b)
{
	size_t at = item->in.offset;

	switch (item->type) {
	case ITEM_BOOL:
	case ITEM_NUMBER:
	case ITEM_WORD:
		return item_get_number(item, a) == item_get_number(item, b);
	case ITEM_TEXT:
		return is_same_text(item_get_pointer(item, a), item_get_pointer(item, b));
	case ITEM_ADDRESS:
		return address_is_same((const void *)((const char *)a + at),
				       (const void *)((const char *)b + at));
	case ITEM_ADDRESSES:
		return is_same_addresses(item, a, b);
	case ITEM_GROUPS:
		break;
	}
	return is_same_groups(item, a, b);
}

void conf_compare(const struct conf *a, const struct conf *b,
		  void (*visit)(void *context, const char *path, bool needs_restart),
		  void *context)
{
	for (size_t i = 0; i < conf_item_count; i++) {
		const struct item *item = &conf_items[i];

		if (!strstr(item->path, "[].") && !is_same(item, a, b))
			visit(context, item->path, item->needs_restart);
	}
}
