/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A line reservation: the state machine of lib/line with the off-hook INVITE it answers
 * (halfcall-protocol(7), LINE RESERVATION).
 */
#include "half/half_call.h"
#include "line/line.h"

struct reservation {
	struct line line;
	struct life life;
	struct stock *stock;		/* borrowed */
	struct arrival *in;		/* the off-hook INVITE; owned */
	struct index_entry by_call_id;	/* in stock->line_index */
	struct uas *server;		/* of the INVITE; owned; NULL = finally answered */
	unsigned appearance;		/* seized on the board; 0 = none, or released */
	const char *shown_id;		/* id of the dialog that the telephone shows */
	unsigned hurry_ms;		/* how long it lasts, whatever it says; 0 = as it says */
	struct loop_timer *timer;	/* owned; NULL = not needed yet */
};

/** Begins a reservation for IN, an off-hook INVITE; takes IN and SERVER over. */
void reservation_begin(struct stock *stock, struct arrival *in, struct uas *server);

/** The reservation whose off-hook INVITE had this Call-ID and From tag, or NULL. */
struct reservation *reservation_find(struct stock *stock, const char *sip_call_id,
				     const char *caller_tag);

/** Whether TAG (may be NULL) is the To tag of RESERVATION's 183. */
bool reservation_has_tag(const struct reservation *reservation, const char *tag);

/** Ends RESERVATION because the number was dialled: answers its INVITE with 484, and moves line
 *  appearance and shown dialog to HELD, with text in ARENA. */
void reservation_dialled(struct reservation *reservation, struct arena *arena,
			 struct held *held);
