/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The stock's members, for the files of this room alone: lists of half calls, reservations and
 * exchanges, and how an ended one is freed.
 */
#include "base/index.h"
#include "base/list.h"
#include "half/stock.h"
#include "line/board.h"

/** The common part of half calls, reservations and exchanges, which embed it. */
struct life {
	struct list node;		/* in one of the stock's lists */
	void (*free)(struct life *life);	/* frees the struct that embeds it */
};

struct stock {
	struct wire *wire;		/* borrowed */
	struct desk *desk;		/* one reference is held */
	struct half_settings settings;
	const struct stock_hooks *hooks;
	void *context;
	struct list halves;		/* half calls, by life.node */
	struct index half_index;	/* half calls by the caller's Call-ID */
	struct index leg_index;		/* open legs by Call-ID */
	struct list reservations;	/* line reservations, by life.node */
	struct index line_index;	/* line reservations by Call-ID */
	struct list graves;		/* ended half calls and reservations, to be freed; by
					 * life.node */
	struct list strays;		/* exchanges that belong to no half call; by life.node */
	struct loop_timer *reaper;	/* frees graves when no callback is running; owned */
	struct board *board;		/* line appearances in use; owned */
	size_t half_count, reservation_count, leg_count;
	unsigned member_count;		/* half calls that take a trunk member */
	uint64_t calls;			/* half calls begun since the start */
	unsigned hurry_ms;		/* of half calls and reservations that begin; 0 = none */
	bool has_bypassed;		/* an INVITE went the short way, so its ACK or CANCEL may
					 * come, even after a reload that ended the short way */
};

/** Marks LIFE as ended: it is freed as soon as the callback that runs now has returned. */
void alive_bury(struct stock *stock, struct life *life);

/** Calls the hook show(), if there is one. */
void alive_show(const struct stock *stock, const struct shown_dialog *dialog);

/** A timer on the wire's loop, the caller's; never NULL. */
struct loop_timer *alive_timer(const struct stock *stock, void (*fired)(void *context),
			       void *context);

/** A random 64-bit id for a dialog in dialog-info documents, in ARENA. */
const char *alive_shown_id(struct arena *arena);
