/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What is alive between the caller's INVITE and the end of its call: half calls, line
 * reservations, their legs and transactions.  This room plays what lib/call and lib/line decide
 * on the wire; what comes in for it is in half/receive.h.
 */
#include "invite/desk.h"
#include "model/presence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct stock;

struct half_settings {
	unsigned reservation_s;		/* line.reservation */
	bool reserves_reliably;		/* line.reliable */
	int reservation_timeout_status;	/* denial.reservation_timeout */
};

/** Asked with the CONTEXT of stock_new(). */
struct stock_hooks {
	/**
	 * Does what VERDICT, of kind VERDICT_FEATURE, says to the features of SERVED.  0; or
	 * -errno with a sentence, and nothing is done: -EPERM when it may not be.
	 */
	int (*act)(void *context, const struct station *served,
		   const struct verdict *verdict, struct fault *fault);
	/** What a station's telephone shows of a dialog has changed; NULL = it is not asked. */
	void (*show)(void *context, const struct shown_dialog *dialog);
	/** The last half call or reservation is gone. */
	void (*emptied)(void *context);
};

struct stock_statistics {
	uint64_t calls;			/* half calls begun since the start */
	size_t halves, reservations;	/* alive */
	size_t lines;			/* line appearances in use */
	size_t dialogs;			/* open */
};

/** WIRE and HOOKS are borrowed for the stock's life; takes no calls before stock_settle(). */
struct stock *stock_new(struct wire *wire, const struct stock_hooks *hooks,
			void *context);

/** What comes from now on is read with DESK, of which a reference is kept, and these settings. */
void stock_settle(struct stock *stock, struct desk *desk,
		  const struct half_settings *settings);

/** Ends all at once without telling either side, and frees.  NULL is fine. */
void stock_free(struct stock *stock);

bool stock_is_empty(const struct stock *stock);

void stock_statistics(const struct stock *stock, struct stock_statistics *statistics);

/** Half calls in progress: those that take a member of the trunk. */
unsigned stock_members(const struct stock *stock);

/** The line appearances of EXTENSION in use: bit n - 1 of appearance n. */
uint64_t stock_busy_lines(const struct stock *stock, const char *extension);
