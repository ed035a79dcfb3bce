/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What went wrong, as one sentence for the person who can correct it: what, where, what
 * to do.  Rooms that must not log fill one of these and return -errno; server and cmd
 * print it.
 */
struct fault {
	char text[512];
};

/** Writes the sentence (cut at 511 bytes) and returns -ERR.  FAULT may be NULL. */
int fault_say(struct fault *fault, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
