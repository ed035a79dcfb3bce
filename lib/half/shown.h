/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What telephones show of a half call (halfcall-protocol(7), DIALOG EVENTS), and the line
 * appearances it occupies.  A half call shows its dialog at the station it serves.  If the call
 * takes the short way, there is no termination half; then the origination half also shows the
 * dialog of the called station.
 */
#include "half/half_call.h"

/** Occupies a line appearance of the served station: the one in half->held, or else the one the
 *  telephone names, or else the lowest idle one. */
void shown_take_line(struct half_call *half);

/** Occupies a line appearance of the called station for the origination half whose call took the
 *  short way; IN is the imsterm INVITE. */
void shown_take_called(struct stock *stock, const struct arrival *in);

/** Releases the line appearances of HALF. */
void shown_release(struct half_call *half);

/** Calls the hook show() for each state that has changed; to be called after every event. */
void shown_update(struct half_call *half);

/** Stores the event and code with which the dialogs will be terminated, if WHAT, the event that the
 *  journal gets now with STATUS, ends them. */
void shown_remember(struct half_call *half, enum call_note what, int status);
