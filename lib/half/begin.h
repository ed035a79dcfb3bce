/* SPDX-License-Identifier: MIT */
#pragma once
/* Begins a half call, in either call model. */
#include "half/half_call.h"

/** Begins a half call for the INVITE of SERVER; takes IN and SERVER over.  HELD is what a line
 *  reservation leaves to the call; all zero = there was no reservation. */
void begin_half(struct stock *stock, struct uas *server, struct arrival *in,
		const struct held *held);
