/* SPDX-License-Identifier: MIT */
#pragma once
/* The configured neighbours, told apart by IP address (halfcall-protocol(7)). */
#include "wire/wire.h"

/** The name in the settings. */
const char *peer_name(const struct peer *peer);

/** "sip:HOST:PORT;transport=T;lr", its configured address; borrowed for the wire's life. */
const url_t *peer_url(const struct peer *peer);

/** The first in the settings; the wire has at least one. */
const struct peer *peer_first(const struct wire *wire);

/** Where MSG came from as text "host:port", for the log. */
const char *peer_text(msg_t *msg, char text[static 64]);
