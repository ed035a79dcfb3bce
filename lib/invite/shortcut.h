/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The mark of the full-call model: an origination half that ran both users' features says so by
 * Accept-Contact: *;atrp=shortcut (RFC 3841 grammar; halfcall-protocol(7)).
 */
#include "wire/sofia.h"

#include <stdbool.h>

/** Whether SIP asks for the short way. */
bool shortcut_is_asked(const sip_t *sip);

/** Writes on MSG whether the called party's features have been run, in place of what came. */
void shortcut_write(msg_t *msg, bool is_announced);
