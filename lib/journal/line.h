/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An entry as one JSON object (design.md section 3): the keys t, seq, call, half, event,
 * extension, from, to, phase_in, phase_out, rule, status, reason, proxy, sip_call_id, in this
 * order.  t, seq and event are always there; a key that does not apply is left out.
 */
#include "journal/entry.h"

/** The most a line takes: every byte of every text as \u00xx, and the keys. */
enum { LINE_ROOM = 16 * 1024 };

_Static_assert(LINE_ROOM > 6 * ENTRY_TEXTS * ENTRY_TEXT + 1024, "a line has room for its texts");

/** Writes ENTRY without newline and terminated into LINE; its length, 0 if memory is out. */
size_t line_render(char line[static LINE_ROOM], const struct entry *entry);
