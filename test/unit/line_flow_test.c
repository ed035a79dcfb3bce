/* SPDX-License-Identifier: MIT */
/*
 * Plays every flow of test/flow/line against the reservation's table.  Lines besides
 * those of flow.h:
 *
 *	set reject 403		the features said no
 *	set timeout 480		denial.reservation_timeout (487)
 *	> OFF_HOOK		an event
 */
#include "base/list.h"
#include "flow.h"
#include "line/table.h"
#include "model/presence.h"

#include "unit.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 64 };

static const char *const functions[] = { "seize", "progress", "reject", NULL };

struct player {
	struct flow flow;
	struct line line;
	struct verdict verdict;
	unsigned ended;
};

static bool row_is_used[ROWS];

static struct player *player_of(struct line *line)
{
	const struct machine_row *row = machine_row(&line->life);

	if (row != NULL)
		row_is_used[row - line_table.rows] = true;
	return container_of(line, struct player, line);
}

static struct flow *flow_of(struct line *line)
{
	return &player_of(line)->flow;
}

/* A port whose functions write a line each. */

static int write_seize(struct line *line)
{
	return flow_act(flow_of(line), "seize", "");
}

static void write_release(struct line *line)
{
	flow_write(flow_of(line), "release");
}

static void write_hand_over(struct line *line)
{
	flow_write(flow_of(line), "hand_over");
}

static int write_progress(struct line *line)
{
	return flow_act(flow_of(line), "progress", "");
}

static int write_reject(struct line *line, int status, const struct verdict *why)
{
	if (why != NULL && (why != line->verdict || why->status != status))
		flow_wrong(flow_of(line), "rejected by another verdict than the line's");
	return flow_act_number(flow_of(line), "reject", status);
}

static void write_show(struct line *line, bool is_over, int event, int code)
{
	static const char *const names[] = {
		[SHOWN_NO_EVENT] = "",	       [SHOWN_CANCELLED] = "cancelled",
		[SHOWN_REJECTED] = "rejected", [SHOWN_REPLACED] = "replaced",
		[SHOWN_LOCAL_BYE] = "local-bye", [SHOWN_REMOTE_BYE] = "remote-bye",
		[SHOWN_ERROR] = "error",       [SHOWN_TIMEOUT] = "timeout",
	};

	if (is_over)
		flow_write(flow_of(line), "show terminated %s %d", names[event], code);
	else
		flow_write(flow_of(line), "show trying");
}

static void remember_timer(struct line *line, unsigned seconds)
{
	flow_arm(flow_of(line), seconds);
}

static void write_note(struct line *line, const char *event, int status, const char *rule)
{
	struct flow *flow = flow_of(line);

	if (flow->has_notes)
		flow_write(flow, "note %s %d%s%s", event, status, rule != NULL ? " " : "",
			   rule != NULL ? rule : "");
}

static void count_end(struct line *line)
{
	player_of(line)->ended++;
}

static const struct line_port port = {
	.seize = write_seize,
	.release = write_release,
	.hand_over = write_hand_over,
	.progress = write_progress,
	.reject = write_reject,
	.show = write_show,
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
	return line_state_name(line_state(&((const struct player *)flow)->line));
}

static bool happen(struct flow *flow, enum line_on on)
{
	struct player *player = player_in(flow);
	struct line *line = &player->line;

	line_handle(line, on);
	if ((flow->armed_s != 0) != line_table.is_timed[line_state(line)])
		return flow_wrong(flow, "%s has a timer of %u s", state(flow),
				  flow->armed_s);
	if (player->ended != (line_state(line) == LINE_ENDED))
		return flow_wrong(flow, "%s, and told to have ended %u times",
				  state(flow), player->ended);
	return flow_is_good(flow);
}

static bool set(struct flow *flow, char *const word[], unsigned words)
{
	struct player *player = player_in(flow);
	int number = atoi(word[2]);

	(void)words;
	if (strcmp(word[1], "reject") == 0) {
		player->verdict.kind = VERDICT_REJECT;
		player->verdict.status = number;
		player->verdict.rule = "calling-party:origination";
	} else if (strcmp(word[1], "timeout") == 0) {
		player->line.timeout_status = number;
	} else {
		return flow_wrong(flow, "set %s %s: unknown", word[1], word[2]);
	}
	return true;
}

static bool raise_event(struct flow *flow, char *const word[], unsigned words)
{
	for (unsigned on = 0; words == 2 && on < LINE_ONS; on++)
		if (on != LINE_ON_TIMEOUT && strcmp(line_on_name(on), word[1]) == 0)
			return happen(flow, (enum line_on)on);
	return flow_wrong(flow, "`%s` is no event of a flow", words > 1 ? word[1] : "");
}

static bool run_out(struct flow *flow)
{
	return happen(flow, LINE_ON_TIMEOUT);
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
	line_init(&player.line, &port, &player.verdict, 30, 487);
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

	ck_assert_uint_le(line_table.count, ROWS);
	memset(row_is_used, 0, sizeof row_is_used);
	for (size_t i = 0; i < flows.gl_pathc; i++)
		play_file(flows.gl_pathv[i], fault);
	for (size_t i = 0; i < line_table.count; i++) {
		const struct machine_row *row = &line_table.rows[i];

		if (row_is_used[i])
			continue;
		missing++;
		fprintf(stderr, "no flow uses %s %s %s\n", line_state_name(row->in),
			line_on_name(row->on), row->guard_name);
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
		{ "> OFF_HOOK\n< seize\n< progress\n= RESERVED\n",
		  "f:4: expected nothing more, actual `< show trying`" },
		{ "> OFF_HOOK\n< seize\n< progress\n< show trying\n= ENDED\n",
		  "f:5: expected `= ENDED`, actual `= RESERVED`" },
		{ "> OFF_HOOK\n< seize\n< reject 404\n",
		  "f:3: expected `< reject 404`, actual `< progress`" },
		{ "~\n", "f:1: no timer runs in IDLE" },
		{ "> TIMEOUT\n", "f:1: `TIMEOUT` is no event of a flow" },
		{ "> RESERVED\n", "f:1: `RESERVED` is no event of a flow" },
		{ "set broken bell\n", "f:1: set broken bell: unknown" },
		{ "set colour red\n", "f:1: set colour red: unknown" },
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
	Suite *suite = suite_create("line flow");
	TCase *flow = tcase_create("flow"), *player = tcase_create("player");

	if (glob(SOURCE_DIR "/test/flow/line/*.flow", 0, NULL, &flows) != 0) {
		fputs("no flows in " SOURCE_DIR "/test/flow/line\n", stderr);
		return NULL;
	}
	suite_add_tcase(suite, flow);
	tcase_add_loop_test(flow, the_flow_goes_as_written, 0, (int)flows.gl_pathc);
	suite_add_tcase(suite, player);
	tcase_add_test(player, every_row_is_used_by_a_flow);
	tcase_add_test(player, a_flow_that_lies_is_found_out);
	return suite;
}
