/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What loads one call's profile: the connection, inside a read transaction, and where the
 * nouns and the sentences go; and how it looks for one number.  Its functions answer 0 or 1
 * for found, or -errno and a sentence.
 */
#include "model/facts.h"
#include "store/match.h"
#include "store/row.h"

struct loader {
	struct database *database;
	struct arena *arena;
	struct fault *fault;
	struct trace *trace;	/* NULL = off */
	unsigned follow_hops;	/* forwardings in a row to look up; 0 = of the called station */
};

/** A row of TABLE to step to; KEY is for sentences. */
struct row loader_row(const struct loader *loader, enum statement statement,
		      const char *table, const char *key);

/** Steps to the row; notes it if there is none.  1, 0 or -errno. */
int loader_step(struct row *row);

/** Whether TEXT may be in the database at all: neither empty nor too long. */
bool loader_is_lookable(const char *text);

/** The digits of a number as people write it: 15550100 for +1-555-0100; false = there are
 *  none, or it is not lookable. */
bool loader_digits(const char *number, char digits[static NUMBER_MAX + 1]);

/** The station NUMBER means: by extension, by number, and both again by its digits alone. */
int loader_find_station(const struct loader *loader, const char *number,
			const struct station **station);

/**
 * The longest pattern NUMBER begins with; 0 also if there is none.  IS_PREFIX may be NULL;
 * else it says whether the number begins some longer pattern.
 */
int loader_find_pattern(const struct loader *loader, const char *number,
			const struct dial_pattern **pattern, bool *is_prefix);

/** Whether FROM may call TO, as far as their CORs go; with either NULL it may. */
int loader_find_permission(const struct loader *loader, const struct station *from,
			   const struct station *to, bool *is_permitted);
