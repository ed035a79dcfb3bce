/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A half call: the state machine of lib/call, and the transactions and dialogs that its port works
 * on.  For the files of this room alone; half/half.h declares the functions.
 */
#include "base/fault.h"
#include "half/answers.h"
#include "half/exchange.h"
#include "half/leg.h"
#include "invite/arrival.h"

/** A reliable provisional response that was passed to the caller and not acknowledged yet (RFC
 *  3262). */
struct reliable {
	struct list node;		/* in half->reliables */
	const struct fork *fork;	/* the telephone that sent it */
	uint32_t ours;			/* its RSeq towards the caller */
	uint32_t rseq, cseq;		/* its RSeq and CSeq at the callee */
};

/** The dialog of a half call that one station's telephone shows, and the line appearance that the
 *  call occupies there. */
struct showing {
	const char *extension;		/* of the station; NULL = no telephone shows the call */
	const char *name;		/* of the station */
	const char *id;			/* of the dialog in dialog-info documents; random */
	const struct redirect *at;	/* the station is the one called while call.at is this */
	unsigned appearance;		/* seized on the board; 0 = none, or released */
	unsigned shown_appearance;	/* the same number, kept after the release */
	bool is_shown;			/* hook show() was called, last with state */
	enum shown_state state;
	enum shown_event over;		/* the event of the terminated dialog */
	int over_code;			/* its SIP status, 0 = none */
};

/** What a line reservation leaves to the call that was dialled; text is in the arena of the call's
 *  arrival. */
struct held {
	unsigned appearance;		/* seized on the board; 0 = there was no reservation */
	const char *extension;		/* of the station that has the appearance */
	const char *shown_id;		/* id of the dialog that its telephone shows */
};

struct half_call {
	struct call call;
	struct life life;
	struct stock *stock;		/* borrowed */
	struct arrival *in;		/* the caller's INVITE, read and decided; owned */
	su_home_t home[1];		/* Sofia's objects that live as long as the call */
	struct index_entry by_call_id;	/* in stock->half_index */
	enum phase phase_out;		/* of the last INVITE sent */
	uint64_t handle;		/* random, not 0: identifies this half call in Record-Route */
	struct leg leg[2];		/* by enum call_side */
	struct answers answers;		/* dialogs with callees; proxy model only */
	struct exchange invite;		/* the caller's INVITE and the last INVITE sent */
	struct list exchanges;		/* of requests inside the dialog */
	struct list reliables;		/* of struct reliable */
	struct fork *forks;		/* of the last INVITE sent; b2bua model only */
	bool has_given_tag;		/* a fork is known to the caller by uas_tag() */
	struct loop_timer *timer;	/* of the table's state; NULL = not needed yet; owned */
	int64_t answered_ms;		/* clock_mono_ms() at the 2xx; 0 = not answered */
	msg_t *confirmation;		/* the 200 to a dialled feature until it is sent; owned */
	struct verdict refusal;		/* of a dialled feature that was refused */
	struct held held;		/* left by a line reservation */
	bool is_untold;			/* the caller was refused though the callee had answered */
	bool is_member;			/* counts against call.trunk_members */
	struct showing showing[2];	/* by enum call_side.  Each half shows its served station;
					 * an origination may show the called one too, see
					 * half/shown.h */
	/* set while a response to the INVITE is handled */
	msg_t *heard;			/* the response, borrowed; NULL = no response came */
	struct fork *heard_fork;	/* who sent it, if it is below 300; b2bua model only */
	const char *silence;		/* why no response came; NULL = one came; borrowed */
	/* why an action of the port failed; cleared when the journal has it */
	int broken_errno;		/* positive errno, 0 = not known */
	struct fault broken;		/* "" = no sentence */
};

static inline struct half_call *half_of(struct call *call)
{
	return container_of(call, struct half_call, call);
}
