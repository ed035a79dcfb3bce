/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A feature that was dialled instead of a call: done, and confirmed in a dialog of our own,
 * in either call model.
 */
#include "half/half_call.h"

/** The port's act: makes the 200, then has the owner do the verdict's action. */
int confirm_act(struct call *call);

/** The port's confirm: sends the 200, again and again until it is acknowledged (RFC 3261
 *  13.3.1.4). */
int confirm_answer(struct call *call);
