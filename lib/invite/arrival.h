/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An INVITE that arrived from a proxy, with everything known about it.  It is read once
 * (invite/read.h), decided once (arrival_decide()) and then read-only: the half call or line
 * reservation that it begins keeps it and looks things up in it.  A decision fills verdict, served
 * and called; it never changes facts, which hold what the message said.
 */
#include "invite/desk.h"
#include "wire/wire.h"

#include <stdint.h>

/** Owned by the caller of read_invite(), who may pass it on; read-only once decided. */
struct arrival {
	struct arena *arena;		/* holds all text of this struct, of facts and of verdict;
					 * others may add text that is to live as long */
	struct desk *desk;		/* one reference is held */
	struct facts facts;
	struct verdict verdict;
	const struct station *served;	/* whose features run; NULL = the party is no station */
	const char *called;		/* number dialled; once decided, the number called */
	const struct peer *peer;	/* the proxy that sent it */
	const struct listener *listener;	/* the address it arrived at */
	const char *id;			/* of the call, the same in both halves; key call of the
					 * journal */
	const char *caller_tag;		/* From tag */
	const char *sip_call_id;	/* Call-ID as received */
	msg_t *request;			/* the INVITE; one reference is held */
	int64_t begun_ms;		/* clock_mono_ms() at arrival */
	bool is_decided;		/* arrival_decide() was called */
};

/** Whether this program, or another of its kind, made SIP_CALL_ID (b2bua model). */
bool arrival_is_made_here(const char *sip_call_id);

/** An arrival of REQUEST whose facts are empty; only read_invite() calls this.  Takes a reference
 *  of DESK and of REQUEST. */
struct arrival *arrival_new(struct desk *desk, msg_t *request, const struct peer *peer,
			    const struct listener *listener);

/** Has the owner decide: fills served, verdict and called.  A second call does nothing. */
void arrival_decide(struct arrival *in);

/** An event of the journal about an arrival. */
struct arrival_note {
	const char *event;
	int status;			/* 0 = none */
	const char *rule;		/* NULL or "" = none */
	const char *to;			/* NULL = the called party */
	const char *reason;		/* NULL = the sentence of a verdict that refuses, or none */
	enum phase phase_out;		/* of the INVITE that was sent */
};

/** Passes NOTE, completed from IN, to the journal; borrows NOTE. */
void arrival_note(const struct arrival *in, const struct arrival_note *note);

/** Frees IN with its arena and gives its references back; NULL is fine. */
void arrival_free(struct arrival *in);
