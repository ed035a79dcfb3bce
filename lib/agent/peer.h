/* SPDX-License-Identifier: MIT */
#pragma once
/* Whom we talk to: configured proxies, told apart by IP address (protocol.md section 6). */
#include "agent/sofia.h"

/** Fills agent->peers from the settings; -errno and a sentence. */
int peer_init(struct agent *agent, struct fault *fault);

/** The proxy MSG came from, or NULL for a stranger. */
const struct peer *peer_of(const struct agent *agent, msg_t *msg);

/** Where MSG came from as text, for the log. */
const char *peer_text(msg_t *msg, char text[static 64]);

/**
 * The listener to send from towards URL: of its transport and address family, PREFERRED
 * (where the call came in) before others; NULL when we listen on none such.
 */
const struct listener *peer_listener(const struct agent *agent, const url_t *url,
				     const struct listener *preferred);
