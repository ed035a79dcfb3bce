/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the served station's telephone shows of a half call (protocol.md section 3), and the
 * line appearance the call holds.  Each half shows its own served user only.
 */
#include "agent/half.h"

/** Takes the appearance a reservation left, the one the telephone names, or an idle one. */
void half_take_line(struct half_call *half);

void half_release_line(struct half_call *half);

/** Tells the owner when the state shown has changed; call after every event. */
void half_show(struct half_call *half);

/** Remembers why the dialog will be over; EVENT is the journal's word for a deed. */
void half_remember(struct half_call *half, const char *event, int status);
