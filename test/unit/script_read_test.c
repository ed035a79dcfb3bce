/* SPDX-License-Identifier: MIT */
/* Scripts as data: the steps that lines become, their places, and their variables. */
#include "script/script.h"

#include "script/faults.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHONES "phones 1001 2001/{1..3} lines 3\n"

static struct script script;

/* Reads TEXT and returns its faults, which the caller frees. */
static char *read_told(const char *text)
{
	struct faults *faults = faults_new();
	char *told;
	size_t size;
	FILE *out = open_memstream(&told, &size);
	int rc = script_read_text(&script, "dir/x.call", text, strlen(text), faults);

	if (rc == 0)
		rc = script_complete(&script, faults);
	faults_print(faults, out);
	fclose(out);
	ck_assert_msg((rc == 0) == (faults_count(faults) == 0), "%d but: %s", rc, told);
	faults_free(faults);
	return told;
}

/* The only case of TEXT, which has no fault. */
static const struct script_case *read_good(const char *text)
{
	char *told = read_told(text);

	ck_assert_msg(!*told, "%s", told);
	free(told);
	ck_assert_uint_ge(script.case_count, 1);
	return &script.cases[0];
}

static void expect_told(const char *text, const char *wanted)
{
	char *told = read_told(text);

	ck_assert_str_eq(told, wanted);
	free(told);
	script_clear(&script);
}

START_TEST(a_line_becomes_a_step_with_its_place)
{
	const struct script_case *kase =
		read_good("# Title \xc3\xa4 \n" PHONES
			  "1001:2\thears \"180\"  count 1..2 after 0.125 s # x\n");
	const struct script_step *step = &kase->steps[0];

	ck_assert_uint_eq(kase->step_count, 1);
	ck_assert_str_eq(kase->title, "Title \xc3\xa4");
	ck_assert_str_eq(kase->name, "x.call");
	ck_assert_int_eq(step->kind, SCRIPT_HEARS);
	ck_assert_str_eq(step->at.file, "dir/x.call");
	ck_assert_uint_eq(step->at.line, 3);
	ck_assert_uint_eq(step->at.column, 8);
	ck_assert_uint_eq(step->at.width,
			  strlen("hears \"180\"  count 1..2 after 0.125 s"));
	ck_assert_str_eq(step->at.text,
			 "1001:2\thears \"180\"  count 1..2 after 0.125 s # x");
	ck_assert_str_eq(step->who.player->name, "1001");
	ck_assert_uint_eq(step->who.appearance, 2);
	ck_assert_uint_eq(step->message.code, 180);
	ck_assert_ptr_null(step->message.method);
	ck_assert(step->terms.has_count && step->terms.has_after &&
		  !step->terms.has_within);
	ck_assert_uint_eq(step->terms.count.most, 2);
	ck_assert_uint_eq(step->terms.after_ms, 125);
	script_clear(&script);
}
END_TEST

/* Every act, wait, fact and line of players, and its kind of step. */
START_TEST(each_sentence_becomes_its_kind_of_step)
{
	static const struct {
		const char *line;
		enum script_kind kind;
	} cases[] = {
		{ "1001 dials 5", SCRIPT_DIALS },
		{ "1001 off-hook", SCRIPT_OFF_HOOK },
		{ "1001 calls 9 at 2001/1", SCRIPT_CALLS },
		{ "1001 rings", SCRIPT_RINGS },
		{ "1001 sends 183 reliably", SCRIPT_SENDS_PROGRESS },
		{ "1001 sends INFO to 2", SCRIPT_SENDS_REQUEST },
		{ "1001 sends raw /proc/version to cm", SCRIPT_SENDS_RAW },
		{ "1001 answers", SCRIPT_ANSWERS },
		{ "1001 rejects 486", SCRIPT_REJECTS },
		{ "1001 redirects 2", SCRIPT_REDIRECTS },
		{ "1001 cancels", SCRIPT_CANCELS },
		{ "1001 hangs-up", SCRIPT_HANGS_UP },
		{ "1001 holds", SCRIPT_HOLDS },
		{ "1001 resumes", SCRIPT_RESUMES },
		{ "1001 updates", SCRIPT_UPDATES },
		{ "1001 transfers-to :2", SCRIPT_TRANSFERS },
		{ "1001 registers all", SCRIPT_REGISTERS },
		{ "1001 unregisters", SCRIPT_UNREGISTERS },
		{ "1001 watches 5", SCRIPT_WATCHES },
		{ "rec passes", SCRIPT_PASSES },
		{ "1001 on 200 cancels", SCRIPT_ON },
		{ "1001 goes-dead", SCRIPT_GOES_DEAD },
		{ "1001 comes-back", SCRIPT_COMES_BACK },
		{ "1001 forgets", SCRIPT_FORGETS },
		{ "1001 hears BYE", SCRIPT_HEARS },
		{ "1001 talks-to 2001", SCRIPT_TALKS_TO },
		{ "1001 is idle", SCRIPT_IS_IDLE },
		{ "1001 shows early", SCRIPT_SHOWS },
		{ "1001 sees 5 early", SCRIPT_SEES },
		{ "wait 0.5 s", SCRIPT_WAIT },
		{ "proxy stops", SCRIPT_PROXY_STOPS },
		{ "proxy starts", SCRIPT_PROXY_STARTS },
		{ "daemon dies", SCRIPT_DAEMON_DIES },
		{ "daemon starts", SCRIPT_DAEMON_STARTS },
		{ "daemon restarts", SCRIPT_DAEMON_RESTARTS },
		{ "daemon drains", SCRIPT_DAEMON_DRAINS },
		{ "daemon is gone", SCRIPT_DAEMON_IS_GONE },
		{ "exec true", SCRIPT_EXEC },
		{ "exec ends 3", SCRIPT_EXEC_ENDS },
		{ "sql SELECT 1", SCRIPT_SQL },
		{ "config a.b 1", SCRIPT_CONFIG },
		{ "fault 1001 orig BYE hurry 5", SCRIPT_FAULT },
		{ "expect phases imsorig", SCRIPT_EXPECT_PHASES },
		{ "expect journal event=bye", SCRIPT_EXPECT_JOURNAL },
		{ "expect finding via", SCRIPT_EXPECT_FINDING },
		{ "expect sql \"SELECT 1\" = 1", SCRIPT_EXPECT_SQL },
		{ "expect 1001 shows early", SCRIPT_EXPECT_SHOWS },
		{ "expect 1001 sees 5 early", SCRIPT_EXPECT_SEES },
		{ "expect 1001 is idle", SCRIPT_EXPECT_IDLE },
		{ "expect daemon exit 0", SCRIPT_EXPECT_EXIT },
		{ "expect cm heard BYE", SCRIPT_EXPECT_CM_HEARD },
		{ "expect cm sent 200", SCRIPT_EXPECT_CM_SENT },
		{ "allow finding via", SCRIPT_ALLOW_FINDING },
		{ "allow 2001 hears BYE", SCRIPT_ALLOW_HEARS },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[200];
		const struct script_case *kase;

		snprintf(text, sizeof text, PHONES "app rec\n1001 is idle\n%s\n",
			 cases[i].line);
		kase = read_good(text);
		ck_assert_uint_eq(kase->step_count, 2);
		ck_assert_msg(kase->steps[1].kind == cases[i].kind, "%s", cases[i].line);
		script_clear(&script);
	}
}
END_TEST

START_TEST(braces_make_a_group_and_loops_make_lines)
{
	const struct script_case *kase = read_good(
		PHONES "2001/{1..3} rings\n"
		       "for n in 1 {2..3}\n 2001/$n hears CANCEL\nend\n"
		       "together\n 1001 hears 180\n   To.tag as t\n 1001 hears BYE\nend\n"
		       "1001 dials $t\n");

	ck_assert_uint_eq(kase->step_count, 9);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(kase->steps[i].group, kase->steps[0].group);
		ck_assert_str_eq(kase->steps[i].who.player->extension, "2001");
		ck_assert_int_eq(*kase->steps[i].who.player->device, '1' + (int)i);
		ck_assert_uint_eq(kase->steps[3 + i].group, 0);
		ck_assert_int_eq(*kase->steps[3 + i].who.player->device, '1' + (int)i);
		ck_assert_uint_eq(kase->steps[3 + i].at.line, 4);
	}
	ck_assert_uint_ne(kase->steps[0].group, 0);
	ck_assert_uint_eq(kase->steps[6].group, kase->steps[7].group);
	ck_assert_uint_ne(kase->steps[6].group, kase->steps[0].group);
	ck_assert_uint_eq(kase->steps[8].group, 0);
	script_clear(&script);
}
END_TEST

START_TEST(each_row_is_a_case_of_its_own)
{
	read_good("phones $who\ntable who code\nrow 1001 \"486 600..699\"\nrow 1002 404\n"
		  "$who dials 5 -> $code\n");
	ck_assert_uint_eq(script.case_count, 2);
	ck_assert_str_eq(script.cases[0].name, "x.call[1001 486 600..699]");
	ck_assert_str_eq(script.cases[1].name, "x.call[1002 404]");
	ck_assert_uint_eq(script.cases[1].at.line, 4);
	ck_assert_uint_eq(script.cases[0].steps[0].terms.code_count, 2);
	ck_assert_uint_eq(script.cases[0].steps[0].terms.codes[1].least, 600);
	ck_assert_str_eq(script.cases[1].players[0]->name, "1002");
	script_clear(&script);
}
END_TEST

static const char *value_of(void *context, const struct script_piece *variable)
{
	(void)context;
	if (strcmp(variable->variable, "PROXY") != 0)
		return NULL;
	return variable->part == SCRIPT_PORT ? "5060" : "192.0.2.5";
}

START_TEST(what_is_known_later_is_put_in_later)
{
	struct arena arena = { 0 };
	const struct script_case *kase = read_good(
		PHONES "set x a$PROXY.host\nexec $x:$PROXY.port \"$DOMAIN\" $$HOME\n"
		       "1001 dials sip:x@$DOMAIN -> 404\n");
	const struct script_text *command = &kase->steps[0].object;

	ck_assert_str_eq(command->text, "a$PROXY.host:$PROXY.port \"$DOMAIN\" $HOME");
	ck_assert_str_eq(script_text_fill(command, value_of, NULL, &arena),
			 "a192.0.2.5:5060 \"$DOMAIN\" $HOME");
	ck_assert_ptr_null(
		script_text_fill(&kase->steps[1].object, value_of, NULL, &arena));
	arena_clear(&arena);
	script_clear(&script);
}
END_TEST

START_TEST(details_keep_their_selectors_and_captures)
{
	const struct script_case *kase = read_good(
		PHONES "1001 hears 181\n"
		       "  History-Info[2].Reason[last].cause = \"486\"\n"
		       "  To ~ (.*)@(.*) as user host\n"
		       "  body = sent\n"
		       "1001 dials 5\n  Subject: a \"b\" \\# c # d\n  Priority -\n");
	const struct script_detail *detail = kase->steps[0].details;

	ck_assert_uint_eq(kase->steps[0].detail_count, 3);
	ck_assert_str_eq(detail->selector.name, "History-Info");
	ck_assert_int_eq(detail->selector.index, 2);
	ck_assert_uint_eq(detail->selector.part_count, 2);
	ck_assert_int_eq(detail->selector.parts[0].index, SCRIPT_LAST);
	ck_assert_str_eq(detail->selector.parts[1].name, "cause");
	ck_assert_str_eq(detail->value.text, "\"486\"");
	ck_assert_uint_eq(detail->at.column, 3);
	ck_assert_int_eq(detail[1].kind, SCRIPT_MATCH);
	ck_assert_str_eq(detail[1].value.text, "(.*)@(.*)");
	ck_assert_uint_eq(detail[1].capture_count, 2);
	ck_assert_str_eq(detail[1].captures[1], "host");
	ck_assert(detail[2].is_as_sent && detail[2].selector.subject == SCRIPT_BODY);
	detail = kase->steps[1].details;
	ck_assert_str_eq(detail->value.text, "a \"b\" # c");
	ck_assert_int_eq(detail[1].kind, SCRIPT_LEAVE_OUT);
	script_clear(&script);
}
END_TEST

START_TEST(settings_say_what_the_case_needs)
{
	const struct script_case *kase = read_good(
		"tags slow forwarding\nneeds restart\nknown \"BUG-17\"\nlimit 90 s\n"
		"proxies sm-a sm-b\nphones 1001 over tcp with 100rel via sm-b password p\n"
		"phones 1001/x unregistered\ntrunk pstn\napp rec\n"
		"proxy sequence 1001 term cm rec\nproxy monitor 2\nproxy auth INVITE BYE\n"
		"sql SELECT \"a\"  'b'\nconfig call.model \"proxy\"\nbreak late-100\n"
		"pstn dials 1001 -> 404\nproxy sm-a stops\nexpect 1001 shows early\n");
	const struct script_player *phone = kase->players[0];

	ck_assert_uint_eq(kase->needs,
			  (1u << SCRIPT_AUTH) | (1u << SCRIPT_EVENTS) |
				  (1u << SCRIPT_SEQUENCE) | (1u << SCRIPT_TRUNKS) |
				  (1u << SCRIPT_TWO_PROXIES) | (1u << SCRIPT_MONITOR) |
				  (1u << SCRIPT_RESTART));
	ck_assert_uint_eq(kase->tag_count, 2);
	ck_assert_str_eq(kase->known, "BUG-17");
	ck_assert_uint_eq(kase->limit_ms, 90000);
	ck_assert_uint_eq(kase->player_count, 4);
	ck_assert_int_eq(phone->transport, SCRIPT_TCP);
	ck_assert_str_eq(phone->password, "p");
	ck_assert_str_eq(phone->supported[0], "100rel");
	ck_assert_str_eq(phone->via[0], "sm-b");
	ck_assert_str_eq(kase->players[1]->password, "1001");
	ck_assert(kase->players[1]->is_unregistered);
	ck_assert_uint_eq(kase->auth_count, 2);
	ck_assert_str_eq(kase->sequences[0].apps[0], "cm");
	ck_assert_uint_eq(kase->before_count, 2);
	ck_assert_str_eq(kase->before[0].object.text, "SELECT \"a\"  'b'");
	ck_assert_str_eq(kase->before[1].value.text, "\"proxy\"");
	ck_assert_str_eq(kase->broken, "late-100");
	script_clear(&script);
}
END_TEST

START_TEST(columns_are_characters_and_come_from_the_line_as_written)
{
	expect_told(PHONES "1001 hears 200\n  Subject = \xc3\xa4\xc3\xb6 \xe2\x82\xac\n"
			   "1001 dials \"\xc3\xa4\xc3\xb6\" -> 99\n",
		    "dir/x.call:4:20: -> takes final answers, 200 to 699, not \"99\"\n");
	expect_told("set long \"1001 2001\"\nphones $long\n$long $nosuch\n",
		    "dir/x.call:3:7: the variable $nosuch is not set\n");
	expect_told(
		"phones 1001\r\n1001 hears 99\r\n",
		"dir/x.call:2:12: the code of an answer is a number from 100 to 699, not "
		"\"99\"\n");
}
END_TEST

START_TEST(a_case_that_cannot_fail_is_wrong)
{
	static const char *const judged[] = {
		"1001 hears 180", "1001 dials 5 -> 404", "expect phases none",
		"1001 is idle",	  "exec ends 0",	 "wait 1 s",
	};

	expect_told(
		PHONES "1001 dials 2001\n2001/1 rings\n",
		"dir/x.call:3:1: the case ends here and nothing could make it fail: it has "
		"no wait, no -> and no expect\n");
	expect_told("", "dir/x.call:1:1: the case ends here without a step\n");
	for (size_t i = 0; i < sizeof judged / sizeof *judged; i++) {
		char text[100];

		snprintf(text, sizeof text, PHONES "%s\n", judged[i]);
		read_good(text);
		script_clear(&script);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("scripts");
	TCase *reading = tcase_create("reading");

	tcase_add_test(reading, a_line_becomes_a_step_with_its_place);
	tcase_add_test(reading, each_sentence_becomes_its_kind_of_step);
	tcase_add_test(reading, braces_make_a_group_and_loops_make_lines);
	tcase_add_test(reading, each_row_is_a_case_of_its_own);
	tcase_add_test(reading, what_is_known_later_is_put_in_later);
	tcase_add_test(reading, details_keep_their_selectors_and_captures);
	tcase_add_test(reading, settings_say_what_the_case_needs);
	tcase_add_test(reading, columns_are_characters_and_come_from_the_line_as_written);
	tcase_add_test(reading, a_case_that_cannot_fail_is_wrong);
	suite_add_tcase(suite, reading);
	return suite;
}
