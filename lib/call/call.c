/* SPDX-License-Identifier: MIT */
/*
 * What runs the table.  The only place that assigns a call's state, and with it the timer.
 */
#include "call/call.h"

#include "call/table.h"

#include <assert.h>
#include <string.h>

enum { QUEUE_SIZE = sizeof((struct call *)NULL)->queue / sizeof(struct call_event) };

void call_init(struct call *call, const struct call_port *port,
	       const struct verdict *verdict, bool is_proxied)
{
	*call = (struct call){
		.port = port,
		.verdict = verdict,
		.state = CALL_IDLE,
		.is_proxied = is_proxied,
	};
}

static unsigned timer_s(const struct call *call)
{
	unsigned ring_s;

	switch (call_table.timers[call->state]) {
	case TIMER_RING:
		ring_s = call->at != NULL ? call->at->ring_s : call->verdict->ring_s;
		return ring_s != 0 ? ring_s : CALL_RING_LIMIT_S;
	case TIMER_TRANSACTION:
		return CALL_TRANSACTION_S;
	case TIMER_NONE:
		break;
	}
	return 0;
}

static void call_enter(struct call *call, enum call_state state)
{
	assert(call->state != CALL_ENDED);
	call->state = state;
	call->port->arm(call, timer_s(call));
	if (state == CALL_ENDED)
		call->port->ended(call);
}

static const struct call_row *row_find(const struct call *call)
{
	for (size_t i = 0; i < call_table.count; i++) {
		const struct call_row *row = &call_table.rows[i];

		if (row->in == call->state && row->on == call->event->on &&
		    row->guard(call))
			return row;
	}
	return NULL;
}

/* Runs the row for EVENT, if there is one; the answer is its deed's. */
static int run_row(struct call *call, const struct call_event *event)
{
	int err = 0;

	call->event = event;
	call->row = row_find(call);
	if (call->row != NULL) {
		err = call->row->deed(call);
		if (err >= 0 && call->row->go_to != CALL_STAY)
			call_enter(call, (enum call_state)call->row->go_to);
	}
	call->row = NULL;
	call->event = NULL;
	return err;
}

/* Without the message: what is told from here on is our own. */
static void run_broken(struct call *call, int status)
{
	const struct call_event broken = { .on = ON_BROKEN, .status = status };

	if (run_row(call, &broken) < 0)
		call_enter(call, CALL_ENDED);
}

static void run_next(struct call *call)
{
	const struct call_event event = call->queue[0];

	call->queued--;
	memmove(&call->queue[0], &call->queue[1], call->queued * sizeof call->queue[0]);
	if (event.on == ON_BROKEN || run_row(call, &event) < 0)
		run_broken(call, event.status);
}

/* The event is lost; what is asked in it is answered all the same. */
static void drop(struct call *call, const struct call_event *event)
{
	const struct call_event *running = call->event;

	call->is_overrun = true;
	if (event->on != ON_REQUEST && event->on != ON_BYE)
		return;
	call->event = event;
	call->port->reply(call, 500);
	call->event = running;
}

void call_handle(struct call *call, const struct call_event *event)
{
	if (call->queued < QUEUE_SIZE)
		call->queue[call->queued++] = *event;
	else
		drop(call, event);
	if (call->is_running)
		return;
	call->is_running = true;
	while (call->queued > 0) {
		run_next(call);
		if (call->is_overrun) {
			call->is_overrun = false;
			run_broken(call, 0);
		}
	}
	call->is_running = false;
}

enum call_on call_on_final(int status)
{
	switch (status) {
	case 486:
	case 600:
		return ON_BUSY;
	case 408:
	case 480:
	case 500:
	case 502:
	case 503:
	case 504:
		return ON_UNREACHABLE;
	default:
		return status / 100 == 2 ? ON_ANSWER : ON_FAILURE;
	}
}

const char *call_state_name(enum call_state state)
{
	static const char *const names[CALL_STATES] = {
		"IDLE",	   "TRYING", "RINGING",	  "REPLACING", "CANCELLING", "ANSWERED",
		"TALKING", "ACTING", "CONFIRMED", "ENDING",    "ENDED",
	};

	return names[state];
}

const char *call_on_name(enum call_on on)
{
	static const char *const names[CALL_ONS] = {
		"INVITE",  "PROGRESS", "ANSWER", "BUSY",    "UNREACHABLE",
		"FAILURE", "CANCEL",   "ACK",	 "REQUEST", "BYE",
		"DONE",	   "TIMEOUT",  "BROKEN",
	};

	return names[on];
}

const char *call_note_name(enum call_note note)
{
	static const char *const names[CALL_NOTES] = {
		[NOTE_PASS] = "pass",	    [NOTE_REJECT] = "reject",
		[NOTE_FORWARD] = "forward", [NOTE_REFUSE] = "refuse",
		[NOTE_COVER] = "cover",	    [NOTE_PASS_OVER] = "pass-over",
		[NOTE_RING] = "ring",	    [NOTE_NO_ANSWER] = "no-answer",
		[NOTE_TIMEOUT] = "timeout", [NOTE_ANSWER] = "answer",
		[NOTE_FAILURE] = "failure", [NOTE_CANCEL] = "cancel",
		[NOTE_HANG_UP] = "hang-up", [NOTE_BYE] = "bye",
		[NOTE_FEATURE] = "feature", [NOTE_RELEASE] = "release",
		[NOTE_BROKEN] = "broken",
	};

	return names[note];
}
