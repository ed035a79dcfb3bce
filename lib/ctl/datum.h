/* SPDX-License-Identifier: MIT */
#pragma once
/* A value of an answer as its reader sees it: borrowed until the answer's next line. */
#include <stdbool.h>
#include <stddef.h>

struct datum;

/** Member KEY of an object, or NULL; DATUM may be NULL. */
const struct datum *datum_get(const struct datum *datum, const char *key);

/** Members of a list or an object; 0 for anything else. */
size_t datum_count(const struct datum *datum);

/** Member I of a list, or of an object in the order written, with its name in *KEY unless
 *  KEY is NULL; or NULL. */
const struct datum *datum_item(const struct datum *datum, size_t i, const char **key);

/** The value as text: strings unchanged, numbers and booleans printed; "" for anything
 * else.  Numbers are printed into BUFFER. */
enum { DATUM_TEXT = 32 };
const char *datum_text(const struct datum *datum, char buffer[static DATUM_TEXT]);

long long datum_number(const struct datum *datum);

bool datum_is_true(const struct datum *datum);
