/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * This room reads one INVITE into facts, has it decided, and writes the INVITE that leaves.  It
 * keeps nothing of its own between two INVITEs, sends nothing, and knows SIP messages (lib/wire)
 * and the nouns of lib/model, but no half call, no database and no rule.  Facts go out through
 * hooks.decide(), a verdict comes back; facts are never changed afterwards.
 *
 * A desk is what an INVITE is read and decided with: wire, settings and hooks.  It never changes.
 * A reload makes a new one for later arrivals; a call keeps the desk it arrived with to its end.
 */
#include "model/event.h"
#include "model/facts.h"
#include "model/verdict.h"

#include <stdbool.h>

struct desk;
struct fault;
struct wire;

/** The settings of halfcalld.conf(5) that concern this room; text is copied by desk_new(). */
struct invite_settings {
	const char *product;		/* identity.product, appended to User-Agent; "" = none */
	bool is_evolution;		/* call.server = "evolution" */
	bool forwards_as_origdone;	/* call.forward_phase = "origdone" */
	bool writes_diversion;		/* call.diversion */
	bool writes_asserted;		/* identity.asserted */
	bool writes_alert_info;		/* identity.alert_info */
	bool writes_history_info;	/* identity.history_info */
	bool respects_privacy;		/* identity.privacy */
};

/** Called with the CONTEXT that desk_new() was given. */
struct desk_hooks {
	/**
	 * Decides a half call or reservation.  Fills *SERVED, the station whose features run or
	 * NULL, and *VERDICT; both live as long as ARENA.
	 */
	void (*decide)(void *context, const struct facts *facts, struct arena *arena,
		       const struct station **served, struct verdict *verdict);
	/** Writes EVENT to the journal; EVENT is borrowed. */
	void (*note)(void *context, const struct event *event);
};

/** A desk with one reference, which is the caller's; WIRE and HOOKS must outlive it. */
struct desk *desk_new(struct wire *wire, const struct invite_settings *settings,
		      const struct desk_hooks *hooks, void *context);

/** Adds a reference; returns DESK. */
struct desk *desk_ref(struct desk *desk);

/** Removes a reference and frees the desk with the last one; NULL is fine. */
void desk_unref(struct desk *desk);

/** Borrowed while a reference is held. */
const struct invite_settings *desk_settings(const struct desk *desk);
struct wire *desk_wire(const struct desk *desk);
/** Calls the hook decide() of the desk. */
void desk_decide(const struct desk *desk, const struct facts *facts, struct arena *arena,
		 const struct station **served, struct verdict *verdict);
/** Calls the hook note() of the desk. */
void desk_note(const struct desk *desk, const struct event *event);
