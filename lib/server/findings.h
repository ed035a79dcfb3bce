/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the proxies do wrong (lib/watch), as events of the journal: halfcalld(8), Findings.  While
 * findings.enabled is false no message is looked at.
 */
#include "conf/conf.h"
#include "journal/journal.h"
#include "server/sight.h"

struct findings;
struct loop;

/** CONF is the one of the start, borrowed for its life with SIGHT, LOOP and JOURNAL: the proxies
 *  are those it names. */
struct findings *findings_new(struct sight *sight, struct loop *loop,
			      struct journal *journal, const struct conf *conf);

/** NULL is fine. */
void findings_free(struct findings *findings);

/** CONF is in force from now on.  What was remembered is forgotten if it says something else about
 *  findings than before. */
void findings_change(struct findings *findings, const struct conf *conf);

/** See struct wire_events. */
void findings_reused(struct findings *findings, const struct wire_frame *frame);
