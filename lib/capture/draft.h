/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A script (halfcall-run(5)) from a call that passed: what telephones must have done and heard, so that
 * this program saw what it saw.  A draft, to be read and completed: what the proxy did by itself,
 * a challenge or a fork, is not in it.
 */
#include "capture/dossier.h"

#include <stdio.h>

/** Writes the script to OUT.  False: there is no INVITE among the messages. */
bool draft_write(const struct dossier *call, FILE *out);
