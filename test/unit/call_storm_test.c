/* SPDX-License-Identifier: MIT */
/*
 * Whatever happens to a call, in whatever order, some things stay true: it ends at most
 * once; after that nothing but responses is sent; the caller gets one final response;
 * every request is answered once; and a timer runs exactly in the states that have one.
 */
#include "call/table.h"

#include "unit.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

enum function {
	INVITE,
	PROGRESS,
	ANSWER,
	REJECT,
	CANCEL,
	ACK,
	RELAY,
	REPLY,
	BYE,
	ACT,
	CONFIRM,
	FUNCTIONS
};

enum { QUEUE = 4 };	/* the number of events that machine_handle() queues */

/* Check writes a message for each assertion that holds; that is too slow for a storm. */
#define MUST_SAY(condition, ...) ((condition) ? (void)0 : ck_abort_msg(__VA_ARGS__))
#define MUST(condition) MUST_SAY(condition, "%s", #condition)

/* The message of a request: how often it was answered. */
struct exchange {
	unsigned answers;
};

struct witness {
	struct call call;
	struct verdict verdict;
	unsigned broken;		/* a bit for each port function that always fails */
	uint64_t random;		/* state of the generator; 0 = nothing is left to chance */
	unsigned nested;		/* events a port function may still raise */
	const struct call_event *raise;	/* raised by the next port function */
	unsigned raises;
	unsigned done[FUNCTIONS];	/* how often it went well */
	unsigned ended;
	unsigned armed_s;
	char order[64];			/* first letters of what was done */
};

static struct witness *witness_of(struct call *call)
{
	return (struct witness *)call;
}

/* xorshift64: the same events for the same seed, on every machine. */
static unsigned draw(struct witness *witness, unsigned below)
{
	witness->random ^= witness->random << 13;
	witness->random ^= witness->random >> 7;
	witness->random ^= witness->random << 17;
	return (unsigned)(witness->random >> 33) % below;
}

static void raise_random(struct witness *witness, struct exchange *asked);

static int act(struct call *call, enum function function)
{
	static struct exchange nothing;
	struct witness *witness = witness_of(call);
	const struct call_event *raise = witness->raise;
	bool fails = (witness->broken >> function & 1) != 0;

	MUST(call->event != NULL);
	MUST_SAY(call_state(call) != CALL_ENDED || function == REPLY,
		 "function %d after the end", function);
	witness->raise = NULL;
	for (unsigned i = 0; raise != NULL && i < witness->raises; i++)
		call_handle(call, &raise[i]);
	if (witness->random != 0) {
		fails = fails || draw(witness, 16) == 0;
		if (witness->nested > 0 && draw(witness, 4) == 0) {
			witness->nested--;
			raise_random(witness, &nothing);
		}
	}
	if (fails)
		return -EIO;
	if (strlen(witness->order) < sizeof witness->order - 1)
		witness->order[strlen(witness->order)] = "IPARCKLYBTF"[function];
	witness->done[function]++;
	return 0;
}

static int do_invite(struct call *call, const struct target *target)
{
	MUST(target != NULL);
	return act(call, INVITE);
}

static int do_progress(struct call *call, int status)
{
	MUST(status > 100);
	MUST(status < 200);
	return act(call, PROGRESS);
}

static int do_answer(struct call *call)
{
	MUST(call->event->status / 100 == 2);
	return act(call, ANSWER);
}

static int do_act(struct call *call)
{
	MUST(call->verdict->kind == VERDICT_FEATURE);
	return act(call, ACT);
}

static int do_confirm(struct call *call)
{
	MUST(!call->is_proxied);
	return act(call, CONFIRM);
}

static int do_reject(struct call *call, int status, const struct verdict *why)
{
	(void)why;
	MUST(status >= 300);
	MUST(status < 700);
	return act(call, REJECT);
}

static int do_cancel(struct call *call)
{
	return act(call, CANCEL);
}

static int do_ack(struct call *call)
{
	return act(call, ACK);
}

static int answer_request(struct call *call, enum function function)
{
	struct exchange *asked = call->event->message;
	int err;

	MUST(call->event->on == ON_REQUEST || call->event->on == ON_BYE);
	err = act(call, function);
	if (err == 0 && asked != NULL)
		asked->answers++;
	return err;
}

static int do_relay(struct call *call)
{
	return answer_request(call, RELAY);
}

static int do_reply(struct call *call, int status)
{
	MUST(status >= 200);
	return answer_request(call, REPLY);
}

static int do_bye(struct call *call, enum call_side side)
{
	MUST(side == SIDE_CALLER || side == SIDE_CALLEE);
	MUST(!call->is_proxied);
	return act(call, BYE);
}

static void do_arm(struct call *call, unsigned seconds)
{
	MUST(witness_of(call)->ended == 0);
	witness_of(call)->armed_s = seconds;
}

static void do_note(struct call *call, enum call_note what, int status, const char *rule,
		    const char *to)
{
	(void)rule;
	(void)to;
	MUST(status >= 0);
	MUST(call_note_name(what) != NULL);
	MUST(witness_of(call)->ended == 0);
	MUST(call->why == NULL || what == NOTE_REFUSE || what == NOTE_PASS_OVER);
}

static void do_ended(struct call *call)
{
	MUST(call_state(call) == CALL_ENDED);
	witness_of(call)->ended++;
}

static const struct call_port port = {
	.invite = do_invite,
	.progress = do_progress,
	.answer = do_answer,
	.act = do_act,
	.confirm = do_confirm,
	.reject = do_reject,
	.cancel = do_cancel,
	.ack = do_ack,
	.relay = do_relay,
	.reply = do_reply,
	.bye = do_bye,
	.arm = do_arm,
	.note = do_note,
	.ended = do_ended,
};

/* Verdicts of the features. */
enum { VERDICTS = 9 };

static struct verdict verdict_of(unsigned kind)
{
	static const struct redirect allowed = { .destination = "2002",
						 .rule = "forwarding" };
	static const struct redirect refused = { .destination = "2002",
						 .refusal = 482,
						 .sentence = "a loop",
						 .rule = "forwarding" };
	static const struct redirect points[] = {
		{ .destination = "3001", .rule = "coverage", .ring_s = 5 },
		{ .destination = "3002",
		  .rule = "coverage",
		  .refusal = 403,
		  .sentence = "not permitted" },
		{ .destination = "3003", .rule = "coverage", .ring_s = 5 },
	};
	static const struct redirect chained[FORWARD_CONDITIONS] = {
		[FORWARD_BUSY] = { .destination = "2003", .rule = "forwarding" },
		[FORWARD_NO_ANSWER] = { .destination = "2004", .rule = "forwarding" },
		[FORWARD_UNREACHABLE] = { .destination = "2005",
					  .rule = "forwarding",
					  .refusal = 480 },
	};
	struct verdict verdict = { .kind = VERDICT_PASS, .rule = "" };

	switch (kind) {
	case 0:
		break;
	case 1:
		verdict.kind = VERDICT_REJECT;
		verdict.status = 403;
		break;
	case 2:
		verdict.kind = VERDICT_FORWARD;
		verdict.redirect[FORWARD_UNCONDITIONAL] = allowed;
		break;
	case 5:		/* coverage, before it rings and afterwards */
	case 6:
		verdict.ring_s = 20;
		for (unsigned i = kind - 5; i < COVER_WHENS; i++)
			verdict.coverage[i] = (struct coverage){ points, 3 };
		verdict.kind = kind == 5 ? VERDICT_COVER : VERDICT_PASS;
		break;
	case 7:		/* a chain, and coverage after it */
		for (unsigned i = FORWARD_BUSY; i < FORWARD_CONDITIONS; i++) {
			verdict.redirect[i] = allowed;
			verdict.redirect[i].next = chained;
			verdict.redirect[i].ring_s = 5;
		}
		for (unsigned i = 0; i < COVER_WHENS; i++)
			verdict.coverage[i] = (struct coverage){ points, 3 };
		break;
	case 8:
		verdict.kind = VERDICT_FEATURE;
		verdict.action = ACTION_SEND_ALL_CALLS_ON;
		break;
	default:
		verdict.ring_s = 20;
		for (unsigned i = FORWARD_BUSY; i < FORWARD_CONDITIONS; i++)
			verdict.redirect[i] = kind == 3 ? allowed : refused;
		break;
	}
	return verdict;
}

static void begin(struct witness *witness, unsigned verdict, bool is_proxied)
{
	memset(witness, 0, sizeof *witness);
	witness->verdict = verdict_of(verdict);
	/* A feature has no called side, so the dialog is halfcalld's own in the proxy
	 * model too. */
	call_init(&witness->call, &port, &witness->verdict,
		  is_proxied && witness->verdict.kind != VERDICT_FEATURE);
}

static bool is_of_feature(enum call_state state)
{
	return state == CALL_ACTING || state == CALL_CONFIRMED;
}

static struct call_event event_of(enum call_on on, enum call_side from)
{
	static const int statuses[CALL_ONS] = {
		[ON_PROGRESS] = 180, [ON_ANSWER] = 200, [ON_BUSY] = 486,
		[ON_UNREACHABLE] = 503, [ON_FAILURE] = 404,
	};
	bool is_response = statuses[on] != 0;

	return (struct call_event){
		.on = on,
		.status = statuses[on],
		.from = is_response ? SIDE_CALLEE : from,
	};
}

static bool asks(const struct call_event *event)
{
	return event->on == ON_REQUEST || event->on == ON_BYE;
}

static void expect_order(const struct witness *witness)
{
	const struct call *call = &witness->call;
	bool has_timer = call_table.timers[call_state(call)] != TIMER_NONE;

	MUST(call->event == NULL);
	MUST(call->life.turn == NULL);
	MUST_SAY((witness->armed_s != 0) == has_timer, "%s with a timer of %u s",
		 call_state_name(call_state(call)), witness->armed_s);
	MUST(witness->ended == (call_state(call) == CALL_ENDED));
}

static void raise_random(struct witness *witness, struct exchange *asked)
{
	enum call_on on = (enum call_on)draw(witness, CALL_ONS);
	struct call_event event =
		event_of(on, draw(witness, 2) == 0 ? SIDE_CALLER : SIDE_CALLEE);

	event.message = asks(&event) ? asked : NULL;
	call_handle(&witness->call, &event);
}

/* One event in one state, with one function broken (FUNCTIONS = none). */
static void try_once(enum call_state state, struct call_event event, bool is_proxied,
		     unsigned setting)
{
	unsigned broken = setting % (FUNCTIONS + 1), verdict = setting / (FUNCTIONS + 1);
	struct exchange asked = { 0 };
	struct witness witness;

	begin(&witness, is_of_feature(state) ? VERDICTS - 1 : verdict, is_proxied);
	witness.call.life.state = (uint8_t)state;
	witness.ended = state == CALL_ENDED;
	witness.armed_s = call_table.timers[state] != TIMER_NONE;
	witness.broken = 1u << broken;
	event.message = asks(&event) ? &asked : NULL;
	call_handle(&witness.call, &event);
	expect_order(&witness);
	if (asks(&event) && broken != REPLY)
		MUST_SAY(asked.answers == 1, "%s: %s answered %u times",
			 call_state_name(state), call_on_name(event.on), asked.answers);
}

START_TEST(every_event_in_every_state_leaves_order)
{
	enum call_state state = (enum call_state)_i;

	for (unsigned on = 0; on < CALL_ONS; on++)
		for (unsigned setting = 0; setting < VERDICTS * (FUNCTIONS + 1);
		     setting++)
			for (unsigned who = 0; who < 4; who++)
				try_once(state,
					 event_of((enum call_on)on,
						  who % 2 == 0 ? SIDE_CALLER
							       : SIDE_CALLEE),
					 who / 2 == 0, setting);
}
END_TEST

static const uint64_t seeds[] = {
	1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597,
};

/* Raises up to 40 events on a new call, then checks what the caller received. */
static void storm(struct witness *witness, uint64_t seed)
{
	struct call_event invite = event_of(ON_INVITE, SIDE_CALLER);

	begin(witness, (unsigned)(seed % VERDICTS), seed / VERDICTS % 2 == 0);
	witness->random = seed * 0x9e3779b97f4a7c15u | 1;
	witness->nested = seed / 10 % 2 == 0 ? 0 : 8;
	call_handle(&witness->call, &invite);
	for (unsigned i = 0; i < 40; i++) {
		struct exchange asked = { 0 };

		raise_random(witness, &asked);
		expect_order(witness);
		MUST(asked.answers <= 1);
	}
	MUST(witness->done[REJECT] <= 1);
	/* RFC 3261 16.7: a proxy forwards each 2xx, whatever went before. */
	if (!witness->call.is_proxied)
		MUST(witness->done[REJECT] + witness->done[ANSWER] +
			     witness->done[CONFIRM] <=
		     1);
	MUST(witness->done[ACT] <= 1);
	if (witness->done[REJECT] + witness->done[ANSWER] + witness->done[CONFIRM] > 0)
		MUST(witness->call.status != 0);
	/* As dialled, two forwardings in sequence, two points that are not refused. */
	MUST(witness->done[INVITE] <= 5);
}

START_TEST(a_storm_of_events_leaves_order)
{
	struct witness witness;
	unsigned ended = 0;

	for (uint64_t i = 0; i < 500; i++) {
		storm(&witness, seeds[_i] * 1000 + i);
		ended += witness.ended;
	}
	/* Enough calls must have ended, or the events were too few to prove anything. */
	MUST(ended > 250);
}
END_TEST

static void talk(struct witness *witness)
{
	static const enum call_on ons[] = { ON_INVITE, ON_ANSWER, ON_ACK };

	begin(witness, 0, false);
	for (size_t i = 0; i < sizeof ons / sizeof ons[0]; i++) {
		struct call_event event = event_of(ons[i], SIDE_CALLER);

		call_handle(&witness->call, &event);
	}
	ck_assert_int_eq(call_state(&witness->call), CALL_TALKING);
	memset(witness->order, 0, sizeof witness->order);
}

START_TEST(events_raised_by_a_deed_wait_in_order)
{
	struct witness witness;
	struct call_event request = event_of(ON_REQUEST, SIDE_CALLER);
	struct call_event raised[] = {
		event_of(ON_ACK, SIDE_CALLER),
		event_of(ON_REQUEST, SIDE_CALLER),
		event_of(ON_BYE, SIDE_CALLEE),
		event_of(ON_DONE, SIDE_CALLEE),
	};

	talk(&witness);
	witness.raise = raised;
	witness.raises = QUEUE;
	call_handle(&witness.call, &request);
	expect_order(&witness);
	/* relay; then ack, relay, reply and bye; then the end */
	ck_assert_str_eq(witness.order, "LKLYB");
	ck_assert_int_eq(call_state(&witness.call), CALL_ENDED);
}
END_TEST

START_TEST(more_events_than_the_queue_holds_break_the_call_but_answer_requests)
{
	struct exchange asked[QUEUE + 2] = { 0 };
	struct call_event raised[QUEUE + 2];
	struct call_event request = event_of(ON_REQUEST, SIDE_CALLER);
	struct witness witness;

	talk(&witness);
	for (unsigned i = 0; i < QUEUE + 2; i++) {
		raised[i] = request;
		raised[i].message = &asked[i];
	}
	witness.raise = raised;
	witness.raises = QUEUE + 2;
	call_handle(&witness.call, &request);
	expect_order(&witness);
	/* two replies at once, the relay that was running, both BYEs, four times 481 */
	ck_assert_str_eq(witness.order, "YYLBBYYYY");
	ck_assert_int_eq(call_state(&witness.call), CALL_ENDING);
	for (unsigned i = 0; i < QUEUE + 2; i++)
		ck_assert_uint_eq(asked[i].answers, 1);
}
END_TEST

START_TEST(a_failed_deed_is_handled_before_what_it_raised)
{
	struct call_event raised = event_of(ON_DONE, SIDE_CALLEE);
	struct call_event ack = event_of(ON_ACK, SIDE_CALLER);
	struct witness witness;

	talk(&witness);
	witness.broken = 1u << ACK;
	witness.raise = &raised;
	witness.raises = 1;
	call_handle(&witness.call, &ack);
	expect_order(&witness);
	ck_assert_str_eq(witness.order, "BB");
	ck_assert_int_eq(call_state(&witness.call), CALL_ENDED);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("call storm");
	TCase *tests = tcase_create("storm");

	tcase_add_loop_test(tests, every_event_in_every_state_leaves_order, 0,
			    CALL_STATES);
	tcase_add_loop_test(tests, a_storm_of_events_leaves_order, 0,
			    (int)(sizeof seeds / sizeof seeds[0]));
	tcase_add_test(tests, events_raised_by_a_deed_wait_in_order);
	tcase_add_test(
		tests,
		more_events_than_the_queue_holds_break_the_call_but_answer_requests);
	tcase_add_test(tests, a_failed_deed_is_handled_before_what_it_raised);
	suite_add_tcase(suite, tests);
	return suite;
}
