/* SPDX-License-Identifier: MIT */
#pragma once
/* Numbers as people and telephones write them. */
#include "base/arena.h"

#include <stdbool.h>

/** Whether TEXT is digits, after a '+' or without. */
bool number_is(const char *text);

/**
 * TEXT without the visual separators of a telephone number (RFC 3966 section 5.1.1), in
 * ARENA; TEXT itself if the result is not a number.
 */
const char *number_plain(struct arena *arena, const char *text);
