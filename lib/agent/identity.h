/* SPDX-License-Identifier: MIT */
#pragma once
/* Who is who in a request, and what we assert about them (protocol.md section 1). */
#include "agent/half.h"

/** The user of URL (the number of a tel: URI), unescaped, without parameters; "" = none. */
const char *identity_user(struct arena *arena, const url_t *url);

/** TEXT as a quoted-string, quotes included; control characters are left out. */
const char *identity_quote(struct arena *arena, const char *text);

/** What the display name DISPLAY, a quoted-string or bare words, says; "" when NULL. */
const char *identity_unquote(struct arena *arena, const char *display);

/** USER as the user part of a SIP URI, escaped where RFC 3261 section 25 wants it. */
const char *identity_escape(struct arena *arena, const char *user);

/** Reads who calls whom into FACTS: P-Asserted-Identity else From, and the Request-URI. */
void identity_read(const sip_t *sip, struct arena *arena, struct facts *facts);

/** P-Asserted-Identity from the station record, Alert-Info, User-Agent: as configured.
 *  Privacy may withhold the first from the party called. */
int identity_write(struct half_call *half, msg_t *msg);
