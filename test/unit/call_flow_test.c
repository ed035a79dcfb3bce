/* SPDX-License-Identifier: MIT */
/*
 * Plays every flow of test/flow against the call's table.  A line of a flow is one of
 *
 *	# ...				a comment
 *	set model proxy			the other call model (default b2bua)
 *	set forward busy 2002		a forwarding the features allowed; for `no-answer` a
 *					third word is the ring time in seconds
 *	set refuse busy 2002 482	a forwarding the features refused
 *	set reject 403			the features said no
 *	set ring 20			the ring time alone
 *	set broken invite		that port function fails from here on; its line then
 *					ends in `fails`
 *	set mended invite		it works again
 *	set notes on			lines for the journal have to be matched too
 *	set timers on			and those of the timer: < arm 20
 *	> BUSY 486			this happens to the call; requests inside the dialog
 *					name their sender: > REQUEST INFO callee
 *	< invite 2002			this the call must do next
 *	~ 20				the state's timer (here: of 20 s) runs out
 *	= RINGING			the state it must be in
 *
 * Everything the call does must be matched, in order, before the next >, ~, = or end.
 */
#include "call/table.h"

#include <check.h>
#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 6, LINES = 16, LINE_SIZE = 96, ROWS = 256 };

static const char *const functions[] = {
	"invite", "progress", "answer", "reject", "cancel",
	"ack",	  "relay",    "reply",	"bye",
};

enum { FUNCTIONS = sizeof functions / sizeof functions[0] };

struct player {
	struct call call;
	struct verdict verdict;
	const char *name;		/* of the flow, for faults */
	unsigned line;
	bool broken[FUNCTIONS];
	bool has_notes, has_timers;
	unsigned armed_s;
	unsigned ended;
	char done[LINES][LINE_SIZE];	/* what the call did and no line matched yet */
	unsigned first, count;
	char text[WORDS][32];		/* what the verdict borrows */
	unsigned texts;
	char *fault;			/* where the first fault is told; "" = none yet */
};

static bool row_is_used[ROWS];

__attribute__((format(printf, 2, 3))) static bool wrong(struct player *player,
							const char *format, ...)
{
	va_list args;
	int length;

	if (player->fault[0] != '\0')
		return false;
	length = sprintf(player->fault, "%s:%u: ", player->name, player->line);
	va_start(args, format);
	vsnprintf(player->fault + length, 256, format, args);
	va_end(args);
	return false;
}

/* The port: writes lines. */

static struct player *player_of(struct call *call)
{
	if (call->row != NULL)
		row_is_used[call->row - call_table.rows] = true;
	return (struct player *)call;
}

__attribute__((format(printf, 2, 3))) static void write_line(struct player *player,
							     const char *format, ...)
{
	va_list args;

	if (player->count == LINES) {
		wrong(player, "the call does more than %d things at once", LINES);
		return;
	}
	va_start(args, format);
	vsnprintf(player->done[player->count++], LINE_SIZE, format, args);
	va_end(args);
}

static int function_find(const char *name)
{
	for (int i = 0; i < FUNCTIONS; i++)
		if (strcmp(functions[i], name) == 0)
			return i;
	return -1;
}

/* Writes `NAME ARGUMENT`, and fails when the flow wants it to. */
static int act(struct call *call, const char *name, const char *argument)
{
	struct player *player = player_of(call);
	bool is_broken = player->broken[function_find(name)];

	write_line(player, "%s%s%s%s", name, argument[0] != '\0' ? " " : "", argument,
		   is_broken ? " fails" : "");
	return is_broken ? -EIO : 0;
}

static int act_number(struct call *call, const char *name, int number)
{
	char text[16];

	snprintf(text, sizeof text, "%d", number);
	return act(call, name, text);
}

static int write_invite(struct call *call, const struct target *target)
{
	return act(call, "invite",
		   target->destination != NULL ? target->destination : "2001");
}

static int write_progress(struct call *call, int status)
{
	return act_number(call, "progress", status);
}

static int write_answer(struct call *call)
{
	return act(call, "answer", "");
}

static int write_reject(struct call *call, int status, const struct verdict *why)
{
	if (why != NULL && (why != call->verdict || why->status != status))
		wrong(player_of(call), "rejected by another verdict than the call's");
	return act_number(call, "reject", status);
}

static int write_cancel(struct call *call)
{
	return act(call, "cancel", "");
}

static int write_ack(struct call *call)
{
	return act(call, "ack", "");
}

static int write_relay(struct call *call)
{
	return act(call, "relay", "");
}

static int write_reply(struct call *call, int status)
{
	return act_number(call, "reply", status);
}

static int write_bye(struct call *call, enum call_side side)
{
	return act(call, "bye", side == SIDE_CALLER ? "caller" : "callee");
}

static void remember_timer(struct call *call, unsigned seconds)
{
	struct player *player = player_of(call);

	player->armed_s = seconds;
	if (player->has_timers)
		write_line(player, "arm %u", seconds);
}

static void write_note(struct call *call, const char *event, int status, const char *rule,
		       const char *to)
{
	struct player *player = player_of(call);

	if (player->has_notes)
		write_line(player, "note %s %d%s%s%s%s", event, status,
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

/* The lines of a flow.  Each answers whether the flow goes on. */

static bool nothing_left(struct player *player)
{
	if (player->first == player->count) {
		player->first = player->count = 0;
		return true;
	}
	return wrong(player, "expected nothing more, actual `< %s`",
		     player->done[player->first]);
}

static bool happen(struct player *player, const struct call_event *event)
{
	bool has_timer;

	call_handle(&player->call, event);
	has_timer = call_table.timers[player->call.state] != TIMER_NONE;
	if ((player->armed_s != 0) != has_timer)
		return wrong(player, "%s has a timer of %u s",
			     call_state_name(player->call.state), player->armed_s);
	if (player->ended != (player->call.state == CALL_ENDED))
		return wrong(player, "%s, and told to have ended %u times",
			     call_state_name(player->call.state), player->ended);
	return player->fault[0] == '\0';
}

static const char *keep(struct player *player, const char *text)
{
	ck_assert_uint_lt(player->texts, WORDS);
	snprintf(player->text[player->texts], sizeof player->text[0], "%s", text);
	return player->text[player->texts++];
}

static bool set_redirect(struct player *player, char *const word[], unsigned words)
{
	static const char *const rules[FORWARD_CONDITIONS] = {
		"forwarding:unconditional",
		"forwarding:busy",
		"forwarding:no-answer",
		"forwarding:unreachable",
	};
	bool is_refused = strcmp(word[1], "refuse") == 0;
	int condition = words > 3 ? forward_condition_by_name(word[2]) : -1;

	if (condition < 0 || (is_refused && words != 5))
		return wrong(player, "set %s: which condition, to whom?", word[1]);
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

static bool set(struct player *player, char *const word[], unsigned words)
{
	if (words < 3)
		return wrong(player, "set what to what?");
	if (strcmp(word[1], "forward") == 0 || strcmp(word[1], "refuse") == 0)
		return set_redirect(player, word, words);
	if (strcmp(word[1], "model") == 0 && strcmp(word[2], "proxy") == 0) {
		player->call.is_proxied = true;
	} else if (strcmp(word[1], "reject") == 0) {
		player->verdict.kind = VERDICT_REJECT;
		player->verdict.status = atoi(word[2]);
		player->verdict.rule = "calling-party:outward";
	} else if (strcmp(word[1], "ring") == 0) {
		player->verdict.ring_s = (unsigned)atoi(word[2]);
	} else if (strcmp(word[1], "notes") == 0) {
		player->has_notes = strcmp(word[2], "on") == 0;
	} else if (strcmp(word[1], "timers") == 0) {
		player->has_timers = strcmp(word[2], "on") == 0;
	} else if (function_find(word[2]) >= 0 && strcmp(word[1], "broken") == 0) {
		player->broken[function_find(word[2])] = true;
	} else if (function_find(word[2]) >= 0 && strcmp(word[1], "mended") == 0) {
		player->broken[function_find(word[2])] = false;
	} else {
		return wrong(player, "set %s %s: nobody knows that", word[1], word[2]);
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

/* A flow must not say what no port would: 486 is BUSY, and a BYE comes from somebody. */
static bool event_makes_sense(struct player *player, const struct call_event *event,
			      bool has_side)
{
	if (is_response(event->on) && event->status < 200)
		return event->on == ON_PROGRESS && event->status > 100
			       ? true
			       : wrong(player, "%s has no status %d",
				       call_on_name(event->on), event->status);
	if (is_response(event->on) && call_on_final(event->status) != event->on)
		return wrong(player, "%d is %s", event->status,
			     call_on_name(call_on_final(event->status)));
	if ((event->on == ON_REQUEST || event->on == ON_BYE) && !has_side)
		return wrong(player, "%s from whom?", call_on_name(event->on));
	return true;
}

static bool raise_event(struct player *player, char *const word[], unsigned words)
{
	struct call_event event = { .from = SIDE_CALLER };
	int on = words > 1 ? on_find(word[1]) : -1;
	bool has_side = false;

	if (on < 0 || on == ON_TIMEOUT)
		return wrong(player, "nobody raises `%s`", words > 1 ? word[1] : "");
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
	return event_makes_sense(player, &event, has_side) && happen(player, &event);
}

static bool match(struct player *player, const char *expected)
{
	const char *actual;

	if (player->first == player->count)
		return wrong(player, "expected `< %s`, actual nothing", expected);
	actual = player->done[player->first++];
	if (strcmp(actual, expected) != 0)
		return wrong(player, "expected `< %s`, actual `< %s`", expected, actual);
	return true;
}

static bool run_out(struct player *player, char *const word[], unsigned words)
{
	if (player->armed_s == 0)
		return wrong(player, "no timer runs in %s",
			     call_state_name(player->call.state));
	if (words > 1 && player->armed_s != (unsigned)atoi(word[1]))
		return wrong(player, "expected a timer of %s s, actual %u s", word[1],
			     player->armed_s);
	return happen(player, &(struct call_event){ .on = ON_TIMEOUT });
}

static bool expect_state(struct player *player, const char *expected)
{
	const char *actual = call_state_name(player->call.state);

	if (strcmp(actual, expected) != 0)
		return wrong(player, "expected `= %s`, actual `= %s`", expected, actual);
	return true;
}

static bool play_line(struct player *player, char *line)
{
	char expected[LINE_SIZE] = "", *word[WORDS], *save = NULL;
	unsigned words = 0;

	line[strcspn(line, "#\n")] = '\0';
	for (char *next = strtok_r(line, " \t", &save); next != NULL;
	     next = strtok_r(NULL, " \t", &save)) {
		if (words == WORDS || strlen(next) >= sizeof player->text[0])
			return wrong(player, "too much in one line");
		if (words > 0)
			snprintf(expected + strlen(expected),
				 LINE_SIZE - strlen(expected), "%s%s",
				 words > 1 ? " " : "", next);
		word[words++] = next;
	}
	if (words == 0)
		return true;
	if (strcmp(word[0], "set") == 0)
		return set(player, word, words);
	if (strcmp(word[0], "<") == 0)
		return match(player, expected);
	if (strcmp(word[0], ">") == 0)
		return nothing_left(player) && raise_event(player, word, words);
	if (strcmp(word[0], "~") == 0)
		return nothing_left(player) && run_out(player, word, words);
	if (strcmp(word[0], "=") == 0)
		return nothing_left(player) && expect_state(player, expected);
	return wrong(player, "`%s` begins no line", word[0]);
}

/* Plays FLOW; FAULT is "" if it went as written, else a sentence with its place. */
static void play(FILE *flow, const char *name, char fault[static 512])
{
	struct player player = { .name = name, .fault = fault };
	char *line = NULL;
	size_t size = 0;
	bool goes_on = true;

	fault[0] = '\0';
	player.verdict.rule = "";
	call_init(&player.call, &port, &player.verdict, false);
	while (goes_on && getline(&line, &size, flow) > 0) {
		player.line++;
		goes_on = play_line(&player, line);
	}
	if (goes_on && nothing_left(&player) && player.call.state == CALL_IDLE)
		wrong(&player, "nothing happens in this flow");
	free(line);
}

static glob_t flows;

static void play_file(const char *path, char fault[static 512])
{
	const char *name = path + sizeof SOURCE_DIR;
	FILE *flow = fopen(path, "r");

	ck_assert_ptr_nonnull(flow);
	play(flow, name, fault);
	fclose(flow);
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
		const struct call_row *row = &call_table.rows[i];

		if (row_is_used[i])
			continue;
		missing++;
		fprintf(stderr, "no flow uses %s %s %s\n", call_state_name(row->in),
			call_on_name(row->on), row->guard_name);
	}
	ck_assert_uint_eq(missing, 0);
}
END_TEST

/* The player must see what is wrong, or no flow proves anything. */
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
		{ "> BYE\n", "f:1: BYE from whom?" },
		{ "> TIMEOUT\n", "f:1: nobody raises `TIMEOUT`" },
		{ "set broken telephone\n", "f:1: set broken telephone: nobody knows that" },
		{ "set forward 2002\n", "f:1: set forward: which condition, to whom?" },
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

int main(void)
{
	Suite *suite = suite_create("call flow");
	TCase *flow = tcase_create("flow"), *player = tcase_create("player");
	SRunner *runner = srunner_create(suite);
	int failed;

	if (glob(SOURCE_DIR "/test/flow/*.flow", 0, NULL, &flows) != 0) {
		fputs("no flows in " SOURCE_DIR "/test/flow\n", stderr);
		return EXIT_FAILURE;
	}
	suite_add_tcase(suite, flow);
	tcase_add_loop_test(flow, the_flow_goes_as_written, 0, (int)flows.gl_pathc);
	suite_add_tcase(suite, player);
	tcase_add_test(player, every_row_is_used_by_a_flow);
	tcase_add_test(player, a_flow_that_lies_is_found_out);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	globfree(&flows);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
