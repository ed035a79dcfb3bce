/* SPDX-License-Identifier: MIT */
#pragma once
/* The lines of a case, one after the other. */
struct play;

/** Plays all lines; 0 or -1 and a failure. */
int sequence_play(struct play *play);
