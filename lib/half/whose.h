/* SPDX-License-Identifier: MIT */
#pragma once
/* Whose a request is: the station whose features are run for it, and for which half. */
#include "model/half.h"
#include "model/phase.h"
#include "wire/wire.h"

struct stock;

/** Called with each candidate until it answers true.  STATION is an extension, or the number by
 *  which the request names it. */
typedef bool whose_f(void *context, const char *station, enum half half);

/** A request, INVITE or inside a dialog, that came from PEER. */
void whose_came(struct stock *stock, const struct peer *peer,
		const struct listener *listener, msg_t *msg, whose_f *visit,
		void *context);

/** One that is sent: by Call-ID and From tag; in the proxy model, where both halves have the same,
 *  by the PHASE of an INVITE (PHASE_NONE: either half). */
void whose_sent(struct stock *stock, const char *sip_call_id, const char *from_tag,
		enum phase phase, whose_f *visit, void *context);
