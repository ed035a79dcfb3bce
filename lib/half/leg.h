/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A dialog between this program and one side of a half call.  In the b2bua model there is one with
 * the caller and one with the callee; in the proxy model only the one that confirms a dialled
 * feature.
 */
#include "call/call.h"
#include "half/alive.h"
#include "wire/dialog.h"

struct half_call;

struct leg {
	struct index_entry by_call_id;	/* in stock->leg_index while open */
	struct half_call *half;		/* the half call that embeds it */
	enum call_side side;
	struct dialog *dialog;		/* in half->home; NULL = the leg is not open */
};

/** Opens LEG with DIALOG and adds it to the index; an open leg is closed first. */
void leg_open(struct stock *stock, struct leg *leg, struct dialog *dialog);

/** Removes LEG from the index; nothing happens if it is not open. */
void leg_close(struct stock *stock, struct leg *leg);

/** The leg that REQUEST belongs to by Call-ID and tags, or NULL. */
struct leg *leg_find(struct stock *stock, const sip_t *request);
