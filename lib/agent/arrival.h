/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An INVITE that arrived from a proxy, read and decided: what a half call and a line
 * reservation both begin with.
 */
#include "agent/sofia.h"

struct arrival {
	struct agent *agent;
	struct arena arena;		/* all text below, and the facts' and verdict's */
	struct facts facts;
	struct verdict verdict;
	const struct station *served;	/* on whose behalf; NULL = none of ours */
	const struct peer *peer;	/* the proxy that sent it */
	const struct listener *listener;	/* where it came in */
	struct route_tag tag;
	const char *id;			/* of the call, over both halves */
	const char *caller_tag;		/* From tag */
	const char *sip_call_id;
	const char *reason;		/* of what is noted next; NULL = the verdict's, if any */
	msg_t *request;			/* a reference of ours */
	int64_t begun_ms;		/* clock_mono_ms() */
	unsigned appearance;		/* +avaya-cm-line of Contact; 0 = not said */
	unsigned held_appearance;	/* left to us by a reservation; 0 = none */
	const char *held_extension;	/* whose it is */
	const char *shown_id;		/* the dialog the telephone shows for that */
};

/** Reads REQUEST; IN is zeroed before.  Nothing has been decided yet. */
void arrival_read(struct arrival *in, struct agent *agent, msg_t *request,
		  const struct peer *peer);

/** A new id for a dialog that telephones show; unique for ever. */
const char *arrival_shown_id(struct arrival *in);

/** Fills the verdict: the tag's own faults first (protocol.md section 1), then the owner. */
void arrival_decide(struct arrival *in);

/** Final answer of our own to *SERVER, the INVITE's; WHY may be NULL.  It is NULL afterwards. */
int arrival_refuse(struct arrival *in, nta_incoming_t **server, int status,
		   const struct verdict *why);

/** Tells the journal; PHASE_OUT as sent, TO NULL = the called party. */
void arrival_note(const struct arrival *in, const char *event, int status,
		  const char *rule, const char *to, enum phase phase_out);

void arrival_clear(struct arrival *in);
