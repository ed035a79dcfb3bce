/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An INVITE that arrived from a proxy: read once, decided once, and from then on what the half
 * call or line reservation it began looks things up in.  What was said (facts) is never changed by
 * what was decided (verdict, called).
 */
#include "invite/desk.h"
#include "wire/wire.h"

#include <stdint.h>

/** Owned by what called read_invite(); read-only once it is decided. */
struct arrival {
	struct arena *arena;		/* all text below, and the facts' and verdict's; more of
					 * the same life may be added */
	struct desk *desk;		/* a reference of ours */
	struct facts facts;
	struct verdict verdict;
	const struct station *served;	/* on whose behalf; NULL = no station here */
	const char *called;		/* the number called, as decided; as dialled before that */
	const struct peer *peer;	/* the proxy that sent it */
	const struct listener *listener;	/* where it came in */
	const char *id;			/* of the call, over both halves */
	const char *caller_tag;		/* From tag */
	const char *sip_call_id;
	msg_t *request;			/* a reference of ours */
	int64_t begun_ms;		/* clock_mono_ms() */
	bool is_decided;
};

/** An arrival of REQUEST without facts: for invite/read.h alone. */
struct arrival *arrival_new(struct desk *desk, msg_t *request, const struct peer *peer,
			    const struct listener *listener);

/** Fills served, verdict and called; a second time changes nothing. */
void arrival_decide(struct arrival *in);

/** What is told to the journal of it. */
struct arrival_note {
	const char *event;
	int status;			/* 0 = none */
	const char *rule;		/* NULL or "" = none, like TO: the called party, and REASON:
					 * the verdict's sentence, if it is a refusal */
	const char *to;
	const char *reason;
	enum phase phase_out;		/* as sent */
};

void arrival_note(const struct arrival *in, const struct arrival_note *note);

/** NULL is fine. */
void arrival_free(struct arrival *in);
