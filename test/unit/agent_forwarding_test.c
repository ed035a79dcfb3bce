/* SPDX-License-Identifier: MIT */
/*
 * The INVITE and the responses of a forwarded call, and reliable provisional responses (RFC 3262)
 * of telephones that the call was forwarded away from.  _i is the call model: 0 is the back-to-back
 * user agent, 1 the proxy.
 */
#include "agent_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

static void forward_to(enum forward_condition condition, const char *number)
{
	stage.verdict.redirect[condition] = (struct redirect){
		.destination = number,
		.rule = "forwarding",
	};
	if (condition == FORWARD_UNCONDITIONAL)
		stage.verdict.kind = VERDICT_FORWARD;
}

/* The callee answers 404 to the INVITE, and the caller receives that. */
static void refuse_all(void)
{
	phone_answer(callee, 404, "", "");
	phone_hear(callee, "ACK");
	phone_await(caller, "404 INVITE");
	phone_ack_failure(caller);
}

/* An escaped + would make a different URI (RFC 3261 section 19.1.4). */
START_TEST(plus_of_a_number_is_not_escaped)
{
	stage_open_model(&stage, _i);
	forward_to(FORWARD_UNCONDITIONAL, "+15550102");
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	ck_assert(strstr(callee->heard, "INVITE sip:+15550102@example.com SIP/2.0"));
	phone_has(callee, "History-Info", "<sip:+15550102@example.com>");
	refuse_all();
	stage_close(&stage);
}
END_TEST

/* A reload while the station rings changes neither the phase nor the headers of the forwarding. */
START_TEST(call_keeps_the_settings_of_its_arrival)
{
	stage_open_model(&stage, _i);
	forward_to(FORWARD_BUSY, "2002");
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	stage.settings.invite.forwards_as_origdone = true;
	stage.settings.invite.writes_history_info = false;
	stage.settings.invite.product = "another/2";
	stage_reload(&stage);
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "181 INVITE");
	phone_hear(callee, "INVITE");
	phone_has(callee, "Route", ";phase=termdone");
	phone_has(callee, "History-Info", "2002");
	phone_has(callee, "User-Agent", "halfcall/1");
	refuse_all();
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_lacks(callee, "History-Info", "2001");
	phone_has(callee, "User-Agent", "another/2");
	phone_answer(callee, 404, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "404 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

/* The caller receives the same answer as if the forwarding were unconditional
 * (halfcall-protocol(7), FORWARDING AND COVERAGE). */
START_TEST(refused_forwarding_of_a_busy_station_says_why)
{
	stage_open_model(&stage, _i);
	stage.verdict.redirect[FORWARD_BUSY] = (struct redirect){
		.destination = "112",
		.refusal = 403,
		.rule = "forwarding:emergency",
		.cause = CAUSE_REJECTED,
		.sentence = "forwarding may not lead to 112",
	};
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "403 INVITE");
	phone_has(caller, "Warning", "\"forwarding may not lead to 112\"");
	phone_has(caller, "Reason", "Q.850;cause=21");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

/* A reliable 181 makes an early dialog; its PRACK must reach the agent (RFC 3262 section 3). */
START_TEST(reliable_181_is_acknowledged)
{
	char rack[64];

	stage_open_model(&stage, _i);
	forward_to(FORWARD_UNCONDITIONAL, "2002");
	phone_invite(caller, "Require: 100rel\r\n", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 100, "", "");
	phone_hear(caller, "181 INVITE");
	phone_has(caller, "Require", "100rel");
	snprintf(rack, sizeof rack, "RAck: %s 1 INVITE\r\n",
		 text_header(caller->heard, "RSeq", 0));
	snprintf(caller->target, sizeof caller->target, "sip:127.0.0.1:%u;transport=udp",
		 stage.udp);
	phone_has(caller, "Contact", caller->target);
	phone_ask(caller, "PRACK", rack, "");
	phone_await(caller, "200 PRACK");
	stage_skip(&stage, 2000);
	phone_hear_nothing(caller);
	if (_i) {
		phone_ask(caller, "UPDATE", "", "");
		phone_hear(caller, "481 UPDATE");
	}
	phone_hear_nothing(callee);
	refuse_all();
	stage_close(&stage);
}
END_TEST

/* The caller receives the reliable response WHAT; returns the RAck header line for its PRACK. */
static const char *hear_reliable(const char *what)
{
	static char rack[4][64];
	static unsigned next;
	char *line = rack[next++ % 4];

	phone_hear(caller, what);
	snprintf(line, sizeof *rack, "RAck: %s 1 INVITE\r\n",
		 text_header(caller->heard, "RSeq", 0));
	return line;
}

/* The caller sends a PRACK with RACK; it must reach the callee with To tag TAG and RAck WANTED. */
static void acknowledge(const char *rack, const char *tag, const char *wanted)
{
	phone_ask(caller, "PRACK", rack, "");
	phone_hear(callee, "PRACK");
	phone_has(callee, "RAck", wanted);
	phone_has(callee, "To", tag);
	phone_answer(callee, 200, "", "");
	phone_await(caller, "200 PRACK");
}

/* The telephone has been left and the new one did not send the response: the agent answers. */
START_TEST(prack_for_a_telephone_that_was_left_is_answered_by_us)
{
	static char invite[PHONE_TEXT];
	char first[sizeof caller->remote];
	const char *rack;

	stage_open_model(&stage, 0);
	forward_to(FORWARD_BUSY, "2002");
	phone_invite(caller, "Supported: 100rel\r\n", "");
	phone_hear(callee, "INVITE");
	phone_answer_as(callee, "first", 183, "Require: 100rel\r\nRSeq: 7\r\n", "");
	rack = hear_reliable("183 INVITE");
	strcpy(first, caller->remote);
	phone_answer_as(callee, "first", 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_hear(caller, "181 INVITE");
	if (_i) {
		phone_answer_as(callee, "second", 180, "", "");
		phone_hear(caller, "180 INVITE");
	}
	strcpy(caller->remote, first);
	phone_ask(caller, "PRACK", rack, "");
	phone_hear(caller, "200 PRACK");
	phone_hear_nothing(callee);
	strcpy(callee->request, invite);
	phone_answer_as(callee, "second", 180, "Require: 100rel\r\nRSeq: 3\r\n", "");
	acknowledge(hear_reliable("180 INVITE"), "tag=second", "3 1 INVITE");
	strcpy(callee->request, invite);
	refuse_all();
	stage_close(&stage);
}
END_TEST

/* Each fork is a dialog of its own, also for the caller, and numbers its reliable responses. */
START_TEST(prack_goes_to_the_fork_whose_response_it_is_for)
{
	static char invite[PHONE_TEXT];
	char one[sizeof caller->remote], two[sizeof caller->remote];
	const char *first, *second;

	stage_open_model(&stage, 0);
	phone_invite(caller, "Supported: 100rel\r\n", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer_as(callee, "one", 183, "Require: 100rel\r\nRSeq: 5\r\n", "");
	first = hear_reliable("183 INVITE");
	strcpy(one, caller->remote);
	phone_answer_as(callee, "two", 183, "Require: 100rel\r\nRSeq: 5\r\n", "");
	second = hear_reliable("183 INVITE");
	strcpy(two, caller->remote);
	ck_assert_str_ne(one, two);
	phone_answer_as(callee, "one", 183, "Require: 100rel\r\nRSeq: 5\r\n", "");
	phone_hear_nothing(caller);
	acknowledge(second, "tag=two", "5 1 INVITE");
	strcpy(caller->remote, one);
	acknowledge(first, "tag=one", "5 1 INVITE");
	strcpy(callee->request, invite);
	phone_answer_as(callee, "one", 180, "Require: 100rel\r\nRSeq: 6\r\n", "");
	first = hear_reliable("180 INVITE");
	ck_assert_str_eq(caller->remote, one);
	acknowledge(first, "tag=one", "6 1 INVITE");
	strcpy(callee->request, invite);
	refuse_all();
	stage_close(&stage);
}
END_TEST

/* History-Info values, and how many parties and redirections must be read from each. */
static const struct {
	const char *value;
	unsigned visited, redirections;
} histories[] = {
	{ "<sip:a@example.com>;index=1", 1, 0 },
	{ "<sip:a@example.com?Reason=SIP%3Bcause%3D302>;index=1,<sip:b@example.com>;index=1.1",
	  2, 1 },
	{ "<sip:a@example.com>;index=1,<sip:b@example.com;cause=302>;index=1.1", 2, 1 },
	{ "<sip:a@example.com>;index=1,<sip:b@example.com>;index=1.1;mp=1", 2, 1 },
	{ "<sip:a@example.com>;index=1,<sip:b@example.com>;index=1.1;rc=1", 2, 0 },
	{ "<sip:a@example.com>;index=1,<sip:b@example.com>;index=1.1;np=1", 2, 0 },
	/* one redirection in three notations: Reason, cause, mp */
	{ "<sip:a@example.com?Reason=SIP%3Bcause%3D486>;index=1,"
	  "<sip:b@example.com;cause=486>;index=1.1;mp=1",
	  2, 1 },
	{ "\"a, \\\"<sip:x@y>, b\" <sip:a@example.com;cause=302>;index=1", 1, 1 },
	/* malformed entries do not hide the others */
	{ "<sip:%zz@example.com>;index=1,<sip:b@example.com;cause=302>;index=1.1", 1, 1 },
	{ "<sip:a@example.com;cause=302>;index=1,,;,,<sip:%zz@example.com>", 1, 1 },
	{ ",", 0, 0 },
	{ "<", 0, 0 },
	{ "\"", 0, 0 },
	{ "\"\\", 0, 0 },
};

START_TEST(history_is_read_however_it_is_written)
{
	char line[512];

	stage_open_model(&stage, 0);
	snprintf(line, sizeof line, "History-Info: %s\r\n", histories[_i].value);
	phone_invite(caller, line, "");
	phone_hear(callee, "INVITE");
	ck_assert_uint_eq(stage.visited, histories[_i].visited);
	ck_assert_uint_eq(stage.redirections, histories[_i].redirections);
	refuse_all();
	stage_close(&stage);
}
END_TEST

START_TEST(a_long_history_does_not_hide_redirections)
{
	static char line[8192];
	int length = snprintf(line, sizeof line, "History-Info: <sip:0@example.com>");

	stage_open_model(&stage, 0);
	for (int i = 0; i < 70; i++)
		length += snprintf(line + length, sizeof line - (size_t)length,
				   ",<sip:%d@example.com>;index=1.%d", i, i);
	for (int i = 0; i < 5; i++)
		length += snprintf(line + length, sizeof line - (size_t)length,
				   ",<sip:%d@example.com;cause=302>;index=2.%d", i, i);
	snprintf(line + length, sizeof line - (size_t)length, "\r\n");
	phone_invite(caller, line, "");
	phone_hear(callee, "INVITE");
	ck_assert_uint_eq(stage.redirections, 5);
	refuse_all();
	stage_close(&stage);
}
END_TEST

/* A repeated INVITE gets the last response again, not 100 (RFC 3261 section 17.2.1). */
START_TEST(repeated_invite_hears_181_again)
{
	stage_open_model(&stage, _i);
	forward_to(FORWARD_UNCONDITIONAL, "2002");
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_hear(caller, "181 INVITE");
	phone_resend(caller);
	phone_hear(caller, "181 INVITE");
	phone_hear_nothing(callee);
	refuse_all();
	stage_close(&stage);
}
END_TEST

static const struct {
	const char *arrived, *left, *target;
} indexes[] = {
	{ "1", "1.1", "1.2" },	      { "1.1", "1.2", "1.3" },
	{ "1.2.9", "1.2.10", "1.2.11" }, { "abc", "1.1", "1.2" },
	{ "1..1", "1.1", "1.2" },     { "1.", "1.1", "1.2" },
	{ "1.1a", "1.1", "1.2" },     { "1.99999999999999999999", "1.1", "1.2" },
};

START_TEST(numbering_continues_from_a_well_formed_index)
{
	char line[128];

	stage_open_model(&stage, 0);
	forward_to(FORWARD_UNCONDITIONAL, "2002");
	snprintf(line, sizeof line, "History-Info: <sip:3001@example.com>;index=%s\r\n",
		 indexes[_i].arrived);
	phone_invite(caller, line, "");
	phone_hear(callee, "INVITE");
	snprintf(line, sizeof line, ">;index=%s,", indexes[_i].left);
	ck_assert_msg(strstr(callee->heard, line) != NULL, "%s", callee->heard);
	snprintf(line, sizeof line, ">;index=%s\r\n", indexes[_i].target);
	ck_assert_msg(strstr(callee->heard, line) != NULL, "%s", callee->heard);
	refuse_all();
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_forwarding");
	TCase *both = tcase_create("both models");

	tcase_set_timeout(both, 20);
	tcase_add_loop_test(both, plus_of_a_number_is_not_escaped, 0, 2);
	tcase_add_loop_test(both, call_keeps_the_settings_of_its_arrival, 0, 2);
	tcase_add_loop_test(both, refused_forwarding_of_a_busy_station_says_why, 0, 2);
	tcase_add_loop_test(both, reliable_181_is_acknowledged, 0, 2);
	tcase_add_loop_test(both, prack_for_a_telephone_that_was_left_is_answered_by_us,
			    0, 2);
	tcase_add_test(both, prack_goes_to_the_fork_whose_response_it_is_for);
	tcase_add_loop_test(both, history_is_read_however_it_is_written, 0,
			    (int)(sizeof histories / sizeof *histories));
	tcase_add_test(both, a_long_history_does_not_hide_redirections);
	tcase_add_loop_test(both, repeated_invite_hears_181_again, 0, 2);
	tcase_add_loop_test(both, numbering_continues_from_a_well_formed_index, 0,
			    (int)(sizeof indexes / sizeof *indexes));
	suite_add_tcase(suite, both);
	return suite;
}
