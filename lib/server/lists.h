/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The answers that are lists.  Calls and lines are copied when asked for; the journal and
 * the database are read in parts, each from where the one before ended.  Calls never wait
 * for a list.
 */
#include "agent/agent.h"
#include "ctl/answer.h"
#include "journal/journal.h"
#include "store/store.h"

void lists_calls(const struct agent *agent, struct answer *answer);
void lists_lines(const struct agent *agent, struct answer *answer);
void lists_stations(struct store *store, struct answer *answer);

/** The events behind number AFTER, findings alone if IS_FINDINGS. */
void lists_events(const struct journal *journal, uint64_t after, bool is_findings,
		  struct answer *answer);
