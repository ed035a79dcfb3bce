/* SPDX-License-Identifier: MIT */
#pragma once
/* The configuration in the words of the rooms that may not know it. */
#include "agent/agent.h"
#include "conf/conf.h"
#include "model/facts.h"

/** What an agent is made of; text is borrowed from CONF, arrays are in ARENA. */
void settings_fill(struct agent_settings *settings, const struct conf *conf,
		   struct arena *arena);

/** What may change while the agent runs; text is borrowed from CONF. */
void settings_refresh(struct agent_settings *settings, const struct conf *conf);

struct policy settings_policy(const struct conf *conf);
