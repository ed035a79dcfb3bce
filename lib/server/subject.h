/* SPDX-License-Identifier: MIT */
#pragma once
/* The objects that commands of the control socket read. */
#include "agent/agent.h"
#include "conf/conf.h"
#include "journal/journal.h"
#include "model/facts.h"
#include "server/recorder.h"
#include "store/store.h"
#include "wire/loop.h"

#include <stdbool.h>
#include <stdio.h>

/** The running emulator; everything in it is borrowed. */
struct subject {
	struct loop *loop;
	struct agent *agent;
	struct store *store;
	struct journal *journal;
	const struct conf *conf;		/* the configuration at the start, for
						 * settings that need a restart */
	const struct agent_settings *settings;	/* in force */
	const struct policy *policy;		/* in force */
	const bool *is_draining;
	struct recorder *recorder;
	int64_t begun_us;			/* wall clock; one daemon differs from the next */
	/** Reloads as on SIGHUP; writes faults and warnings to TOLD, one sentence per
	 *  line.  Returns whether the configuration was accepted. */
	bool (*reload)(void *context, FILE *told);
	void *context;
};
