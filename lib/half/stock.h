/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * This room holds what exists between an INVITE and the end of its call: half calls and line
 * reservations with their dialogs and transactions.  A stock is the collection of them all.
 *
 * A message comes in through half/receive.h or half/proxy.h, lib/invite reads and decides it, and
 * it becomes an event for the table of lib/call or lib/line.  The table calls a port of this room
 * (b2bua, proxy, reservation), which sends messages through lib/wire.  So the room knows these
 * rooms and those below; database, journal and publications it reaches only through hooks, and it
 * takes no decision about a call.
 */
#include "invite/desk.h"
#include "model/presence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct stock;

/** The settings of halfcalld.conf(5) that concern this room. */
struct half_settings {
	unsigned reservation_s;		/* line.reservation, seconds */
	bool reserves_reliably;		/* line.reliable */
	int reservation_timeout_status;	/* denial.reservation_timeout */
};

/** Called with the CONTEXT that stock_new() was given. */
struct stock_hooks {
	/**
	 * Makes the change of SERVED's features that VERDICT, of kind VERDICT_FEATURE, asks for.
	 * Returns 0, or -errno with a sentence in FAULT, and nothing is changed: -EPERM if the
	 * station may not make that change, -EBUSY if the database is locked.
	 */
	int (*act)(void *context, const struct station *served,
		   const struct verdict *verdict, struct fault *fault);
	/** Called when the state of a dialog at a station's telephone has changed; may be NULL. */
	void (*show)(void *context, const struct shown_dialog *dialog);
	/** Called when the last half call or reservation has been freed. */
	void (*emptied)(void *context);
};

struct stock_statistics {
	uint64_t calls;			/* half calls begun since the start */
	size_t halves, reservations;	/* that exist now, ended but not yet freed ones included */
	size_t lines;			/* line appearances in use */
	size_t dialogs;			/* open */
};

/** An empty stock, the caller's.  WIRE and HOOKS must outlive it.  stock_settle() must be called
 *  before the first message is passed to it. */
struct stock *stock_new(struct wire *wire, const struct stock_hooks *hooks,
			void *context);

/** Uses DESK, of which a reference is taken, and SETTINGS for what arrives from now on. */
void stock_settle(struct stock *stock, struct desk *desk,
		  const struct half_settings *settings);

/** Frees STOCK and everything in it, without sending BYE or CANCEL; NULL is fine. */
void stock_free(struct stock *stock);

/** Whether no half call and no reservation exists. */
bool stock_is_empty(const struct stock *stock);

void stock_statistics(const struct stock *stock, struct stock_statistics *statistics);

/** Whether a half call or reservation lives whose INVITE had SIP_CALL_ID. */
bool stock_has_call(struct stock *stock, const char *sip_call_id);

/** Half calls and reservations that exist. */
size_t stock_count(const struct stock *stock);

/** Number of half calls in progress that take a trunk member (call.trunk_members). */
unsigned stock_members(const struct stock *stock);

/** The line appearances of EXTENSION that are in use: bit n - 1 stands for appearance n. */
uint64_t stock_busy_lines(const struct stock *stock, const char *extension);
