/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A half call on the wire: the call's table with the transactions, dialogs and texts its port
 * needs.  For the files of this room alone; half/half.h has what is done with it.
 */
#include "base/fault.h"
#include "half/answers.h"
#include "half/exchange.h"
#include "half/leg.h"
#include "invite/arrival.h"

/** A reliable provisional response that was passed to the caller (RFC 3262). */
struct reliable {
	struct list node;
	const struct fork *fork;	/* who sent it */
	uint32_t ours;			/* its number towards the caller */
	uint32_t rseq, cseq;		/* as the callee numbered it */
};

/** What one telephone shows of a half call, and the line appearance the call has there. */
struct showing {
	const char *extension;		/* the telephone's station; NULL = no telephone shows it */
	const char *name;		/* of the station */
	const char *id;			/* of the dialog shown; unique for ever */
	const struct redirect *at;	/* the station is called while call.at is this */
	unsigned appearance;		/* ours while not 0 */
	unsigned shown_appearance;	/* the same, also when it has been given back */
	bool is_shown;			/* in this state ... */
	enum shown_state state;
	enum shown_event over;		/* why it will be terminated */
	int over_code;
};

/** What a line reservation leaves to the call that was dialled; text in the call's arena. */
struct held {
	unsigned appearance;		/* 0 = there was none */
	const char *extension;		/* whose it is */
	const char *shown_id;		/* of the dialog the telephone shows for that */
};

struct half_call {
	struct call call;
	struct life life;
	struct stock *stock;		/* borrowed */
	struct arrival *in;		/* the caller's INVITE, read and decided; owned */
	su_home_t home[1];		/* what Sofia makes for the call's life */
	struct index_entry by_call_id;	/* in stock->half_index */
	enum phase phase_out;		/* of the last INVITE we sent */
	uint64_t handle;		/* of this half: names it in our Record-Route */
	struct leg leg[2];		/* by enum call_side */
	struct answers answers;		/* of the callees; proxy only */
	struct exchange invite;		/* the caller's INVITE and the one we sent */
	struct list exchanges;		/* of requests inside the dialog */
	struct list reliables;
	struct fork *forks;		/* of the INVITE that is out; b2bua only */
	struct loop_timer *timer;	/* the state's; created when first needed */
	int64_t answered_ms;		/* clock_mono_ms(); 0 = not */
	msg_t *confirmation;		/* our 200 to a feature until it is sent; owned */
	struct verdict refusal;		/* of a feature that could not be done */
	struct held held;		/* left by a reservation */
	bool is_member;			/* in progress: counts against call.trunk_members */
	struct showing showing[2];	/* by enum call_side: at the served station, and at the
					 * one called the short way */
	/* while a response to the INVITE is handled */
	msg_t *heard;			/* borrowed; NULL = none, or nothing came back */
	const char *silence;		/* why nothing came back; NULL = something did */
	/* what a deed failed of, until it is noted */
	int broken_errno;		/* 0 = not said */
	struct fault broken;
};

static inline struct half_call *half_of(struct call *call)
{
	return container_of(call, struct half_call, call);
}
