/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The shortcut mark, Accept-Contact: *;atrp=shortcut (grammar of RFC 3841).  On an INVITE it says
 * that the origination half has run the features of both parties
 * (halfcall-protocol(7), FEATURE AND EVOLUTION SERVER).
 */
#include "wire/sofia.h"

#include <stdbool.h>

/** Whether SIP has the mark, in any of its spellings. */
bool shortcut_is_asked(const sip_t *sip);

/** Removes every mark from MSG, and adds one if IS_ANNOUNCED. */
void shortcut_write(msg_t *msg, bool is_announced);
