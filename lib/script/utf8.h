/* SPDX-License-Identifier: MIT */
#pragma once
/* Characters of UTF-8 (RFC 3629 section 4), as far as columns are counted in them. */
#include <stddef.h>

/** Bytes of the character at TEXT, of which SIZE are there; 0 if it is none. */
size_t utf8_length(const char *text, size_t size);

/** Characters in SIZE bytes at TEXT, all of them UTF-8. */
unsigned utf8_count(const char *text, size_t size);
