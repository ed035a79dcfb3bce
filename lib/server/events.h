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
 * *EVENTS is owned by the caller; it takes no dialogs while publish.enabled is off.  LOOP,
 * AGENT and JOURNAL are borrowed for its life, of CONF domain and database are, too.  0, or
 * -errno and a sentence.
 */
int events_new(struct loop *loop, struct agent *agent, struct journal *journal,
	       const struct conf *conf, struct events **events, struct fault *fault);

/** FAULTS, borrowed for EVENTS' life, may shorten its timers. */
void events_hurry(struct events *events, struct faults *faults);

/**
 * Takes publish.* of CONF over: turned on, dialogs show from their next change on; turned off,
 * what is published is removed.
 */
int events_change(struct events *events, const struct conf *conf, struct fault *fault);

/** The agent must have been freed, so that no answer comes any more.  NULL is fine. */
void events_free(struct events *events);

/** NULL EVENTS is fine: nothing is shown. */
void events_show(struct events *events, const struct shown_dialog *dialog);

/** The agent's answer to a request; TICKET is what it was given. */
void events_published(void *ticket, const struct agent_published *response);

/** Stations with a publication, and requests in flight. */
size_t events_count(const struct events *events, size_t *in_flight);
