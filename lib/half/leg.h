/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A side of a half call that we have a dialog with: in a b2bua call one with the caller, whose
 * INVITE we answer, and one with the callee, whom we invite; in a proxied one only that which
 * confirms a feature.  A leg is found by a request inside its dialog.
 */
#include "call/call.h"
#include "half/alive.h"
#include "wire/dialog.h"

struct half_call;

struct leg {
	struct index_entry by_call_id;	/* in stock->leg_index while open */
	struct half_call *half;
	enum call_side side;
	struct dialog *dialog;		/* in the half's home; NULL = not open */
};

/** The one before, if any, is closed. */
void leg_open(struct stock *stock, struct leg *leg, struct dialog *dialog);

/** Requests in it are no longer found; fine for one that is not open. */
void leg_close(struct stock *stock, struct leg *leg);

/** The leg a request belongs to, or NULL. */
struct leg *leg_find(struct stock *stock, const sip_t *request);
