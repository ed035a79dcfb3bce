/* SPDX-License-Identifier: MIT */
#pragma once
/* The agent's members, for the files of this room alone. */
#include "agent/agent.h"
#include "base/arena.h"
#include "base/list.h"

struct agent {
	struct wire *wire;
	struct stock *stock;
	const struct agent_hooks *hooks;
	void *context;
	struct arena arena;
	const char *product;		/* identity.product at the start, for the User-Agent of
					 * PUBLISH; in the arena */
	size_t calls, reserved_calls;	/* as in agent_settings */
	bool plays_dead;
	unsigned stranger_notes;	/* places in the journal that are left to strangers */
	int64_t stranger_noted_us;	/* since when, monotonic */
	bool is_draining;
	struct list publishings;	/* PUBLISH requests that have no final response yet */
};

/** Frees agent->publishings without calling hooks.published(); the wire must be closed. */
void publication_forget_all(struct agent *agent);
