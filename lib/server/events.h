/* SPDX-License-Identifier: MIT */
#pragma once
/* Dialog events: passes states from the agent to the publisher, and its requests to the
 * agent. */
#include "agent/agent.h"
#include "conf/conf.h"
#include "journal/journal.h"
#include "wire/loop.h"

struct events;
struct faults;

/**
 * Creates *EVENTS, owned by the caller; while publish.enabled is off it ignores dialogs.
 * LOOP, AGENT and JOURNAL are borrowed for its life, as are the members domain and
 * database of CONF.  Returns 0, or -errno and a sentence.
 */
int events_new(struct loop *loop, struct agent *agent, struct journal *journal,
	       const struct conf *conf, struct events **events, struct fault *fault);

/** FAULTS, borrowed for EVENTS' life, may shorten its timers. */
void events_hurry(struct events *events, struct faults *faults);

/**
 * Applies the settings publish.* of CONF.  If publish.enabled became true, dialogs are
 * published from their next change on; if it became false, publications are removed.
 */
int events_change(struct events *events, const struct conf *conf, struct fault *fault);

/** To be called after agent_free(), so that no response arrives afterwards.  NULL is
 *  fine. */
void events_free(struct events *events);

/** NULL EVENTS is fine: nothing is shown. */
void events_show(struct events *events, const struct shown_dialog *dialog);

/** The response to the request that agent_publish() was given TICKET for. */
void events_published(void *ticket, const struct agent_published *response);

/** Stations with a publication, and requests in flight. */
size_t events_count(const struct events *events, size_t *in_flight);
