/* SPDX-License-Identifier: MIT */
#pragma once
/* Converts the configuration to the settings structs of rooms that may not include
 * lib/conf. */
#include "agent/agent.h"
#include "conf/conf.h"
#include "model/facts.h"

/** The settings of an agent; text is borrowed from CONF, arrays are in ARENA. */
void settings_fill(struct agent_settings *settings, const struct conf *conf,
		   struct arena *arena);

/**
 * Copies the settings that may change while the agent runs; text is borrowed from CONF.
 */
void settings_refresh(struct agent_settings *settings, const struct conf *conf);

/** The files of TLS; text is borrowed from CONF. */
struct wire_tls settings_tls(const struct conf *conf);

struct policy settings_policy(const struct conf *conf);
