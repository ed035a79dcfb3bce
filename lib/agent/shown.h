/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What telephones show of a half call (protocol.md section 3), and the line appearances the
 * call holds there.  Each half shows its own served user only; an origination whose call
 * comes back the short way is both halves, and shows the called party too.
 */
#include "agent/half.h"

/** Takes the appearance a reservation left, the one the telephone names, or an idle one. */
void half_take_line(struct half_call *half);

/** The call has come back the short way, as IN, to the station served there. */
void half_take_called_line(const struct arrival *in);

void half_release_lines(struct half_call *half);

/** Tells the owner when a state shown has changed; call after every event. */
void half_show(struct half_call *half);

/** Remembers why the dialogs will be over: because of WHAT a deed decided, with STATUS. */
void half_remember(struct half_call *half, enum call_note what, int status);
