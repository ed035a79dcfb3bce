/* SPDX-License-Identifier: MIT */
#pragma once
/* The agent from inside this room. */
#include "agent/agent.h"
#include "base/arena.h"
#include "base/list.h"

struct agent {
	struct wire *wire;
	struct stock *stock;
	const struct agent_hooks *hooks;
	void *context;
	struct arena arena;
	const char *product;		/* of the start, in the arena: for requests of our own */
	bool ignores_strangers, plays_dead;
	bool is_draining;
	struct list publishings;	/* PUBLISH requests that are out */
};

/** Frees what is kept of them, the wire being closed. */
void publication_forget_all(struct agent *agent);
