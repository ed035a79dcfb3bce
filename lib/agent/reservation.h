/* SPDX-License-Identifier: MIT */
#pragma once
/* A line reservation on the wire (protocol.md section 2): the line's table and its INVITE. */
#include "agent/arrival.h"
#include "line/line.h"

struct reservation {
	struct line line;
	struct arrival in;		/* the off-hook INVITE */
	struct list node;		/* in agent->reservations, later in agent->line_graves */
	struct index_entry by_call_id;	/* in agent->line_index */
	struct exchange *invite;	/* owned; its server is NULL once answered */
	unsigned appearance;		/* ours while not 0 */
	const char *shown_id;		/* of the dialog the telephone shows */
	su_timer_t *timer;
};

/** A reservation for the off-hook INVITE IN, which it takes over together with SERVER. */
void reservation_begin(struct arrival *in, nta_incoming_t *server);

/** The reservation that waits for the number of this telephone call, or NULL. */
struct reservation *reservation_find(struct agent *agent, const char *sip_call_id,
				     const char *caller_tag);

/** Whether TAG (NULL: none) is the To tag of RESERVATION's 183. */
bool reservation_has_tag(const struct reservation *reservation, const char *tag);

/**
 * The number was dialled: closes RESERVATION (484) and leaves the appearance and the shown
 * dialog to the call, whose arena gets the id.
 */
void reservation_dialled(struct reservation *reservation, struct arrival *call);

/** The telephone hung up (CANCEL). */
void reservation_cancelled(struct reservation *reservation);

void reservation_free(struct reservation *reservation);
