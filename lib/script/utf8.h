/* SPDX-License-Identifier: MIT */
#pragma once
/* Characters of UTF-8 (RFC 3629 section 4), as far as columns are counted in them. */
#include <stddef.h>

/** The length in bytes of the character at TEXT, which has SIZE bytes; 0 if it is not
 *  valid. */
size_t utf8_length(const char *text, size_t size);

/** The number of characters in SIZE bytes of valid UTF-8 at TEXT. */
unsigned utf8_count(const char *text, size_t size);
