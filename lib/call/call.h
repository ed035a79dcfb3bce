/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One half call as a state machine, written as a table: in this state, on this event, if
 * this guard holds, do this, and go there.  The room knows no SIP stack: it acts through
 * a port, which lib/agent implements, so every path can be tested without a network
 * (test/flow).
 *
 *	caller         halfcalld         callee
 *	  | --- INVITE ---> |               |     IDLE
 *	  |                 | -- INVITE --> |     TRYING
 *	  | <---- 180 ----- | <--- 180 ---- |     RINGING
 *	  | <---- 200 ----- | <--- 200 ---- |     ANSWERED
 *	  | ----- ACK ----> | --- ACK ----> |     TALKING
 *	  | ----- BYE ----> | --- BYE ----> |     ENDING
 *	  |                 | <--- 200 ---- |     ENDED
 *
 * A feature that was dialled has no callee:
 *
 *	caller         halfcalld
 *	  | --- INVITE ---> |                     ACTING: the database is written
 *	  | <---- 200 ----- |                     CONFIRMED
 *	  | ----- ACK ----> |
 *	  | <---- BYE ----- |                     ENDING
 *	  | ----- 200 ----> |                     ENDED
 */
#include "base/machine.h"
#include "model/target.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stdio.h>

enum call_state {
	CALL_IDLE,		/* nothing happened yet */
	CALL_TRYING,		/* INVITE is out, no provisional response above 100 yet */
	CALL_RINGING,		/* the callee sent 101 ... 199 */
	CALL_REPLACING,		/* the callee was cancelled in favour of another target */
	CALL_CANCELLING,	/* proxied only: caller cancelled, the callee's final is awaited */
	CALL_ANSWERED,		/* 2xx went to the caller, its ACK is awaited */
	CALL_TALKING,
	CALL_ACTING,		/* a feature, no call: the result of its action is awaited */
	CALL_CONFIRMED,		/* 2xx for a feature went to the caller, its ACK is awaited */
	CALL_ENDING,		/* the caller's side is settled; the callee's last answer is awaited */
	CALL_ENDED,
};

enum { CALL_STATES = CALL_ENDED + 1 };

enum call_on {
	ON_INVITE,		/* the caller's INVITE, decided: the verdict is there */
	ON_PROGRESS,		/* 101 ... 199 from the callee */
	ON_ANSWER,		/* 2xx from the callee */
	ON_BUSY,		/* 486 or 600 */
	ON_UNREACHABLE,		/* 408, 480, 500, 502, 503, 504, or no response (as 408) */
	ON_FAILURE,		/* any other final response, 300 ... 699 */
	ON_CANCEL,		/* the caller gave up */
	ON_ACK,			/* ACK of a 2xx, from either side */
	ON_REQUEST,		/* any other request inside the dialog, from either side */
	ON_BYE,			/* from either side */
	ON_DONE,		/* the last transaction awaited, or the action, is over */
	ON_TIMEOUT,		/* the state's time is up */
	ON_BROKEN,		/* a deed failed: `status` is that of the response it handled */
};

enum { CALL_ONS = ON_BROKEN + 1 };

/** What a deed decided; the words before the colon are the members that come with it. */
enum call_note {
	NOTE_PASS,		/* rule: the INVITE goes on as dialled */
	NOTE_REJECT,		/* status, rule: the verdict said no */
	NOTE_FORWARD,		/* status, rule, to: the INVITE goes to another target */
	NOTE_REFUSE,		/* status, rule, to: ... or may not go there */
	NOTE_COVER,		/* status, rule, to: the INVITE goes to a coverage point */
	NOTE_PASS_OVER,		/* status, rule, to: ... or may not go there */
	NOTE_RING,		/* status: the callee alerts */
	NOTE_NO_ANSWER,		/* rule, to: the callee is replaced */
	NOTE_TIMEOUT,		/* status: time is up */
	NOTE_ANSWER,		/* status: the callee's 2xx goes to the caller */
	NOTE_FAILURE,		/* status: the callee's failure goes to the caller */
	NOTE_CANCEL,		/* status: the caller gave up */
	NOTE_HANG_UP,		/* a 2xx that comes too late is ended */
	NOTE_BYE,		/* status: the dialog is ended by one side */
	NOTE_FEATURE,		/* status, rule, to: the verdict's action is done */
	NOTE_RELEASE,		/* the dialog of a feature is ended */
	NOTE_BROKEN,		/* status: a deed failed */
};

enum { CALL_NOTES = NOTE_BROKEN + 1 };

enum call_side { SIDE_CALLER, SIDE_CALLEE };

struct exchange;		/* the port's own; opaque here */

struct call_event {
	enum call_on on;
	int status;		/* of a response; 0 else */
	enum call_side from;	/* who sent the request or response */
	struct exchange *message;	/* the port's own: the transaction; may be NULL */
};

struct call;

/**
 * The actions of a call outside this room.  Functions return 0 or -errno; a failure
 * becomes ON_BROKEN.  While one runs, call->event is the event being handled, so that a
 * relaying function finds the message to relay.  Tests pass a port that writes lines.
 */
struct call_port {
	/** Sends an INVITE to the callee; the one before, if any, is over. */
	int (*invite)(struct call *call, const struct target *target);
	/** Sends the caller the event's provisional response, or one made here (181). */
	int (*progress)(struct call *call, int status);
	/** Relays the event's 2xx to the caller. */
	int (*answer)(struct call *call);
	/** Does the verdict's action.  ON_DONE follows, or ON_FAILURE with the status the
	 *  caller is to hear; call->verdict then says why. */
	int (*act)(struct call *call);
	/** Answers the caller 200, without media, in a dialog of halfcalld's own. */
	int (*confirm)(struct call *call);
	/**
	 * Final failure to the caller: a refusal made here (WHY), else the event's
	 * response, else,  when the event is no response of STATUS, one made here with
	 * that status.
	 */
	int (*reject)(struct call *call, int status, const struct verdict *why);
	/** Cancels the callee's INVITE. */
	int (*cancel)(struct call *call);
	/** Relays the event's ACK to the other side; without one, acknowledges the
	 * callee's 2xx. */
	int (*ack)(struct call *call);
	/** Relays the event's request to the other side; its response goes back by
	 * itself. */
	int (*relay)(struct call *call);
	/** Answers the event's request with a response made here. */
	int (*reply)(struct call *call, int status);
	/** Ends the dialog with SIDE: BYE, with the headers of the event's BYE if it is
	 * one. */
	int (*bye)(struct call *call, enum call_side side);
	/** Restarts the state's timer; 0 stops it.  It raises ON_TIMEOUT. */
	void (*arm)(struct call *call, unsigned seconds);
	/**
	 * Records a decision.  STATUS of NOTE_FORWARD and NOTE_COVER is the callee's
	 * answer, of NOTE_PASS_OVER the status the refusal has, of others the status sent
	 * to the caller; 0 if none.  RULE and TO NULL = none.
	 */
	void (*note)(struct call *call, enum call_note what, int status, const char *rule,
		     const char *to);
	/** The call is over; its owner frees it later, never inside this function. */
	void (*ended)(struct call *call);
};

/** Initialise with call_init(); owned by the struct that embeds it. */
struct call {
	const struct call_port *port;		/* borrowed for life */
	const struct verdict *verdict;		/* borrowed for life */
	const struct call_event *event;		/* being handled; NULL outside call_handle() */
	struct machine life;
	struct call_event broken;		/* `event` of ON_BROKEN */
	bool is_proxied;	/* proxy model: halfcalld has no dialog, so it cannot send BYE */
	const struct redirect *at;	/* of the verdict: the one the INVITE follows; NULL = none */
	const struct coverage *coverage;	/* of the verdict, once coverage began; NULL = not yet */
	size_t point;			/* index of the coverage point to invite next */
	struct hop hops[HOPS_MAX];	/* parties the call was redirected to so far */
	unsigned hop_count;
	int status;		/* last final status sent to the caller, 0 = none */
	const char *why;	/* the sentence of what is being noted, NULL = none */
};

void call_init(struct call *call, const struct call_port *port,
	       const struct verdict *verdict, bool is_proxied);

/**
 * Handles EVENT.  Events raised by a port function are handled after this one, in order;
 * the object their `message` points at must exist until then.
 *
 * If a deed fails, the call stays in its state and ON_BROKEN is handled there at once,
 * before queued events.  It answers the caller 500 unless a final answer was sent,
 * cancels an INVITE or ends a dialog with BYE, and ends the call.  A deed that fails for
 * ON_BROKEN ends the call.  An event without a row is ignored; a request always has one.
 */
void call_handle(struct call *call, const struct call_event *event);

/** Whether the timer of CALL's state is the ring time. */
bool call_is_ringing(const struct call *call);

static inline enum call_state call_state(const struct call *call)
{
	return (enum call_state)call->life.state;
}

/** The event for a final response of STATUS (200 ... 699). */
enum call_on call_on_final(int status);

/** Names without prefix: "RINGING", "ANSWER". */
const char *call_state_name(enum call_state state);
const char *call_on_name(enum call_on on);

/** The journal's word: "pass", "hang-up". */
const char *call_note_name(enum call_note note);

/**
 * Checks the table: every state is reachable, every state but ENDED has an exit and a
 * BROKEN row, a state has a timer exactly if it has a TIMEOUT row, no row is hidden
 * behind an `always`.  The number of faults, each a line in OUT.
 */
unsigned call_table_check(FILE *out);

/** The table as Graphviz. */
void call_table_dot(FILE *out);
