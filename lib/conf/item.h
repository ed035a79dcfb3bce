/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The one table of settings.  Reading, unknown names, defaults, conf_print(), and the
 * tests of the manual and the sample file all come from it: a new setting is a member of
 * struct conf and one row here.  Private to this room and its test.
 */
#include "conf/conf.h"

enum item_type {
	ITEM_BOOL,
	ITEM_NUMBER,		/* unsigned or int, never negative */
	ITEM_WORD,		/* one of `allowed`; stored as its index: an enum or a bool */
	ITEM_TEXT,		/* const char * */
	ITEM_ADDRESS,		/* struct conf_address */
	ITEM_ADDRESSES,		/* array of struct conf_address and its count */
	ITEM_GROUPS,		/* array of structs and its count; paths of the members begin with PATH[]. */
};

struct item {
	const char *path;	/* "call.model"; "proxies[].name" for a member of each element */
	enum item_type type;
	struct {
		size_t offset, size;	/* of the member in struct conf or the entry's struct */
		size_t count_at;	/* lists: offset of the size_t that counts the entries */
		size_t stride;		/* lists: bytes of one entry */
	} in;
	const char *preset;	/* default as written in the file; NULL = no default */
	long long min, max;	/* NUMBER: value; TEXT: bytes; ADDRESS: port; lists: entries */
	const char *allowed;	/* WORD: "b2bua|proxy"; TEXT: characters allowed besides
				 * letters and digits, NULL = all but control characters */
	const char *help;
	bool needs_restart;	/* a change counts from the next start; false = from a reload */
};

/** Marks a setting without a default, which must be written. */
extern const char item_required[];

extern const struct item conf_items[];
extern const size_t conf_item_count;

/** The row of PATH, or NULL. */
const struct item *item_find(const char *path);

/** Whether a row lies below PATH, e.g. "call". */
bool item_is_group(const char *path);

/** The row's name inside its group: "model" of "call.model". */
const char *item_leaf(const struct item *item);

/** The path of ITEM relative to the group PREFIX ("" = the file); NULL if it is not in
 * there. */
const char *item_below(const struct item *item, const char *prefix);

/** Sets the member of ITEM in the struct at BASE to its default; text goes to ARENA. */
void item_preset(const struct item *item, void *base, struct arena *arena);

void item_put_number(const struct item *item, void *base, long long number);
long long item_get_number(const struct item *item, const void *base);

/** The text or list of ITEM, a text or list, in the struct at BASE; NULL = absent. */
const void *item_get_pointer(const struct item *item, const void *base);

/** The number of entries that ITEM, a list, has in the struct at BASE. */
size_t item_get_count(const struct item *item, const void *base);

/** The index of WORD among the row's words, or -1. */
int item_word_index(const struct item *item, const char *word);

/** The word with this INDEX, *LENGTH bytes long and not terminated; NULL past the end. */
const char *item_word(const struct item *item, unsigned index, size_t *length);

/** All words of the row for a sentence: `"a", "b" or "c"`, in ARENA. */
const char *item_words(const struct item *item, struct arena *arena);

/** Type, limits and default on one line, e.g. `number 30..240, default 30`. */
void item_describe(const struct item *item, FILE *out);
