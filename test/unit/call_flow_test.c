/* SPDX-License-Identifier: MIT */
/*
 * Plays every flow of test/flow against the call's table.  Lines besides those of flow.h:
 *
 *	set model proxy			the other call model (default b2bua)
 *	set forward busy 2002		a forwarding the features allowed; for `no-answer` a
 *					third word is the ring time in seconds
 *	set refuse busy 2002 482	a forwarding the features refused
 *	set chain busy 2002 busy 2003	a forwarding of that forwarding's target; a sixth word is
 *					the ring time of 2003 in seconds
 *	set cover busy 3001 20		the next coverage point for busy, no-answer or at-once,
 *					and its ring time
 *	set pass busy 3001 482		a coverage point the features refused
 *	set ways on			`< invite 3001` also tells the way: each party and why
 *					the one before was left
 *	set reject 403			the features said no
 *	set feature 2002		no call: an action, and its number
 *	set ring 20			the ring time alone
 *	> BUSY 486			an event and its status; requests inside the dialog
 *					name their sender: > REQUEST INFO callee
 */
#include "base/list.h"
#include "call/table.h"
#include "flow.h"
#include "unit.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 256, TEXTS = 8, POINTS = 4 };

static const char *const functions[] = {
	"invite", "progress", "answer", "reject", "cancel",  "ack",
	"relay",  "reply",    "bye",	"act",	  "confirm", NULL,
};

struct player {
	struct flow flow;
	struct call call;
	struct verdict verdict;
	struct redirect chain[FORWARD_CONDITIONS][FORWARD_CONDITIONS];
	struct redirect points[COVER_WHENS][POINTS];
	bool has_ways;
	unsigned ended;
	char text[TEXTS][FLOW_WORD];	/* what the verdict borrows */
	unsigned texts;
};

static bool row_is_used[ROWS];

/* A port whose functions write a line each. */

static struct player *player_of(struct call *call)
{
	const struct machine_row *row = machine_row(&call->life);

	if (row != NULL)
		row_is_used[row - call_table.rows] = true;
	return container_of(call, struct player, call);
}

static struct flow *flow_of(struct call *call)
{
	return &player_of(call)->flow;
}

static const char *const diversions[DIVERSIONS] = {
	[DIVERSION_UNCONDITIONAL] = "unconditional",
	[DIVERSION_BUSY] = "busy",
	[DIVERSION_NO_ANSWER] = "no-answer",
	[DIVERSION_UNREACHABLE] = "unreachable",
	[DIVERSION_COVER_ALL] = "cover-all",
	[DIVERSION_COVER_BUSY] = "cover-busy",
	[DIVERSION_COVER_NO_REPLY] = "cover-no-reply",
	[DIVERSION_SEND_ALL_CALLS] = "send-all-calls",
};

static int write_invite(struct call *call, const struct target *target)
{
	const char *to = target->destination != NULL ? target->destination : "2001";
	char way[FLOW_LINE] = "";

	if (strcmp(to, target->hop_count > 0 ? target->hops[target->hop_count - 1].to
					     : "2001") != 0)
		flow_wrong(flow_of(call), "the way does not lead to %s", to);
	snprintf(way, sizeof way, "%s", to);
	for (unsigned i = 0; player_of(call)->has_ways && i < target->hop_count; i++)
		snprintf(way + strlen(way), sizeof way - strlen(way), " %s>%s",
			 diversions[target->hops[i].why], target->hops[i].to);
	return flow_act(flow_of(call), "invite", way);
}

static int write_progress(struct call *call, int status)
{
	return flow_act_number(flow_of(call), "progress", status);
}

static int write_answer(struct call *call)
{
	return flow_act(flow_of(call), "answer", "");
}

static int write_act(struct call *call)
{
	return flow_act(flow_of(call), "act", call->verdict->argument);
}

static int write_confirm(struct call *call)
{
	return flow_act(flow_of(call), "confirm", "");
}

static int write_reject(struct call *call, int status, const struct verdict *why)
{
	/* The status of a refused action comes from the port. */
	if (why != NULL && why->kind != VERDICT_FEATURE && why->status != status)
		flow_wrong(flow_of(call), "rejected by a verdict of another status");
	return flow_act_number(flow_of(call), "reject", status);
}

static int write_cancel(struct call *call)
{
	return flow_act(flow_of(call), "cancel", "");
}

static int write_ack(struct call *call)
{
	return flow_act(flow_of(call), "ack", "");
}

static int write_relay(struct call *call)
{
	return flow_act(flow_of(call), "relay", "");
}

static int write_reply(struct call *call, int status)
{
	return flow_act_number(flow_of(call), "reply", status);
}

static int write_bye(struct call *call, enum call_side side)
{
	return flow_act(flow_of(call), "bye", side == SIDE_CALLER ? "caller" : "callee");
}

static void remember_timer(struct call *call, unsigned seconds)
{
	flow_arm(flow_of(call), seconds);
}

static void write_note(struct call *call, enum call_note what, int status,
		       const char *rule, const char *to)
{
	struct flow *flow = flow_of(call);

	if (flow->has_notes)
		flow_write(flow, "note %s %d%s%s%s%s", call_note_name(what), status,
			   rule != NULL ? " " : "", rule != NULL ? rule : "",
			   to != NULL ? " " : "", to != NULL ? to : "");
}

static void count_end(struct call *call)
{
	player_of(call)->ended++;
}

static const struct call_port port = {
	.invite = write_invite,
	.progress = write_progress,
	.answer = write_answer,
	.act = write_act,
	.confirm = write_confirm,
	.reject = write_reject,
	.cancel = write_cancel,
	.ack = write_ack,
	.relay = write_relay,
	.reply = write_reply,
	.bye = write_bye,
	.arm = remember_timer,
	.note = write_note,
	.ended = count_end,
};

/* The functions of flow_kind (flow.h).  Each returns whether the flow goes on. */

static struct player *player_in(struct flow *flow)
{
	return container_of(flow, struct player, flow);
}

static const char *state(const struct flow *flow)
{
	return call_state_name(call_state(&((const struct player *)flow)->call));
}

static bool happen(struct flow *flow, const struct call_event *event)
{
	struct player *player = player_in(flow);
	bool has_timer;

	call_handle(&player->call, event);
	has_timer = call_table.timers[call_state(&player->call)] != TIMER_NONE;
	if ((flow->armed_s != 0) != has_timer)
		return flow_wrong(flow, "%s has a timer of %u s", state(flow),
				  flow->armed_s);
	if (player->ended != (call_state(&player->call) == CALL_ENDED))
		return flow_wrong(flow, "%s, and told to have ended %u times",
				  state(flow), player->ended);
	return flow_is_good(flow);
}

static const char *keep(struct player *player, const char *text)
{
	ck_assert_uint_lt(player->texts, TEXTS);
	snprintf(player->text[player->texts], sizeof player->text[0], "%s", text);
	return player->text[player->texts++];
}

static bool set_chain(struct flow *flow, char *const word[], unsigned words)
{
	struct player *player = player_in(flow);
	int first = words >= 6 ? forward_condition_by_name(word[2]) : -1;
	int second = words >= 6 ? forward_condition_by_name(word[4]) : -1;
	struct redirect *redirect = &player->verdict.redirect[first < 0 ? 0 : first];

	if (first < 0 || second < 0 || redirect->destination == NULL ||
	    strcmp(redirect->destination, word[3]) != 0)
		return flow_wrong(flow, "set chain: from which forwarding to which?");
	player->chain[first][second] = (struct redirect){
		.destination = keep(player, word[5]),
		.rule = "forwarding:chained",
	};
	redirect->next = player->chain[first];
	if (words > 6)
		redirect->ring_s = (unsigned)atoi(word[6]);
	return true;
}

static bool set_cover(struct flow *flow, char *const word[], unsigned words)
{
	static const char *const whens[COVER_WHENS] = { "at-once", "busy", "no-answer" };
	static const struct hop send_all = { DIVERSION_SEND_ALL_CALLS, "3001" };
	struct player *player = player_in(flow);
	bool is_refused = strcmp(word[1], "pass") == 0;
	struct coverage *coverage;
	struct redirect *point;
	unsigned when = 0;

	while (when < COVER_WHENS && strcmp(whens[when], word[2]) != 0)
		when++;
	if (when == COVER_WHENS || words != 5)
		return flow_wrong(flow, "set %s: needs condition, target and seconds",
				  word[1]);
	coverage = &player->verdict.coverage[when];
	ck_assert_uint_lt(coverage->count, POINTS);
	coverage->points = player->points[when];
	point = &player->points[when][coverage->count++];
	point->destination = keep(player, word[3]);
	point->rule = is_refused ? "coverage:loop" : "coverage:point";
	if (is_refused)
		point->refusal = atoi(word[4]);
	else
		point->ring_s = (unsigned)atoi(word[4]);
	if (when == COVER_AT_ONCE && strcmp(word[3], send_all.to) == 0) {
		point->hops = &send_all;
		point->hop_count = 1;
	}
	if (when == COVER_AT_ONCE)
		player->verdict.kind = VERDICT_COVER;
	return true;
}

static bool set_redirect(struct flow *flow, char *const word[], unsigned words)
{
	static const char *const rules[FORWARD_CONDITIONS] = {
		"forwarding:unconditional",
		"forwarding:busy",
		"forwarding:no-answer",
		"forwarding:unreachable",
	};
	struct player *player = player_in(flow);
	bool is_refused = strcmp(word[1], "refuse") == 0;
	int condition = words > 3 ? forward_condition_by_name(word[2]) : -1;

	if (condition < 0 || (is_refused && words != 5))
		return flow_wrong(flow, "set %s: needs condition and target", word[1]);
	player->verdict.redirect[condition] = (struct redirect){
		.destination = keep(player, word[3]),
		.refusal = is_refused ? atoi(word[4]) : 0,
		.rule = rules[condition],
	};
	if (condition == FORWARD_UNCONDITIONAL)
		player->verdict.kind = VERDICT_FORWARD;
	if (!is_refused && words == 5)
		player->verdict.ring_s = (unsigned)atoi(word[4]);
	return true;
}

static bool set(struct flow *flow, char *const word[], unsigned words)
{
	struct player *player = player_in(flow);

	if (strcmp(word[1], "forward") == 0 || strcmp(word[1], "refuse") == 0)
		return set_redirect(flow, word, words);
	if (strcmp(word[1], "cover") == 0 || strcmp(word[1], "pass") == 0)
		return set_cover(flow, word, words);
	if (strcmp(word[1], "chain") == 0)
		return set_chain(flow, word, words);
	if (strcmp(word[1], "model") == 0 && strcmp(word[2], "proxy") == 0) {
		player->call.is_proxied = true;
	} else if (strcmp(word[1], "reject") == 0) {
		player->verdict.kind = VERDICT_REJECT;
		player->verdict.status = atoi(word[2]);
		player->verdict.rule = "calling-party:outward";
	} else if (strcmp(word[1], "feature") == 0) {
		player->verdict.kind = VERDICT_FEATURE;
		player->verdict.rule = "feature-code";
		player->verdict.argument = keep(player, word[2]);
	} else if (strcmp(word[1], "ways") == 0) {
		player->has_ways = strcmp(word[2], "on") == 0;
	} else if (strcmp(word[1], "ring") == 0) {
		player->verdict.ring_s = (unsigned)atoi(word[2]);
	} else {
		return flow_wrong(flow, "set %s %s: unknown", word[1], word[2]);
	}
	return true;
}

static int on_find(const char *name)
{
	for (unsigned on = 0; on < CALL_ONS; on++)
		if (strcmp(call_on_name(on), name) == 0)
			return (int)on;
	return -1;
}

static bool is_response(enum call_on on)
{
	return on >= ON_PROGRESS && on <= ON_FAILURE;
}

/* Whether a port could raise this event: 486 must be BUSY, and a BYE must have a
 * sender. */
static bool event_makes_sense(struct flow *flow, const struct call_event *event,
			      bool has_side)
{
	if (is_response(event->on) && event->status < 200)
		return event->on == ON_PROGRESS && event->status > 100
			       ? true
			       : flow_wrong(flow, "%s has no status %d",
					    call_on_name(event->on), event->status);
	if (is_response(event->on) && call_on_final(event->status) != event->on)
		return flow_wrong(flow, "%d is %s", event->status,
				  call_on_name(call_on_final(event->status)));
	if ((event->on == ON_REQUEST || event->on == ON_BYE) && !has_side)
		return flow_wrong(flow, "%s needs its sender", call_on_name(event->on));
	return true;
}

static bool raise_event(struct flow *flow, char *const word[], unsigned words)
{
	struct call_event event = { .from = SIDE_CALLER };
	int on = words > 1 ? on_find(word[1]) : -1;
	bool has_side = false;

	if (on < 0 || on == ON_TIMEOUT)
		return flow_wrong(flow, "`%s` is no event of a flow",
				  words > 1 ? word[1] : "");
	event.on = (enum call_on)on;
	if (is_response(event.on))
		event.from = SIDE_CALLEE;
	for (unsigned i = 2; i < words; i++) {
		if (strcmp(word[i], "callee") == 0 || strcmp(word[i], "caller") == 0) {
			event.from = strcmp(word[i], "callee") == 0 ? SIDE_CALLEE
								    : SIDE_CALLER;
			has_side = true;
		} else {
			event.status = atoi(word[i]);
		}
	}
	return event_makes_sense(flow, &event, has_side) && happen(flow, &event);
}

static bool run_out(struct flow *flow)
{
	return happen(flow, &(struct call_event){ .on = ON_TIMEOUT });
}

static const struct flow_kind kind = {
	.functions = functions,
	.set = set,
	.raise = raise_event,
	.run_out = run_out,
	.state = state,
};

/* Plays TEXT; FAULT is "" if it went as written, else a sentence with its place. */
static void play(FILE *text, const char *name, char fault[static 512])
{
	struct player player = { .flow = {
					 .kind = &kind, .name = name, .fault = fault } };

	player.verdict.rule = "";
	call_init(&player.call, &port, &player.verdict, false);
	flow_play(&player.flow, text);
}

static glob_t flows;

static void play_file(const char *path, char fault[static 512])
{
	const char *name = path + sizeof SOURCE_DIR;
	FILE *text = fopen(path, "r");

	ck_assert_ptr_nonnull(text);
	play(text, name, fault);
	fclose(text);
}

START_TEST(the_flow_goes_as_written)
{
	char fault[512];

	play_file(flows.gl_pathv[_i], fault);
	if (fault[0] != '\0')
		ck_abort_msg("%s", fault);
}
END_TEST

START_TEST(every_row_is_used_by_a_flow)
{
	char fault[512];
	unsigned missing = 0;

	ck_assert_uint_le(call_table.count, ROWS);
	memset(row_is_used, 0, sizeof row_is_used);
	for (size_t i = 0; i < flows.gl_pathc; i++)
		play_file(flows.gl_pathv[i], fault);
	for (size_t i = 0; i < call_table.count; i++) {
		const struct machine_row *row = &call_table.rows[i];

		if (row_is_used[i])
			continue;
		missing++;
		fprintf(stderr, "no flow uses %s %s %s\n", call_state_name(row->in),
			call_on_name(row->on), row->guard_name);
	}
	ck_assert_uint_eq(missing, 0);
}
END_TEST

/* Flows with one fault each: the player must report it, or no flow proves anything. */
START_TEST(a_flow_that_lies_is_found_out)
{
	static const struct {
		const char *text, *fault;
	} lies[] = {
		{ "> INVITE\n< invite 2002\n",
		  "f:2: expected `< invite 2002`, actual `< invite 2001`" },
		{ "> INVITE\n= TRYING\n", "f:2: expected nothing more, actual `< invite 2001`" },
		{ "> INVITE\n", "f:1: expected nothing more, actual `< invite 2001`" },
		{ "> INVITE\n< invite 2001\n= RINGING\n",
		  "f:3: expected `= RINGING`, actual `= TRYING`" },
		{ "> INVITE\n< invite 2001\n< cancel\n", "f:3: expected `< cancel`, actual nothing" },
		{ "~\n", "f:1: no timer runs in IDLE" },
		{ "> INVITE\n< invite 2001\n~ 20\n", "f:3: expected a timer of 20 s, actual 240 s" },
		{ "> BUSY 403\n", "f:1: 403 is FAILURE" },
		{ "> PROGRESS 100\n", "f:1: PROGRESS has no status 100" },
		{ "> BYE\n", "f:1: BYE needs its sender" },
		{ "> TIMEOUT\n", "f:1: `TIMEOUT` is no event of a flow" },
		{ "set broken telephone\n", "f:1: set broken telephone: unknown" },
		{ "set forward 2002\n", "f:1: set forward: needs condition and target" },
		{ "set cover never 3001 20\n", "f:1: set cover: needs condition, target and seconds" },
		{ "set chain busy 2002 busy 2003\n",
		  "f:1: set chain: from which forwarding to which?" },
		{ "\n\n? what\n", "f:3: `?` begins no line" },
		{ "# only a comment\n", "f:1: nothing happens in this flow" },
	};
	char text[128], fault[512];

	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		int length = snprintf(text, sizeof text, "%s", lies[i].text);
		FILE *flow = fmemopen(text, (size_t)length, "r");

		ck_assert_ptr_nonnull(flow);
		play(flow, "f", fault);
		fclose(flow);
		ck_assert_str_eq(fault, lies[i].fault);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("call flow");
	TCase *flow = tcase_create("flow"), *player = tcase_create("player");

	if (glob(SOURCE_DIR "/test/flow/*.flow", 0, NULL, &flows) != 0) {
		fputs("no flows in " SOURCE_DIR "/test/flow\n", stderr);
		return NULL;
	}
	suite_add_tcase(suite, flow);
	tcase_add_loop_test(flow, the_flow_goes_as_written, 0, (int)flows.gl_pathc);
	suite_add_tcase(suite, player);
	tcase_add_test(player, every_row_is_used_by_a_flow);
	tcase_add_test(player, a_flow_that_lies_is_found_out);
	return suite;
}
