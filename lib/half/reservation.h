/* SPDX-License-Identifier: MIT */
#pragma once
/* A line reservation on the wire (halfcall-protocol(7)): the line's table and its INVITE. */
#include "half/half_call.h"
#include "line/line.h"

struct reservation {
	struct line line;
	struct life life;
	struct stock *stock;		/* borrowed */
	struct arrival *in;		/* the off-hook INVITE; owned */
	struct index_entry by_call_id;	/* in stock->line_index */
	struct uas *server;		/* the INVITE's; owned; NULL once answered */
	unsigned appearance;		/* ours while not 0 */
	const char *shown_id;		/* of the dialog the telephone shows */
	struct loop_timer *timer;	/* NULL = not needed yet */
};

/** A reservation for the off-hook INVITE IN, which it takes over together with SERVER. */
void reservation_begin(struct stock *stock, struct arrival *in, struct uas *server);

/** The reservation that waits for the number of this telephone call, or NULL. */
struct reservation *reservation_find(struct stock *stock, const char *sip_call_id,
				     const char *caller_tag);

/** Whether TAG (NULL: none) is the To tag of RESERVATION's 183. */
bool reservation_has_tag(const struct reservation *reservation, const char *tag);

/** The number was dialled: closes RESERVATION (484) and leaves the appearance and the shown
 *  dialog to the call, as HELD, with text in ARENA. */
void reservation_dialled(struct reservation *reservation, struct arena *arena,
			 struct held *held);
