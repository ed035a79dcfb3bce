/* SPDX-License-Identifier: MIT */
#pragma once
/* Structs for the functions of store.h that load no profile. */
#include "base/arena.h"
#include "model/action.h"
#include "model/station.h"

#include <stdint.h>

/** A change of a station to its own features. */
struct store_act {
	const char *extension;
	enum action action;
	const char *number;		/* to forward to; NULL = none */
};

/** A page of the stations, in the order of their extensions. */
struct store_page {
	const char *after;		/* the extension before the first one; "" = from the start */
	struct arena *arena;		/* holds the text of stations */
	struct station stations[100];
	size_t count;
	bool is_last;
	size_t bad;			/* stations left out because of invalid rows */
	char fault[512];		/* the fault of the first of them */
};

/** A pattern of emergency numbers, digits and x, and how long the whole number may be. */
struct store_emergency {
	const char *pattern;
	unsigned min_length, max_length;
};

/** All of them, and the access codes that may stand before one. */
struct store_emergencies {
	struct arena *arena;		/* holds what is loaded */
	uint64_t seen;			/* what of the database was loaded last, 0 = nothing */
	bool has_changed;		/* since then: all below is new; else it is untouched */
	const struct store_emergency *patterns;
	const char *const *codes;
	size_t pattern_count, code_count;
};

/** The other numbers of a station, no more than fit. */
struct store_numbers {
	const char *extension;
	struct arena *arena;		/* the numbers' */
	const char *numbers[100];
	size_t count;
};
