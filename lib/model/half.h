/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Which half of a call: the one run for the caller (origination), the one run for the
 * called party (termination), or the reservation of a line before there is a call
 * (halfcall-protocol(7), HALF CALLS and LINE RESERVATION).
 */
enum half { HALF_ORIG, HALF_TERM, HALF_LINE };

/** "orig", "term" or "line", as the journal writes it. */
const char *half_name(enum half half);
