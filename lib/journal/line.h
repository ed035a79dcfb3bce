/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An entry as one JSON object, with the keys and in the order of journal.h.
 */
#include "journal/entry.h"

/** The most a line takes: every byte of every text as \u00xx, and the keys. */
enum { LINE_ROOM = 16 * 1024 };

_Static_assert(LINE_ROOM > 6 * ENTRY_TEXTS * ENTRY_TEXT + 1024,
	       "a line has room for its texts");

/** Writes ENTRY into LINE, without newline; its length, or 0 if memory is out. */
size_t line_render(char line[static LINE_ROOM], const struct entry *entry);
