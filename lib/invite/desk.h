/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What an INVITE is read and decided with: the wire it came by, the settings, and who decides.
 * A desk never changes: after a reload new arrivals get a new one, and those of before keep
 * theirs for the life of their call.
 */
#include "model/event.h"
#include "model/facts.h"
#include "model/verdict.h"

#include <stdbool.h>

struct desk;
struct fault;
struct wire;

/** Text is copied by desk_new(). */
struct invite_settings {
	const char *product;		/* appended to User-Agent; "" = nothing */
	bool is_evolution;		/* call.server = "evolution" */
	bool forwards_as_origdone;	/* call.forward_phase = "origdone" */
	bool writes_diversion;		/* call.diversion */
	bool writes_asserted, writes_alert_info, writes_history_info;
	bool respects_privacy;		/* identity.privacy */
};

/** Asked with the CONTEXT of desk_new(). */
struct desk_hooks {
	/**
	 * Decides a half call.  Fills *SERVED (the station on whose behalf, or NULL) and *VERDICT,
	 * text in ARENA.
	 */
	void (*decide)(void *context, const struct facts *facts, struct arena *arena,
		       const struct station **served, struct verdict *verdict);
	/** Something for the journal; text is borrowed. */
	void (*note)(void *context, const struct event *event);
};

/** One reference, the caller's; WIRE and HOOKS are borrowed for the desk's life. */
struct desk *desk_new(struct wire *wire, const struct invite_settings *settings,
		      const struct desk_hooks *hooks, void *context);

/** One more reference. */
struct desk *desk_ref(struct desk *desk);

/** One less; the last one frees.  NULL is fine. */
void desk_unref(struct desk *desk);

const struct invite_settings *desk_settings(const struct desk *desk);
struct wire *desk_wire(const struct desk *desk);
void desk_decide(const struct desk *desk, const struct facts *facts, struct arena *arena,
		 const struct station **served, struct verdict *verdict);
void desk_note(const struct desk *desk, const struct event *event);
