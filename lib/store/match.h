/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Finds the dial pattern that a number begins with: digits match themselves, x any digit;
 * the longest wins, and of two equally long the one with a digit at the first place where
 * they differ.  It takes a few probes into the primary key, independent of the number of
 * patterns.
 */
#include "store/database.h"

#include <stddef.h>

/** Longest number, extension or pattern there is. */
enum { NUMBER_MAX = 64 };

struct match {
	char pattern[NUMBER_MAX + 1];	/* "" = none matches */
	bool is_prefix;			/* the whole number begins some longer pattern */
};

/*
 * Probes into the patterns, for all numbers of one call.  Overlapping patterns with x can
 * double the number of probes with each digit; ordinary dial plans need some dozens.
 */
enum { MATCH_PROBES_MAX = 10000 };

/**
 * DIGITS is 1 to NUMBER_MAX digits.  0; -EBADMSG, without a sentence, when it took too
 * many probes; or -errno and a sentence.
 */
int match_find(struct database *database, const char *digits, struct match *match,
	       struct fault *fault);

/**
 * Whether TEXT begins an entry of the index that NEXT (SQL_..._NEXT) walks.  Leaves the
 * entry's length in *LENGTH.  1, 0, or -errno and a sentence.
 */
int match_begins(struct database *database, enum statement next, const char *text,
		 size_t *length, struct fault *fault);
