/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What admission (wire/wire.h) asks about calls: which are emergencies, which live here, how many
 * more may begin.  Each implements the member of struct wire_events of its name; CONTEXT is the
 * agent.
 */
#include <stdbool.h>
#include <stddef.h>

/** Reads sip:, sips:, tel: and urn:service:sos (RFC 5031), with escapes and visual separators
 *  (RFC 3966 section 5.1.1); what it cannot read may be an emergency call. */
bool load_is_urgent(void *context, const char *request_uri);

bool load_is_known(void *context, const char *call_id);

size_t load_room(void *context, bool is_urgent);

/** Implements wire_events.overloaded: an event of the journal. */
void load_note(void *context, unsigned refused, unsigned delay_ms);
