/* SPDX-License-Identifier: MIT */
#include "agent/shown.h"

#include <string.h>

enum { SIP_CANCELLED = 487 };

/* The call is not the station's that went off-hook after all, or nobody can tell whose. */
static void abandon_held(const struct arrival *in)
{
	const struct shown_dialog dialog = {
		.extension = in->held_extension,
		.id = in->shown_id,
		.is_initiator = true,
		.state = SHOWN_TERMINATED,
		.event = SHOWN_ERROR,
		.appearance = in->held_appearance,
	};

	board_release(in->agent->board, in->held_extension, in->held_appearance);
	agent_show(in->agent, &dialog);
}

/* A call that finds no line is a call all the same; it shows none. */
static void seize(struct half_call *half, struct showing *showing,
		  const struct station *station, unsigned wanted)
{
	int taken = board_seize(half->in.agent->board, station->extension,
				station->appearances, wanted);

	showing->appearance = showing->shown_appearance = taken > 0 ? (unsigned)taken : 0;
}

static void release(struct half_call *half, struct showing *showing)
{
	if (showing->appearance)
		board_release(half->in.agent->board, showing->extension,
			      showing->appearance);
	showing->appearance = 0;
}

void half_take_line(struct half_call *half)
{
	struct arrival *in = &half->in;
	bool is_orig = in->facts.half == HALF_ORIG;
	struct showing *showing = &half->showing[is_orig ? SIDE_CALLER : SIDE_CALLEE];
	bool is_held = in->held_appearance && in->served &&
		       strcmp(in->held_extension, in->served->extension) == 0;

	if (in->held_appearance && !is_held)
		abandon_held(in);
	if (!in->served)
		return;
	showing->extension = in->served->extension;
	showing->name = in->served->name;
	if (is_held) {
		showing->id = in->shown_id;
		showing->appearance = showing->shown_appearance = in->held_appearance;
		showing->is_shown = true;
		showing->state = SHOWN_TRYING;
		return;
	}
	showing->id = arrival_shown_id(in);
	seize(half, showing, in->served, is_orig ? in->appearance : 0);
}

/* Whom the INVITE that is out is to. */
static const char *invited(const struct half_call *half)
{
	return half->call.at ? half->call.at->destination : half->in.facts.called.user;
}

/* The origination whose INVITE came back as IN, or NULL: a proxy keeps the Call-ID, a
 * back-to-back user agent has one of its own for each dialog. */
static struct half_call *origination_of(const struct arrival *in)
{
	struct index_entry *entry = NULL;

	while ((entry = index_find(&in->agent->half_index, in->sip_call_id, entry))) {
		struct half_call *half =
			container_of(entry, struct half_call, by_call_id);

		if (half->in.facts.is_full_call)
			return half;
	}
	while ((entry = index_find(&in->agent->dialog_index, in->sip_call_id, entry))) {
		struct half_call *half =
			container_of(entry, struct dialog, by_call_id)->half;

		if (half->in.facts.is_full_call)
			return half;
	}
	return NULL;
}

void half_take_called_line(const struct arrival *in)
{
	struct half_call *half = origination_of(in);
	struct showing *showing = half ? &half->showing[SIDE_CALLEE] : NULL;
	struct arena *arena = half ? &half->in.arena : NULL;

	if (!half || !in->served || strcmp(invited(half), in->facts.called.user) != 0)
		return;
	/* The INVITE came once more. */
	if (showing->extension && showing->at == half->call.at)
		return;
	release(half, showing);
	*showing = (struct showing){
		.extension = arena_strdup(arena, in->served->extension),
		.name = arena_strdup(arena, in->served->name),
		.id = arrival_shown_id(&half->in),
		.at = half->call.at,
	};
	seize(half, showing, in->served, 0);
	half_show(half);
}

void half_release_lines(struct half_call *half)
{
	release(half, &half->showing[SIDE_CALLER]);
	release(half, &half->showing[SIDE_CALLEE]);
}

static enum shown_event hung_up_by(const struct half_call *half, enum call_side side)
{
	const struct call_event *event = half->call.event;

	return event && event->on == ON_BYE && event->from == side ? SHOWN_LOCAL_BYE
								   : SHOWN_REMOTE_BYE;
}

/* Why what a deed decided ends the dialogs; SHOWN_NO_EVENT = it does not. */
static const struct reason {
	enum shown_event over;
	bool is_callee_alone;	/* the caller's goes on with another target */
} reasons[CALL_NOTES] = {
	[NOTE_REJECT] = { SHOWN_REJECTED, false },
	[NOTE_REFUSE] = { SHOWN_REJECTED, false },
	[NOTE_FAILURE] = { SHOWN_REJECTED, false },
	[NOTE_FORWARD] = { SHOWN_REJECTED, true },
	[NOTE_COVER] = { SHOWN_REJECTED, true },
	[NOTE_NO_ANSWER] = { SHOWN_CANCELLED, true },
	[NOTE_CANCEL] = { SHOWN_CANCELLED, false },
	[NOTE_TIMEOUT] = { SHOWN_TIMEOUT, false },
	[NOTE_BROKEN] = { SHOWN_ERROR, false },
	[NOTE_BYE] = { SHOWN_REMOTE_BYE, false },
	[NOTE_RELEASE] = { SHOWN_REMOTE_BYE, false },
};

/* Why WHAT ends the dialog shown at SIDE. */
static enum shown_event reason_of(enum call_note what, enum call_side side)
{
	const struct reason *reason = &reasons[what];

	return reason->is_callee_alone && side == SIDE_CALLER ? SHOWN_NO_EVENT
							      : reason->over;
}

/*
 * What came of a CANCEL that went on before any answer to it (a proxy's): 487 confirms it,
 * another failure crossed it.
 */
static bool ends_cancelled(struct showing *showing, enum call_note what, int status)
{
	if (showing->over != SHOWN_CANCELLED || showing->over_code ||
	    what != NOTE_FAILURE)
		return false;
	if (status != SIP_CANCELLED)
		showing->over = SHOWN_REJECTED;
	showing->over_code = status;
	return true;
}

static void remember(struct half_call *half, enum call_side side, enum call_note what,
		     int status)
{
	struct showing *showing = &half->showing[side];
	enum shown_event over = reason_of(what, side);

	/* It was going to be over, but an answer was quicker. */
	if (what == NOTE_ANSWER) {
		showing->over = SHOWN_NO_EVENT;
		showing->over_code = 0;
	}
	if (ends_cancelled(showing, what, status) || over == SHOWN_NO_EVENT ||
	    showing->over != SHOWN_NO_EVENT)
		return;
	showing->over = over == SHOWN_REMOTE_BYE ? hung_up_by(half, side) : over;
	showing->over_code = status;
}

void half_remember(struct half_call *half, enum call_note what, int status)
{
	remember(half, SIDE_CALLER, what, status);
	remember(half, SIDE_CALLEE, what, status);
}

/* The state to show at SIDE's telephone; false = nothing new. */
static bool state_of(const struct half_call *half, enum call_side side,
		     enum shown_state *state)
{
	bool is_callee = side == SIDE_CALLEE;

	/* A call forwarded away no longer concerns the station that was called. */
	if (is_callee && half->call.at != half->showing[side].at) {
		*state = SHOWN_TERMINATED;
		return true;
	}
	switch (call_state(&half->call)) {
	case CALL_TRYING:
		*state = is_callee ? SHOWN_TRYING : SHOWN_PROCEEDING;
		return true;
	case CALL_RINGING:
		*state = SHOWN_EARLY;
		return true;
	case CALL_ANSWERED:
	case CALL_TALKING:
	case CALL_CONFIRMED:
		*state = SHOWN_CONFIRMED;
		return true;
	case CALL_ENDING:
	case CALL_ENDED:
		*state = SHOWN_TERMINATED;
		return true;
	case CALL_IDLE:
	case CALL_ACTING:
	case CALL_REPLACING:
	case CALL_CANCELLING:
		break;
	}
	return false;
}

static void fill_dialog(const struct half_call *half, enum call_side side,
			struct shown_dialog *dialog)
{
	const struct arrival *in = &half->in;
	const struct party *other = &in->facts.caller;
	const struct dialog *leg = &half->dialog[side];

	dialog->call_id = in->sip_call_id;
	if (side == SIDE_CALLER) {
		other = &in->facts.called;
		dialog->local_tag = in->caller_tag;
		dialog->remote_tag = leg->local_tag;
		dialog->is_initiator = true;
	} else if (leg->call_id) {
		dialog->call_id = leg->call_id;
		dialog->local_tag = leg->remote_tag;
		dialog->remote_tag = leg->local_tag;
	}
	dialog->remote_user = other->user;
	dialog->remote_name = other->display;
}

static void show(struct half_call *half, enum call_side side)
{
	struct showing *showing = &half->showing[side];
	struct shown_dialog dialog = { 0 };
	enum shown_state state;

	if (!showing->extension || !state_of(half, side, &state))
		return;
	if (state == SHOWN_TERMINATED)
		release(half, showing);
	if (showing->is_shown ? state <= showing->state : state == SHOWN_TERMINATED)
		return;
	showing->is_shown = true;
	showing->state = state;
	fill_dialog(half, side, &dialog);
	dialog.extension = showing->extension;
	dialog.id = showing->id;
	dialog.state = state;
	dialog.event = showing->over;
	dialog.code = showing->over_code;
	dialog.appearance = showing->shown_appearance;
	dialog.local_name = showing->name;
	agent_show(half->in.agent, &dialog);
}

void half_show(struct half_call *half)
{
	show(half, SIDE_CALLER);
	show(half, SIDE_CALLEE);
}
