/* SPDX-License-Identifier: MIT */
#pragma once
/* The beginning of what a new INVITE asks for. */
#include "half/half_call.h"

/** Begins a half call for the INVITE of SERVER; takes IN and SERVER over.  HELD is what the
 *  reservation of its line leaves to it; all zero = there was none. */
void begin_half(struct stock *stock, struct uas *server, struct arrival *in,
		const struct held *held);
