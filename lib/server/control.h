/* SPDX-License-Identifier: MIT */
#pragma once
/* The commands of the control socket: what halfcall(1) may see and do of a running server. */
#include "agent/agent.h"
#include "agent/loop.h"
#include "base/fault.h"
#include "conf/conf.h"
#include "journal/journal.h"
#include "model/facts.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdio.h>

struct control;

/** The running emulator; all of it is borrowed for life. */
struct control_subject {
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

/**
 * Serves the control socket on the loop.  On success *CONTROL is owned by the caller; else
 * -errno and a sentence, and calls go on without.
 */
int control_open(const struct control_subject *subject, struct control **control,
		 struct fault *fault);

/** Before anything of the subject is freed; NULL is fine. */
void control_close(struct control *control);
