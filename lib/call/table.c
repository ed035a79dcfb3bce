/* SPDX-License-Identifier: MIT */
/*
 * The table.  Where a row is missing the event is ignored on purpose: a CANCEL after the
 * final answer (the stack answers it), PROGRESS of a callee that was cancelled, DONE of a
 * transaction that is not awaited, and, in the b2bua model, the 2xx of a second fork
 * after an answer (lib/agent acknowledges and ends that fork).
 */
#include "call/table.h"

#include "call/deed.h"

typedef bool guard_f(const struct call *call);
typedef int deed_f(struct call *call);

#define R(in_, on_, if_, do_, to_)                                                \
	{                                                                         \
		.in = CALL_##in_, .on = ON_##on_, .go_to = CALL_##to_,            \
		.guard = MACHINE_F(guard_f *, call_if_##if_), .guard_name = #if_, \
		.deed = MACHINE_F(deed_f *, call_do_##do_), .deed_name = #do_     \
	}

/* clang-format off */
static const struct machine_row rows[] = {
/*	in          on           if                do                 go to */
	R(IDLE,       INVITE,      is_rejected,      reject_verdict,    ENDED     ),
	R(IDLE,       INVITE,      is_feature,       act,               ACTING    ),
	R(IDLE,       INVITE,      is_refused,       refuse,            ENDED     ),
	R(IDLE,       INVITE,      may_forward,      forward,           TRYING    ),
	R(IDLE,       INVITE,      may_cover,        cover,             TRYING    ),
	R(IDLE,       INVITE,      always,           pass,              TRYING    ),
	R(IDLE,       CANCEL,      always,           reject_cancelled,  ENDED     ),
	R(IDLE,       REQUEST,     always,           reply_481,         STAY      ),
	R(IDLE,       BYE,         always,           reply_481,         STAY      ),
	R(IDLE,       BROKEN,      always,           tell_broken,       ENDED     ),

	R(TRYING,     PROGRESS,    always,           ring,              RINGING   ),
	R(TRYING,     ANSWER,      always,           relay_answer,      ANSWERED  ),
	R(TRYING,     BUSY,        may_forward,      forward,           TRYING    ),
	R(TRYING,     BUSY,        is_refused,       refuse,            ENDED     ),
	R(TRYING,     BUSY,        may_cover,        cover,             TRYING    ),
	R(TRYING,     BUSY,        always,           relay_failure,     ENDED     ),
	R(TRYING,     UNREACHABLE, may_forward,      forward,           TRYING    ),
	R(TRYING,     UNREACHABLE, is_refused,       refuse,            ENDED     ),
	R(TRYING,     UNREACHABLE, may_cover,        cover,             TRYING    ),
	R(TRYING,     UNREACHABLE, always,           relay_failure,     ENDED     ),
	R(TRYING,     FAILURE,     always,           relay_failure,     ENDED     ),
	R(TRYING,     TIMEOUT,     may_forward,      cancel_callee,     REPLACING ),
	R(TRYING,     TIMEOUT,     is_refused,       cancel_refuse,     ENDING    ),
	R(TRYING,     TIMEOUT,     may_cover,        cancel_callee,     REPLACING ),
	R(TRYING,     TIMEOUT,     always,           give_up,           ENDING    ),
	R(TRYING,     CANCEL,      is_proxied,       cancel_callee,     CANCELLING),
	R(TRYING,     CANCEL,      always,           cancel_both,       ENDING    ),
	R(TRYING,     REQUEST,     always,           relay_request,     STAY      ),
	R(TRYING,     BYE,         is_proxied,       relay_bye,         CANCELLING),
	R(TRYING,     BYE,         from_caller,      bye_early,         ENDING    ),
	/* RFC 3261 15: the callee may not */
	R(TRYING,     BYE,         always,           reply_481,         STAY      ),
	R(TRYING,     BROKEN,      is_callee_over,   tell_broken,       ENDED     ),
	R(TRYING,     BROKEN,      is_callee_owned,  break_answer,      ENDING    ),
	R(TRYING,     BROKEN,      always,           break_off,         ENDING    ),

	R(RINGING,    PROGRESS,    always,           relay_progress,    STAY      ),
	R(RINGING,    ANSWER,      always,           relay_answer,      ANSWERED  ),
	R(RINGING,    BUSY,        may_forward,      forward,           TRYING    ),
	R(RINGING,    BUSY,        is_refused,       refuse,            ENDED     ),
	R(RINGING,    BUSY,        may_cover,        cover,             TRYING    ),
	R(RINGING,    BUSY,        always,           relay_failure,     ENDED     ),
	R(RINGING,    UNREACHABLE, may_forward,      forward,           TRYING    ),
	R(RINGING,    UNREACHABLE, is_refused,       refuse,            ENDED     ),
	R(RINGING,    UNREACHABLE, may_cover,        cover,             TRYING    ),
	R(RINGING,    UNREACHABLE, always,           relay_failure,     ENDED     ),
	R(RINGING,    FAILURE,     always,           relay_failure,     ENDED     ),
	R(RINGING,    TIMEOUT,     may_forward,      cancel_callee,     REPLACING ),
	R(RINGING,    TIMEOUT,     is_refused,       cancel_refuse,     ENDING    ),
	R(RINGING,    TIMEOUT,     may_cover,        cancel_callee,     REPLACING ),
	R(RINGING,    TIMEOUT,     always,           give_up,           ENDING    ),
	R(RINGING,    CANCEL,      is_proxied,       cancel_callee,     CANCELLING),
	R(RINGING,    CANCEL,      always,           cancel_both,       ENDING    ),
	R(RINGING,    REQUEST,     always,           relay_request,     STAY      ),
	R(RINGING,    BYE,         is_proxied,       relay_bye,         CANCELLING),
	R(RINGING,    BYE,         from_caller,      bye_early,         ENDING    ),
	R(RINGING,    BYE,         always,           reply_481,         STAY      ),
	R(RINGING,    BROKEN,      is_callee_over,   tell_broken,       ENDED     ),
	R(RINGING,    BROKEN,      is_callee_owned,  break_answer,      ENDING    ),
	R(RINGING,    BROKEN,      always,           break_off,         ENDING    ),

	/* crossed the CANCEL */
	R(REPLACING,  ANSWER,      is_proxied,       relay_answer,      ANSWERED  ),
	R(REPLACING,  ANSWER,      may_forward,      swap_forward,      TRYING    ),
	R(REPLACING,  ANSWER,      always,           swap_cover,        TRYING    ),
	R(REPLACING,  BUSY,        may_forward,      forward,           TRYING    ),
	R(REPLACING,  BUSY,        always,           cover,             TRYING    ),
	R(REPLACING,  UNREACHABLE, may_forward,      forward,           TRYING    ),
	R(REPLACING,  UNREACHABLE, always,           cover,             TRYING    ),
	R(REPLACING,  FAILURE,     may_forward,      forward,           TRYING    ),
	R(REPLACING,  FAILURE,     always,           cover,             TRYING    ),
	R(REPLACING,  TIMEOUT,     may_forward,      forward,           TRYING    ),
	R(REPLACING,  TIMEOUT,     always,           cover,             TRYING    ),
	R(REPLACING,  CANCEL,      is_proxied,       await_final,       CANCELLING),
	R(REPLACING,  CANCEL,      always,           reject_cancelled,  ENDING    ),
	R(REPLACING,  REQUEST,     always,           relay_request,     STAY      ),
	R(REPLACING,  BYE,         is_proxied,       relay_bye,         CANCELLING),
	R(REPLACING,  BYE,         from_caller,      bye_replacing,     ENDING    ),
	R(REPLACING,  BYE,         always,           reply_481,         STAY      ),
	R(REPLACING,  BROKEN,      is_callee_over,   tell_broken,       ENDED     ),
	R(REPLACING,  BROKEN,      always,           tell_broken,       ENDING    ),

	R(CANCELLING, ANSWER,      always,           relay_answer,      ANSWERED  ),
	R(CANCELLING, BUSY,        always,           relay_failure,     ENDED     ),
	R(CANCELLING, UNREACHABLE, always,           relay_failure,     ENDED     ),
	R(CANCELLING, FAILURE,     always,           relay_failure,     ENDED     ),
	R(CANCELLING, TIMEOUT,     always,           reject_cancelled,  ENDED     ),
	R(CANCELLING, REQUEST,     always,           relay_request,     STAY      ),
	R(CANCELLING, BYE,         always,           relay_bye,         STAY      ),
	R(CANCELLING, BROKEN,      is_callee_over,   tell_broken,       ENDED     ),
	R(CANCELLING, BROKEN,      always,           tell_broken,       ENDING    ),

	/* another fork */
	R(ANSWERED,   ANSWER,      is_proxied,       relay_answer,      STAY      ),
	R(ANSWERED,   ACK,         from_caller,      relay_ack,         TALKING   ),
	R(ANSWERED,   ACK,         always,           relay_ack,         STAY      ),
	R(ANSWERED,   REQUEST,     always,           relay_request,     STAY      ),
	R(ANSWERED,   BYE,         is_proxied,       relay_bye,         ENDING    ),
	R(ANSWERED,   BYE,         always,           ack_pass_bye,      ENDING    ),
	R(ANSWERED,   TIMEOUT,     is_proxied,       time_out,          ENDED     ),
	/* RFC 3261 13.3.1.4 */
	R(ANSWERED,   TIMEOUT,     always,           part,              ENDING    ),
	R(ANSWERED,   BROKEN,      is_proxied,       let_go,            ENDED     ),
	R(ANSWERED,   BROKEN,      always,           break_answered,    ENDING    ),

	R(TALKING,    ANSWER,      is_proxied,       relay_answer,      STAY      ),
	/* of a re-INVITE */
	R(TALKING,    ACK,         always,           relay_ack,         STAY      ),
	R(TALKING,    REQUEST,     always,           relay_request,     STAY      ),
	R(TALKING,    BYE,         is_proxied,       relay_bye,         ENDING    ),
	R(TALKING,    BYE,         always,           pass_bye,          ENDING    ),
	R(TALKING,    BROKEN,      is_proxied,       let_go,            ENDED     ),
	R(TALKING,    BROKEN,      always,           break_talk,        ENDING    ),

	R(ACTING,     DONE,        always,           confirm,           CONFIRMED ),
	R(ACTING,     FAILURE,     always,           refuse_action,     ENDED     ),
	R(ACTING,     CANCEL,      always,           reject_cancelled,  ENDED     ),
	R(ACTING,     REQUEST,     always,           reply_481,         STAY      ),
	R(ACTING,     BYE,         always,           reply_481,         STAY      ),
	R(ACTING,     BROKEN,      always,           tell_broken,       ENDED     ),

	R(CONFIRMED,  ACK,         always,           release,           ENDING    ),
	R(CONFIRMED,  REQUEST,     always,           reply_481,         STAY      ),
	R(CONFIRMED,  BYE,         always,           take_bye,          ENDED     ),
	/* RFC 3261 13.3.1.4 */
	R(CONFIRMED,  TIMEOUT,     always,           release,           ENDING    ),
	R(CONFIRMED,  BROKEN,      always,           break_confirmed,   ENDING    ),

	/* RFC 3261 16.7: a proxy relays every 2xx */
	R(ENDING,     ANSWER,      is_proxied,       relay_answer,      ANSWERED  ),
	/* the CANCEL crossed a 200 */
	R(ENDING,     ANSWER,      always,           hang_up,           ENDING    ),
	R(ENDING,     BUSY,        always,           nothing,           ENDED     ),
	R(ENDING,     UNREACHABLE, always,           nothing,           ENDED     ),
	R(ENDING,     FAILURE,     always,           nothing,           ENDED     ),
	/* overtaken by a BYE */
	R(ENDING,     ACK,         is_proxied,       relay_ack,         STAY      ),
	R(ENDING,     REQUEST,     always,           reply_481,         STAY      ),
	/* both hung up at once */
	R(ENDING,     BYE,         always,           reply_200,         STAY      ),
	R(ENDING,     DONE,        always,           nothing,           ENDED     ),
	R(ENDING,     TIMEOUT,     always,           time_out,          ENDED     ),
	R(ENDING,     BROKEN,      always,           let_go,            ENDED     ),

	R(ENDED,      REQUEST,     always,           reply_481,         STAY      ),
	R(ENDED,      BYE,         always,           reply_481,         STAY      ),
};
/* clang-format on */

const struct call_table call_table = {
	.rows = rows,
	.count = sizeof rows / sizeof rows[0],
	.timers = {
		[CALL_IDLE] = TIMER_NONE,
		[CALL_TRYING] = TIMER_RING,
		[CALL_RINGING] = TIMER_RING,
		[CALL_REPLACING] = TIMER_TRANSACTION,
		[CALL_CANCELLING] = TIMER_TRANSACTION,
		[CALL_ANSWERED] = TIMER_TRANSACTION,
		[CALL_TALKING] = TIMER_NONE,
		[CALL_ACTING] = TIMER_NONE,
		[CALL_CONFIRMED] = TIMER_TRANSACTION,
		[CALL_ENDING] = TIMER_TRANSACTION,
		[CALL_ENDED] = TIMER_NONE,
	},
};

static bool holds(machine_f *guard, const void *self)
{
	return ((guard_f *)guard)(self);
}

static int act(machine_f *deed, void *self)
{
	return ((deed_f *)deed)(self);
}

/*
 * ON_BROKEN has the status of the failed event but no message: nothing more is relayed.
 */
static void begin(void *self, unsigned on, const void *event)
{
	struct call *call = self;
	const struct call_event *heard = event;

	if (on == ON_BROKEN) {
		call->broken = (struct call_event){
			.on = ON_BROKEN,
			.status = heard != NULL ? heard->status : 0,
		};
		heard = &call->broken;
	}
	call->event = heard;
}

static void finish(void *self)
{
	struct call *call = self;

	call->event = NULL;
}

bool call_is_ringing(const struct call *call)
{
	return call_table.timers[call->life.state] == TIMER_RING;
}

static unsigned limit_s(const struct call *call)
{
	unsigned ring_s;

	switch (call_table.timers[call->life.state]) {
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

static void arm(void *self)
{
	struct call *call = self;

	call->port->arm(call, limit_s(call));
}

static void ended(void *self)
{
	struct call *call = self;

	call->port->ended(call);
}

/* A request whose event is lost is still answered. */
static void lose(void *self, unsigned on, const void *event)
{
	struct call *call = self;
	const struct call_event *running = call->event;

	if (on != ON_REQUEST && on != ON_BYE)
		return;
	call->event = event;
	call->port->reply(call, 500);
	call->event = running;
}

static const char *state_note(unsigned state)
{
	switch (call_table.timers[state]) {
	case TIMER_RING:
		return "ring time";
	case TIMER_TRANSACTION:
		return "transaction time";
	case TIMER_NONE:
		break;
	}
	return NULL;
}

const struct machine_kind call_kind = {
	.name = "call",
	.rows = rows,
	.count = sizeof rows / sizeof rows[0],
	.states = CALL_STATES,
	.end = CALL_ENDED,
	.broken = ON_BROKEN,
	.life = offsetof(struct call, life),
	.event_size = sizeof(struct call_event),
	.always = MACHINE_F(guard_f *, call_if_always),
	.holds = holds,
	.act = act,
	.begin = begin,
	.finish = finish,
	.arm = arm,
	.ended = ended,
	.lose = lose,
	.state_name = call_state_name,
	.on_name = call_on_name,
	.state_note = state_note,
};

void call_init(struct call *call, const struct call_port *port,
	       const struct verdict *verdict, bool is_proxied)
{
	*call = (struct call){
		.port = port,
		.verdict = verdict,
		.is_proxied = is_proxied,
	};
}

void call_handle(struct call *call, const struct call_event *event)
{
	machine_handle(&call_kind, call, event->on, event);
}
