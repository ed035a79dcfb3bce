/* SPDX-License-Identifier: MIT */
#pragma once
/* Texts of URIs and name-addrs (RFC 3261 sections 19.1 and 25); pure text, in an arena. */
#include "base/arena.h"
#include "wire/sofia.h"

#include <stdbool.h>

/** Whether URL is sip:, sips: or tel:. */
bool uri_is_reachable(const url_t *url);

/** The user of URL (the number of a tel: URI), unescaped, without parameters; "" = none. */
const char *uri_user(struct arena *arena, const url_t *url);

/** TEXT as a quoted-string, quotes included; control characters are left out. */
const char *uri_quote(struct arena *arena, const char *text);

/** What the display name DISPLAY, a quoted-string or bare words, says; "" when NULL. */
const char *uri_unquote(struct arena *arena, const char *display);

/** USER as the user part of a SIP URI, escaped where RFC 3261 section 25 wants it. */
const char *uri_escape(struct arena *arena, const char *user);

/** The port of URL: as written, or else 5060, and 5061 for sips: and transport=tls (RFC 3261 section
 *  19.1.2, RFC 3263 section 4.2).  Above 65535 = it is none. */
unsigned uri_port(const url_t *url);

/**
 * Whether the URI parameters PARAMS (NULL = none) have NAME; its value, "" without one, is
 * copied into VALUE, cut to SIZE.  In place of Sofia's url_param(), which reads past the end
 * where the last parameter only begins with NAME, and leaves VALUE alone where it is long.
 */
bool uri_param(const char *params, const char *name, char *value, size_t size);
