/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * State of loading one call's profile: the connection, inside a read transaction, and
 * where structs and sentences are stored; and how one number is looked up.  Functions
 * return 1 if found, 0 if not, or -errno and a sentence.
 */
#include "model/facts.h"
#include "store/match.h"
#include "store/row.h"

struct loader {
	struct database *database;
	struct arena *arena;
	struct fault *fault;
	struct trace *trace;	/* NULL = off */
	unsigned follow_hops;	/* forwardings in sequence to look up; 0 = only the called
				 * station's */
};

/** A row of TABLE to step to; KEY is for sentences. */
struct row loader_row(const struct loader *loader, enum statement statement,
		      const char *table, const char *key);

/** Steps to the row; records in the trace if there is none.  1, 0 or -errno. */
int loader_step(struct row *row);

/** Whether TEXT may be in the database at all: neither empty nor too long. */
bool loader_is_lookable(const char *text);

/** The digits of a number with separators: 15550100 for +1-555-0100; false if there are
 * none  or too many. */
bool loader_digits(const char *number, char digits[static NUMBER_MAX + 1]);

/** The station NUMBER belongs to: by extension, by number, then both again by its digits
 * only. */
int loader_find_station(const struct loader *loader, const char *number,
			const struct station **station);

/**
 * The longest pattern NUMBER begins with; 0 also if there is none.  IS_PREFIX may be
 * NULL; else it says whether the number begins some longer pattern.
 */
int loader_find_pattern(const struct loader *loader, const char *number,
			const struct dial_pattern **pattern, bool *is_prefix);

/** Whether the COR of FROM may call that of TO; true if either is NULL. */
int loader_find_permission(const struct loader *loader, const struct station *from,
			   const struct station *to, bool *is_permitted);
