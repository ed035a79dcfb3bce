/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The answers that are lists.  What is alive is copied when asked for, what lies in the
 * journal or the database is read on where the part before ended; either way no call waits
 * for a list.
 */
#include "agent/agent.h"
#include "ctl/answer.h"
#include "journal/journal.h"
#include "store/store.h"

void lists_calls(const struct agent *agent, struct answer *answer);
void lists_lines(const struct agent *agent, struct answer *answer);
void lists_stations(struct store *store, struct answer *answer);

/** The LAST newest events. */
void lists_events(const struct journal *journal, uint64_t last, struct answer *answer);
