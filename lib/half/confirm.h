/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A feature that was dialled instead of a number: the change is made and confirmed with 200, in a
 * dialog between the telephone and this program, in either call model.
 */
#include "half/half_call.h"

/** Implements act of call_port: makes the 200, then calls the hook act() of the stock. */
int confirm_act(struct call *call);

/** Implements confirm of call_port: sends the 200, which is repeated until its ACK comes (RFC 3261
 *  section 13.3.1.4). */
int confirm_answer(struct call *call);
