/* SPDX-License-Identifier: MIT */
/*
 * Requests inside a call in both directions, remote targets and route sets, reliable provisional
 * responses, and forwarding for busy and no answer.  _i is the call model: 0 is the back-to-back
 * user agent, 1 the proxy.
 */
#include "agent_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

static void forward(enum forward_condition condition)
{
	stage.verdict.redirect[condition] = (struct redirect){
		.destination = "2002",
		.rule = "forwarding",
	};
	stage.verdict.ring_s = 20;
}

/* FROM sends a request METHOD, TO receives it and answers 200. */
static void exchange(struct phone *from, struct phone *to, const char *method)
{
	char answer[32];

	phone_ask(from, method, "X-Asked: yes\r\n", "a body");
	phone_hear(to, method);
	phone_has(to, "X-Asked", "yes");
	ck_assert_str_eq(text_body(to->heard), "a body");
	phone_answer(to, 200, "X-Answered: yes\r\n", "another");
	snprintf(answer, sizeof answer, "200 %s", method);
	phone_hear(from, answer);
	phone_has(from, "X-Answered", "yes");
	ck_assert_str_eq(text_body(from->heard), "another");
}

START_TEST(requests_pass_in_both_directions)
{
	static const char *const methods[] = { "INFO",	  "UPDATE", "MESSAGE",
					       "OPTIONS", "NOTIFY", "REFER" };

	stage_open_model(&stage, _i);
	stage_talk(&stage);
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		exchange(caller, callee, methods[i]);
		exchange(callee, caller, methods[i]);
	}
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(reinvite_passes_with_its_ack)
{
	stage_open_model(&stage, _i & 1);
	stage_talk(&stage);
	for (unsigned i = 0; i < 4; i++) {
		struct phone *from = i % 2 ? caller : callee,
			     *to = i % 2 ? callee : caller;

		phone_ask(from, "INVITE", "", "offer");
		phone_hear(to, "INVITE");
		ck_assert_str_eq(text_body(to->heard), "offer");
		phone_answer(to, 200, "", "answer");
		phone_hear(from, "200 INVITE");
		ck_assert_str_eq(text_body(from->heard), "answer");
		phone_ack(from);
		phone_hear(to, "ACK");
	}
	stage_assert_halves(&stage, 1);
	stage_hang_up(&stage, _i & 2 ? callee : caller);
	stage_close(&stage);
}
END_TEST

START_TEST(refused_reinvite_changes_nothing)
{
	stage_open_model(&stage, _i);
	stage_talk(&stage);
	phone_ask(caller, "INVITE", "", "offer");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 488, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "488 INVITE");
	phone_ack_failure(caller);
	exchange(callee, caller, "INFO");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(reinvite_can_be_cancelled)
{
	static char invite[PHONE_TEXT];

	stage_open_model(&stage, _i);
	stage_talk(&stage);
	phone_ask(caller, "INVITE", "", "offer");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer(callee, 100, "", "");
	stage_run(&stage);
	phone_cancel(caller, "");
	phone_hear(callee, "CANCEL");
	phone_answer(callee, 200, "", "");
	strcpy(callee->request, invite);
	phone_answer(callee, 487, "", "");
	phone_hear(callee, "ACK");
	phone_await(caller, "487 INVITE");
	phone_ack_failure(caller);
	exchange(caller, callee, "INFO");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

START_TEST(reinvite_without_an_ack_leaves_nothing)
{
	stage_open_model(&stage, _i);
	stage_talk(&stage);
	phone_ask(caller, "INVITE", "", "offer");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	stage_settle(&stage);
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(new_contact_is_where_requests_go)
{
	static struct phone moved;

	stage_open_model(&stage, 0);
	stage_talk(&stage);
	phone_open(&stage, &moved, "moved", "127.0.0.1");
	snprintf(caller->contact, sizeof caller->contact, "<sip:moved@127.0.0.1:%u>",
		 moved.port);
	phone_ask(caller, "INVITE", "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_ask(callee, "INFO", "", "");
	phone_hear(&moved, "INFO");
	phone_answer(&moved, 200, "", "");
	phone_hear(callee, "200 INFO");
	stage_hang_up(&stage, caller);
	phone_close(&moved);
	stage_close(&stage);
}
END_TEST

START_TEST(both_hang_up_at_once)
{
	stage_open_model(&stage, _i);
	stage_talk(&stage);
	phone_ask(caller, "BYE", "", "");
	phone_ask(callee, "BYE", "", "");
	phone_hear(callee, "BYE");
	phone_hear(callee, "200 BYE");
	phone_answer(callee, 200, "", "");
	phone_await(caller, "200 BYE");
	stage_close(&stage);
}
END_TEST

START_TEST(bye_of_a_peer_that_is_gone_ends_the_call)
{
	stage_open_model(&stage, _i);
	stage_talk(&stage);
	phone_ask(caller, "BYE", "", "");
	phone_hear(callee, "BYE");
	stage_settle(&stage);
	stage_assert_halves(&stage, 0);
	stage_close(&stage);
}
END_TEST

START_TEST(strangers_are_refused)
{
	static struct phone stranger;

	stage_open_model(&stage, _i);
	stage_talk(&stage);
	phone_open(&stage, &stranger, "stranger", "127.0.0.2");
	phone_invite(&stranger, "", "");
	phone_hear(&stranger, "403 INVITE");
	/* A request from the stranger's address inside the caller's dialog. */
	strcpy(stranger.call_id, caller->call_id);
	strcpy(stranger.local, caller->local);
	strcpy(stranger.remote, caller->remote);
	strcpy(stranger.target, caller->target);
	strcpy(stranger.route, caller->route);
	stranger.cseq = 1;
	phone_ask(&stranger, "BYE", "", "");
	phone_hear(&stranger, "403 BYE");
	phone_hear_nothing(callee);
	stage_assert_halves(&stage, 1);
	stage_hang_up(&stage, caller);
	phone_close(&stranger);
	stage_close(&stage);
}
END_TEST

/* The INVITE of a telephone that dials after off-hook (halfcall-protocol(7), LINE RESERVATION). */
START_TEST(same_call_id_without_to_tag_is_a_new_call)
{
	char call_id[128];

	stage_open_model(&stage, 0);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 183, "", "");
	phone_hear(caller, "183 INVITE");
	strcpy(call_id, callee->call_id);
	strcpy(caller->remote, "<sip:2002@example.com>");
	strcpy(caller->target, "sip:2002@example.com");
	snprintf(
		caller->route, sizeof caller->route,
		"Route: <sip:127.0.0.1:%u;lr;phase=imsterm>\r\nRoute: <sip:127.0.0.1:%u;lr>\r\n",
		stage.udp, callee->port);
	phone_ask(caller, "INVITE", "", "");
	caller->route[0] = '\0';
	phone_hear(callee, "INVITE");
	ck_assert_str_ne(callee->call_id, call_id);
	stage_assert_halves(&stage, 2);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	exchange(caller, callee, "INFO");
	stage_hang_up(&stage, caller);
	stage_settle(&stage);
	stage_close(&stage);
}
END_TEST

START_TEST(record_routes_of_both_legs_are_followed)
{
	char route[128];

	stage_open_model(&stage, 0);
	snprintf(route, sizeof route,
		 "Record-Route: <sip:127.0.0.1:%u;lr;leg=a>,"
		 "<sip:far.example.com;lr>\r\n",
		 caller->port);
	phone_invite(caller, route, "");
	phone_hear(callee, "INVITE");
	phone_lacks(callee, "Record-Route", "leg=a");
	snprintf(route, sizeof route,
		 "Record-Route: <sip:far.example.com;lr;leg=c>,"
		 "<sip:127.0.0.1:%u;lr;leg=b>\r\n",
		 callee->port);
	phone_answer(callee, 200, route, "");
	phone_hear(caller, "200 INVITE");
	phone_lacks(caller, "Record-Route", "leg=b");
	phone_has(caller, "Record-Route", "leg=a");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	ck_assert_int_eq(strncmp(callee->heard, "ACK sip:callee@", 15), 0);
	phone_has(callee, "Route", "leg=b");
	phone_has(callee, "Route", "leg=c");
	phone_ask(callee, "INFO", "", "");
	phone_hear(caller, "INFO");
	phone_has(caller, "Route", "leg=a");
	phone_has(caller, "Route", "far.example.com");
	phone_answer(caller, 200, "", "");
	phone_hear(callee, "200 INFO");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

/* A parameter after > or after a URI without <> belongs to that entry of Record-Route alone. */
START_TEST(record_routes_without_brackets_are_followed)
{
	char odd[256];

	stage_open_model(&stage, 0);
	snprintf(odd, sizeof odd,
		 "Record-Route: <sip:127.0.0.1:%u>;lr, <sip:far.example.com>\r\n",
		 caller->port);
	phone_invite(caller, odd, "");
	phone_hear(callee, "INVITE");
	snprintf(odd, sizeof odd,
		 "Record-Route: <sip:far.example.com>;LR=on;x=y, <sip:far.example.com>,"
		 "sip:127.0.0.1:%u;lr\r\n",
		 callee->port);
	phone_answer(callee, 200, odd, "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	ck_assert_ptr_nonnull(strstr(text_header(callee->heard, "Route", 0), ";lr>"));
	phone_has(callee, "Route", "<sip:far.example.com>");
	phone_has(callee, "Route", "<sip:far.example.com;LR=on>;x=y");
	phone_ask(callee, "BYE", "", "");
	phone_await(caller, "BYE");
	phone_has(caller, "Route", ";lr>");
	phone_has(caller, "Route", "<sip:far.example.com>");
	phone_answer(caller, 200, "", "");
	phone_await(callee, "200 BYE");
	stage_close(&stage);
}
END_TEST

START_TEST(reliable_provisional_responses_are_acknowledged_end_to_end)
{
	static char invite[PHONE_TEXT];
	char rack[64];
	const char *rseq;

	stage_open_model(&stage, 0);
	phone_invite(caller, "Supported: 100rel\r\n", "offer");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer(callee, 183, "Require: 100rel\r\nRSeq: 7777\r\n", "early");
	phone_resend(callee);
	phone_hear(caller, "183 INVITE");
	phone_has(caller, "Require", "100rel");
	rseq = text_header(caller->heard, "RSeq", 0);
	ck_assert_str_ne(rseq, "");
	snprintf(rack, sizeof rack, "RAck: %s 1 INVITE\r\n", rseq);
	phone_hear_nothing(caller);
	stage_skip(&stage, 600);
	phone_hear(caller, "183 INVITE");	/* repeated by the agent until its PRACK */
	phone_ask(caller, "PRACK", rack, "more");
	phone_hear(callee, "PRACK");
	phone_has(callee, "RAck", "7777 1 INVITE");
	ck_assert_str_eq(text_body(callee->heard), "more");
	phone_answer(callee, 200, "", "fine");
	phone_hear(caller, "200 PRACK");
	ck_assert_str_eq(text_body(caller->heard), "fine");
	stage_skip(&stage, 2000);
	phone_hear_nothing(caller);
	strcpy(callee->request, invite);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(no_answer_forwards)
{
	static char invite[PHONE_TEXT];

	stage_open_model(&stage, _i & 1);
	forward(FORWARD_NO_ANSWER);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	stage_skip(&stage, 20100);
	phone_hear(callee, "CANCEL");
	phone_answer(callee, 200, "", "");
	strcpy(callee->request, invite);
	phone_answer(callee, 487, "", "");
	phone_hear(callee, "ACK");
	phone_hear(callee, "INVITE");
	ck_assert(strstr(callee->heard, "INVITE sip:2002@example.com") != NULL);
	phone_has(callee, "History-Info", "cause%3DCFNR");
	phone_hear(caller, "181 INVITE");
	phone_answer_as(callee, "second", 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_has(callee, "To", "tag=second");
	stage_hang_up(&stage, _i & 2 ? callee : caller);
	stage_close(&stage);
}
END_TEST

/* The b2bua ends the late answer with BYE and invites the new target. */
START_TEST(answer_crossing_the_forwarding_is_hung_up)
{
	static char invite[PHONE_TEXT], second[PHONE_TEXT];

	stage_open_model(&stage, 0);
	forward(FORWARD_NO_ANSWER);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	stage_skip(&stage, 20100);
	phone_hear(callee, "CANCEL");
	phone_answer(callee, 200, "", "");
	strcpy(callee->request, invite);
	phone_answer_as(callee, "first", 200, "", "");
	phone_hear(callee, "ACK");
	phone_has(callee, "To", "tag=first");
	phone_hear(callee, "BYE");
	phone_has(callee, "To", "tag=first");
	phone_answer(callee, 200, "", "");
	phone_hear(callee, "INVITE");
	strcpy(second, callee->request);
	phone_hear(caller, "181 INVITE");
	strcpy(callee->request, second);
	phone_answer_as(callee, "second", 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_has(callee, "To", "tag=second");
	exchange(caller, callee, "INFO");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(busy_callee_forwards)
{
	stage_open_model(&stage, _i);
	forward(FORWARD_BUSY);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(callee, "INVITE");
	phone_has(callee, "History-Info", "cause%3DCFB");
	phone_hear(caller, "181 INVITE");
	phone_answer_as(callee, "second", 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_dialog");
	TCase *both = tcase_create("both models"), *one = tcase_create("one model");

	tcase_set_timeout(both, 20);
	tcase_set_timeout(one, 20);
	tcase_add_loop_test(both, requests_pass_in_both_directions, 0, 2);
	tcase_add_loop_test(both, reinvite_passes_with_its_ack, 0, 4);
	tcase_add_loop_test(both, refused_reinvite_changes_nothing, 0, 2);
	tcase_add_loop_test(both, reinvite_can_be_cancelled, 0, 2);
	tcase_add_loop_test(both, reinvite_without_an_ack_leaves_nothing, 0, 2);
	tcase_add_loop_test(both, both_hang_up_at_once, 0, 2);
	tcase_add_loop_test(both, bye_of_a_peer_that_is_gone_ends_the_call, 0, 2);
	tcase_add_loop_test(both, strangers_are_refused, 0, 2);
	tcase_add_loop_test(both, no_answer_forwards, 0, 4);
	tcase_add_loop_test(both, busy_callee_forwards, 0, 2);
	tcase_add_test(one, record_routes_of_both_legs_are_followed);
	tcase_add_test(one, record_routes_without_brackets_are_followed);
	tcase_add_test(one, new_contact_is_where_requests_go);
	tcase_add_test(one, same_call_id_without_to_tag_is_a_new_call);
	tcase_add_test(one, reliable_provisional_responses_are_acknowledged_end_to_end);
	tcase_add_test(one, answer_crossing_the_forwarding_is_hung_up);
	suite_add_tcase(suite, both);
	suite_add_tcase(suite, one);
	return suite;
}
