/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Which half of a call: the one run for the caller (origination), the one run for the
 * called party (termination), or the reservation of a line before there is a call
 * (halfcall-protocol(7), HALF CALLS and LINE RESERVATION).
 */
enum half { HALF_ORIG, HALF_TERM, HALF_LINE, HALF_NONE };

/** "orig", "term" or "line", as the journal writes it; NULL for HALF_NONE, which is not known. */
const char *half_name(enum half half);
