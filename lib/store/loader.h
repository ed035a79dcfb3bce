/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * State of loading one call's profile: the connection, inside a read transaction, and
 * where structs and sentences are stored.  Its functions return 1 if found, 0 if not, or
 * -errno and a sentence.
 */
#include "model/facts.h"
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

/** The active forwardings of the called station, and those of their targets. */
int loader_load_forwardings(const struct loader *loader, struct profile *profile);

/** The stations in History-Info that the call has been with, by any of their numbers. */
int loader_load_visited(const struct loader *loader, const struct facts *facts,
			struct profile *profile);

/** The coverage points of the called station. */
int loader_load_coverage(const struct loader *loader, struct profile *profile);
