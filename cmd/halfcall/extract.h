/* SPDX-License-Identifier: MIT */
#pragma once
/* The rows of a users' database that a few stations need, as lines `sql ...` of a script. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * Of the database at PATH: the COUNT stations with their restrictions, numbers, forwardings and
 * coverage, the permissions between them, the dial plan and the feature access codes.  EXTENSIONS
 * hold no quote.  Names of stations are left out, and so are rows with other characters than
 * numbers and words have.  False, and nothing is written: it cannot be read.
 */
bool extract_rows(const char *path, const char *const *extensions, size_t count,
		  FILE *out);
