/* SPDX-License-Identifier: MIT */
#include "half/shown.h"

#include <string.h>

enum { SIP_CANCELLED = 487 };

/* Releases and terminates what the reservation left: the served station is not the one that went
 * off-hook, or there is none. */
static void abandon_held(struct half_call *half)
{
	const struct held *held = &half->held;
	const struct shown_dialog dialog = {
		.extension = held->extension,
		.id = held->shown_id,
		.is_initiator = true,
		.state = SHOWN_TERMINATED,
		.event = SHOWN_ERROR,
		.appearance = held->appearance,
	};

	board_release(half->stock->board, held->extension, held->appearance);
	alive_show(half->stock, &dialog);
}

/* Seizes appearance WANTED (0 = the lowest idle one).  Without one the call goes on, and shows no
 * line. */
static void seize(struct half_call *half, struct showing *showing,
		  const struct station *station, unsigned wanted)
{
	int taken = board_seize(half->stock->board, station->extension,
				station->appearances, wanted);

	showing->appearance = showing->shown_appearance = taken > 0 ? (unsigned)taken : 0;
}

static void release(struct half_call *half, struct showing *showing)
{
	if (showing->appearance)
		board_release(half->stock->board, showing->extension,
			      showing->appearance);
	showing->appearance = 0;
}

void shown_take_line(struct half_call *half)
{
	const struct arrival *in = half->in;
	const struct held *held = &half->held;
	bool is_orig = in->facts.half == HALF_ORIG;
	struct showing *showing = &half->showing[is_orig ? SIDE_CALLER : SIDE_CALLEE];
	bool is_held = held->appearance && in->served &&
		       strcmp(held->extension, in->served->extension) == 0;

	if (held->appearance && !is_held)
		abandon_held(half);
	if (!in->served)
		return;
	showing->extension = in->served->extension;
	showing->name = in->served->name;
	if (is_held) {
		showing->id = held->shown_id;
		showing->appearance = showing->shown_appearance = held->appearance;
		showing->is_shown = true;
		showing->state = SHOWN_TRYING;
		return;
	}
	showing->id = alive_shown_id(in->arena);
	seize(half, showing, in->served, is_orig ? in->facts.appearance : 0);
}

/* The number that the last INVITE was sent to. */
static const char *invited(const struct half_call *half)
{
	return half->call.at ? half->call.at->destination : half->in->called;
}

/* The origination half whose INVITE came back as IN, or NULL.  In the proxy model IN has the
 * caller's Call-ID, in the b2bua model that of the leg with the callee. */
static struct half_call *origination_of(struct stock *stock, const struct arrival *in)
{
	struct index_entry *entry = NULL;

	while ((entry = index_find(&stock->half_index, in->sip_call_id, entry))) {
		struct half_call *half =
			container_of(entry, struct half_call, by_call_id);

		if (half->in->facts.is_full_call)
			return half;
	}
	while ((entry = index_find(&stock->leg_index, in->sip_call_id, entry))) {
		struct half_call *half =
			container_of(entry, struct leg, by_call_id)->half;

		if (half->in->facts.is_full_call)
			return half;
	}
	return NULL;
}

void shown_take_called(struct stock *stock, const struct arrival *in)
{
	struct half_call *half = origination_of(stock, in);
	struct showing *showing = half ? &half->showing[SIDE_CALLEE] : NULL;
	struct arena *arena = half ? half->in->arena : NULL;

	if (!half || !in->served || strcmp(invited(half), in->called) != 0)
		return;
	/* A retransmission of the INVITE. */
	if (showing->extension && showing->at == half->call.at)
		return;
	release(half, showing);
	*showing = (struct showing){
		.extension = arena_strdup(arena, in->served->extension),
		.name = arena_strdup(arena, in->served->name),
		.id = alive_shown_id(arena),
		.at = half->call.at,
	};
	seize(half, showing, in->served, 0);
	shown_update(half);
}

void shown_release(struct half_call *half)
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

/* The dialog event with which each event of the journal ends the dialogs; SHOWN_NO_EVENT = it does
 * not end them. */
static const struct reason {
	enum shown_event over;
	bool is_callee_alone;	/* the caller's dialog goes on with another target */
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

/* The dialog event with which WHAT ends the dialog at SIDE. */
static enum shown_event reason_of(enum call_note what, enum call_side side)
{
	const struct reason *reason = &reasons[what];

	return reason->is_callee_alone && side == SIDE_CALLER ? SHOWN_NO_EVENT
							      : reason->over;
}

/*
 * In the proxy model a CANCEL is passed on before the INVITE's final response is known.  487
 * confirms the cancellation; any other failure crossed the CANCEL, and the dialog is rejected.
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

	/* The answer came before what would have ended the dialog. */
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

void shown_remember(struct half_call *half, enum call_note what, int status)
{
	remember(half, SIDE_CALLER, what, status);
	remember(half, SIDE_CALLEE, what, status);
}

/* Sets STATE to what SIDE's telephone is to show; false = what it shows stays. */
static bool state_of(const struct half_call *half, enum call_side side,
		     enum shown_state *state)
{
	bool is_callee = side == SIDE_CALLEE;

	/* The call has been forwarded: the station called before shows it no longer. */
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
	const struct facts *facts = &half->in->facts;
	const struct dialog *leg = half->leg[side].dialog;

	dialog->call_id = half->in->sip_call_id;
	if (side == SIDE_CALLER) {
		dialog->local_tag = half->in->caller_tag;
		dialog->remote_tag = leg ? dialog_local_tag(leg) : NULL;
		dialog->is_initiator = true;
		dialog->remote_user = half->in->called;
		dialog->remote_name = facts->called.display;
		return;
	}
	if (leg) {
		dialog->call_id = dialog_call_id(leg);
		dialog->local_tag = dialog_remote_tag(leg);
		dialog->remote_tag = dialog_local_tag(leg);
	}
	dialog->remote_user = facts->caller.user;
	dialog->remote_name = facts->caller.display;
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
	alive_show(half->stock, &dialog);
}

void shown_update(struct half_call *half)
{
	show(half, SIDE_CALLER);
	show(half, SIDE_CALLEE);
}
