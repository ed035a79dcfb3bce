/* SPDX-License-Identifier: MIT */
#pragma once
/* What the commands of the control socket are about. */
#include "agent/agent.h"
#include "agent/loop.h"
#include "conf/conf.h"
#include "journal/journal.h"
#include "model/facts.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdio.h>

/** The running emulator; all of it is borrowed for life. */
struct subject {
	struct loop *loop;
	struct agent *agent;
	struct store *store;
	struct journal *journal;
	const struct conf *conf;		/* as at the start: what no reload changes */
	const struct agent_settings *settings;	/* in force */
	const struct policy *policy;		/* in force */
	const bool *is_draining;
	/** As on SIGHUP; what a person must know goes to TOLD, a sentence a line.  Whether
	 *  the configuration was taken over. */
	bool (*reload)(void *context, FILE *told);
	void *context;
};
