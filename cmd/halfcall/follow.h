/* SPDX-License-Identifier: MIT */
#pragma once
/* The journal as it grows. */

/**
 * Prints each event after the mark SINCE, NULL = from now on, as a line of JSON, until the daemon
 * at PATH is gone or stdout is closed.  An exit status; the sentence has been printed.
 */
int follow_journal(const char *path, const char *since);
