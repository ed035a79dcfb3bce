/* SPDX-License-Identifier: MIT */
#pragma once
/* The stock from inside this room: the lists of what is alive, and how it comes to its end. */
#include "base/index.h"
#include "base/list.h"
#include "half/stock.h"
#include "line/board.h"

/** What half calls, reservations and exchanges have in common; embedded in them. */
struct life {
	struct list node;		/* in one of the stock's lists */
	void (*free)(struct life *life);
};

struct stock {
	struct wire *wire;		/* borrowed */
	struct desk *desk;		/* a reference of ours */
	struct half_settings settings;
	const struct stock_hooks *hooks;
	void *context;
	struct list halves;		/* half calls, by life.node */
	struct index half_index;	/* the same by the caller's Call-ID */
	struct index leg_index;		/* every leg open, by Call-ID */
	struct list reservations;	/* line reservations, by life.node */
	struct index line_index;	/* the same by Call-ID */
	struct list graves;		/* what ended, by life.node */
	struct list strays;		/* exchanges of calls that are not (or no longer) known, by
					 * life.node */
	struct loop_timer *reaper;	/* frees the ended, outside their callbacks */
	struct board *board;		/* line appearances in use; owned */
	size_t half_count, reservation_count, leg_count;
	unsigned member_count;		/* half calls in progress */
	uint64_t calls;
	bool has_bypassed;		/* an INVITE went the short way: its ACK and CANCEL follow
					 * it, whatever the settings are by then */
};

/** LIFE is over: freed as soon as the callback that ended it has returned. */
void alive_bury(struct stock *stock, struct life *life);

/** Tells the owner, if it wants to know. */
void alive_show(const struct stock *stock, const struct shown_dialog *dialog);

/** A timer on the wire's loop. */
struct loop_timer *alive_timer(const struct stock *stock, void (*fired)(void *context),
			       void *context);

/** A new id for a dialog that telephones show; unique for ever.  In ARENA. */
const char *alive_shown_id(struct arena *arena);
