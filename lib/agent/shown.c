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

void half_take_line(struct half_call *half)
{
	struct arrival *in = &half->in;
	struct board *board = in->agent->board;
	bool is_held = in->held_appearance && in->served &&
		       strcmp(in->held_extension, in->served->extension) == 0;
	unsigned wanted = in->facts.half == HALF_ORIG ? in->appearance : 0;
	int taken;

	if (is_held) {
		half->appearance = half->shown_appearance = in->held_appearance;
		half->is_shown = true;
		half->shown = SHOWN_TRYING;
		return;
	}
	if (in->held_appearance)
		abandon_held(in);
	in->shown_id = arrival_shown_id(in);
	if (!in->served)
		return;
	/* A call that finds no line is a call all the same; it shows none. */
	taken = board_seize(board, in->served->extension, in->served->appearances,
			    wanted);
	half->appearance = half->shown_appearance = taken > 0 ? (unsigned)taken : 0;
}

void half_release_line(struct half_call *half)
{
	if (half->appearance)
		board_release(half->in.agent->board, half->in.served->extension,
			      half->appearance);
	half->appearance = 0;
}

/* Whether EVENT changes why the served user's dialog is over. */
static bool is_news(const struct half_call *half, const char *event)
{
	static const char *const other_targets[] = { "forward", "cover", "no-answer" };

	/* The caller's dialog goes on with another target. */
	if (half->in.facts.half == HALF_ORIG)
		for (size_t i = 0; i < sizeof other_targets / sizeof *other_targets; i++)
			if (strcmp(event, other_targets[i]) == 0)
				return false;
	return half->over == SHOWN_NO_EVENT;
}

/*
 * What came of a CANCEL that went on before any answer to it (a proxy's): 487 confirms it,
 * another failure crossed it.
 */
static bool ends_cancelled(struct half_call *half, const char *event, int status)
{
	if (half->over != SHOWN_CANCELLED || half->over_code ||
	    strcmp(event, "failure") != 0)
		return false;
	if (status != SIP_CANCELLED)
		half->over = SHOWN_REJECTED;
	half->over_code = status;
	return true;
}

void half_remember(struct half_call *half, const char *event, int status)
{
	static const struct {
		const char *event;
		enum shown_event over;
	} reasons[] = {
		{ "reject", SHOWN_REJECTED },	 { "refuse", SHOWN_REJECTED },
		{ "failure", SHOWN_REJECTED },	 { "forward", SHOWN_REJECTED },
		{ "cover", SHOWN_REJECTED },
		{ "cancel", SHOWN_CANCELLED },	 { "no-answer", SHOWN_CANCELLED },
		{ "timeout", SHOWN_TIMEOUT },	 { "broken", SHOWN_ERROR },
		{ "bye", SHOWN_REMOTE_BYE },	 { "release", SHOWN_REMOTE_BYE },
	};
	enum call_side served =
		half->in.facts.half == HALF_ORIG ? SIDE_CALLER : SIDE_CALLEE;

	/* It was going to be over, but an answer was quicker. */
	if (strcmp(event, "answer") == 0) {
		half->over = SHOWN_NO_EVENT;
		half->over_code = 0;
	}
	if (ends_cancelled(half, event, status) || !is_news(half, event))
		return;
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (strcmp(reasons[i].event, event) != 0)
			continue;
		half->over = reasons[i].over;
		half->over_code = status;
		if (half->over == SHOWN_REMOTE_BYE && half->call.event &&
		    half->call.event->on == ON_BYE && half->call.event->from == served)
			half->over = SHOWN_LOCAL_BYE;
	}
}

/* The state to show; false = nothing new. */
static bool state_of(const struct half_call *half, enum shown_state *state)
{
	bool is_term = half->in.facts.half == HALF_TERM;

	/* A call forwarded away no longer concerns the station that was called. */
	if (is_term && call_is_forwarded(&half->call)) {
		*state = SHOWN_TERMINATED;
		return true;
	}
	switch (half->call.state) {
	case CALL_TRYING:
		*state = is_term ? SHOWN_TRYING : SHOWN_PROCEEDING;
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

static void fill_dialog(struct half_call *half, struct shown_dialog *dialog)
{
	const struct arrival *in = &half->in;
	const struct party *other = &in->facts.caller;
	const struct dialog *side = &half->dialog[SIDE_CALLEE];

	dialog->call_id = in->sip_call_id;
	if (in->facts.half == HALF_ORIG) {
		side = &half->dialog[SIDE_CALLER];
		other = &in->facts.called;
		dialog->local_tag = in->caller_tag;
		dialog->remote_tag = side->local_tag;
		dialog->is_initiator = true;
	} else if (side->call_id) {
		dialog->call_id = side->call_id;
		dialog->local_tag = side->remote_tag;
		dialog->remote_tag = side->local_tag;
	}
	dialog->remote_user = other->user;
	dialog->remote_name = other->display;
}

void half_show(struct half_call *half)
{
	const struct arrival *in = &half->in;
	struct shown_dialog dialog = { 0 };
	enum shown_state state;

	if (!in->served || !state_of(half, &state))
		return;
	if (half->is_shown ? state <= half->shown : state == SHOWN_TERMINATED)
		return;
	half->is_shown = true;
	half->shown = state;
	fill_dialog(half, &dialog);
	dialog.extension = in->served->extension;
	dialog.id = in->shown_id;
	dialog.state = state;
	dialog.event = half->over;
	dialog.code = half->over_code;
	dialog.appearance = half->shown_appearance;
	dialog.local_name = in->served->name;
	agent_show(in->agent, &dialog);
}
