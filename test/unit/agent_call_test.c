/* SPDX-License-Identifier: MIT */
/*
 * Calls between two scripted telephones that are set up, refused or cancelled.  _i is the call
 * model: 0 is the back-to-back user agent, 1 the proxy.
 */
#include "agent_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

/* The caller's INVITE arrives at the callee, which answers 180. */
static void ring(void)
{
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
}

/* The callee receives the CANCEL and answers it. */
static void give_up(void)
{
	phone_hear(callee, "CANCEL");
	phone_answer(callee, 200, "", "");
}

START_TEST(call_goes_through_and_either_side_hangs_up)
{
	stage_open_model(&stage, _i & 1);
	stage_talk(&stage);
	stage_assert_halves(&stage, 1);
	stage_hang_up(&stage, _i & 2 ? callee : caller);
	stage_skip(&stage, 10);
	stage_assert_halves(&stage, 0);
	ck_assert_str_eq(stage.notes, "pass ring answer bye ");
	stage_close(&stage);
}
END_TEST

/* The headers that the agent changes, each name with its colon. */
static const char ours[] =
	"Via:Max-Forwards:From:To:Call-ID:CSeq:Contact:Route:Record-Route:"
	"Content-Length:User-Agent:Alert-Info:History-Info:";

static const char curious[] =
	"Subject: one, two; three=\"four\"\r\n"
	"Endpoint-View: <sip:1001@192.0.2.44;gr=x>;local-tag=-1\r\n"
	"P-Location: SM;origloc=\"A\";termloc=\"B\"\r\n"
	"Accept: application/sdp\r\n"
	"X-Empty: \r\n"
	"Av-Global-Session-ID: 7e3f0c\r\n"
	"P-AV-Message-Id: 1_1\r\n"
	"User-to-User: 00ABCD;encoding=hex\r\n"
	"X-Twice: first\r\n"
	"Priority: urgent\r\n"
	"X-Twice: second, third\r\n"
	"Organization: Example\r\n"
	"P-Charging-Vector: icid-value=\"a b\";icid-generated-at=192.0.2.1\r\n"
	"x-LOWER-and-UPPER: As It Came\r\n"
	"P-Asserted-Identity: \"Alice \\\"A\\\"\" <sip:1001@example.com>\r\n"
	"Session-Expires: 1200;refresher=uac\r\n"
	"Min-SE: 1200\r\n"
	"Content-Type: application/sdp\r\n";

static const char sdp[] =
	"v=0\r\no=- 1 1 IN IP4 192.0.2.44\r\ns=-\r\nc=IN IP4 192.0.2.44\r\n"
	"t=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";

START_TEST(every_header_and_body_passes_in_order)
{
	stage_open_model(&stage, _i);
	phone_invite(caller, curious, sdp);
	phone_hear(callee, "INVITE");
	ck_assert_str_eq(text_without(callee->heard, ours), curious);
	ck_assert_str_eq(text_body(callee->heard), sdp);
	phone_answer(callee, 183, curious, sdp);
	phone_hear(caller, "183 INVITE");
	ck_assert_str_eq(text_without(caller->heard, ours), curious);
	ck_assert_str_eq(text_body(caller->heard), sdp);
	phone_answer(callee, 200, curious, sdp);
	phone_hear(caller, "200 INVITE");
	ck_assert_str_eq(text_without(caller->heard, ours), curious);
	ck_assert_str_eq(text_body(caller->heard), sdp);
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_ask(callee, "INFO", curious, sdp);
	phone_hear(caller, "INFO");
	ck_assert_str_eq(text_without(caller->heard, ours), curious);
	phone_answer(caller, 200, "", "");
	phone_hear(callee, "200 INFO");
	phone_ask(caller, "BYE", curious, sdp);
	phone_await(callee, "BYE");
	ck_assert_str_eq(text_without(callee->heard, ours), curious);
	ck_assert_str_eq(text_body(callee->heard), sdp);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 BYE");
	stage_close(&stage);
}
END_TEST

START_TEST(models_differ_in_identifiers)
{
	char call_id[128];

	stage_open_model(&stage, _i);
	phone_invite(caller, "", "");
	strcpy(call_id, caller->call_id);
	phone_hear(callee, "INVITE");
	ck_assert_int_eq(strcmp(callee->call_id, call_id) == 0, _i);
	ck_assert_int_eq(*text_header(callee->heard, "Record-Route", 0) != '\0', _i);
	ck_assert_int_eq(*text_header(callee->heard, "Via", 1) != '\0', _i);
	ck_assert_int_eq(
		strstr(text_header(callee->heard, "From", 0), "tag=caller1") != NULL, _i);
	phone_has(callee, "Max-Forwards", "69");
	phone_has(callee, "User-Agent", "halfcall/1");
	phone_answer(callee, 603, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "603 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(failure_is_relayed_and_retransmitted_until_acknowledged)
{
	stage_open_model(&stage, _i);
	ring();
	phone_answer(callee, 488, "Warning: 304 example.com \"no\"\r\n", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "488 INVITE");
	phone_has(caller, "Warning", "304 example.com \"no\"");
	stage_skip(&stage, 600);
	phone_hear(caller, "488 INVITE");
	phone_ack_failure(caller);
	stage_skip(&stage, 1100);
	phone_hear_nothing(caller);
	phone_hear_nothing(callee);
	stage_close(&stage);
}
END_TEST

START_TEST(cancel_keeps_its_reason)
{
	stage_open_model(&stage, _i);
	ring();
	phone_cancel(caller, "Reason: SIP;cause=200;text=\"elsewhere\"\r\n");
	phone_await(caller, "200 CANCEL");
	phone_hear(callee, "CANCEL");
	phone_has(callee, "Reason", "SIP;cause=200;text=\"elsewhere\"");
	phone_answer(callee, 200, "", "");
	phone_hear_nothing(callee);
	stage_close(&stage);
}
END_TEST

START_TEST(cancelled_callee_says_487)
{
	static char invite[PHONE_TEXT];

	stage_open_model(&stage, _i);
	ring();
	strcpy(invite, callee->request);
	phone_cancel(caller, "");
	give_up();
	phone_answer_to(callee, invite, 487);
	phone_hear(callee, "ACK");
	phone_await(caller, "487 INVITE");
	phone_ack_failure(caller);
	stage_skip(&stage, 10);
	stage_assert_halves(&stage, 0);
	stage_close(&stage);
}
END_TEST

START_TEST(cancel_is_held_until_the_callee_says_anything)
{
	static char invite[PHONE_TEXT];

	stage_open_model(&stage, _i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_cancel(caller, "");
	phone_await(caller, "200 CANCEL");
	phone_hear_nothing(callee);
	phone_answer_to(callee, invite, 100);
	give_up();
	phone_answer_to(callee, invite, 487);
	phone_hear(callee, "ACK");
	phone_forget(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(cancel_of_a_silent_callee_leaks_nothing)
{
	stage_open_model(&stage, _i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_cancel(caller, "");
	phone_await(caller, "200 CANCEL");
	stage_settle(&stage);
	stage_assert_halves(&stage, 0);
	stage_close(&stage);
}
END_TEST

START_TEST(silent_callee_is_given_up_by_the_timer)
{
	stage_open_model(&stage, _i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	stage_skip(&stage, 600);
	phone_hear(callee, "INVITE");
	for (unsigned i = 0; i < 7; i++)
		stage_skip(&stage, 5000);
	phone_await(caller, "408 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(retransmitted_invite_begins_no_second_call)
{
	stage_open_model(&stage, _i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_invite(caller, "", "");
	phone_resend(caller);
	phone_resend(caller);
	phone_hear(callee, "INVITE");
	phone_hear_nothing(callee);
	stage_assert_halves(&stage, 2);
	stage_close(&stage);
}
END_TEST

START_TEST(cancel_crossing_the_answer_hangs_up_in_b2bua)
{
	static char invite[PHONE_TEXT];

	stage_open_model(&stage, 0);
	ring();
	strcpy(invite, callee->request);
	phone_cancel(caller, "");
	phone_hear(callee, "CANCEL");
	phone_answer_to(callee, invite, 200);
	phone_hear(callee, "ACK");
	phone_hear(callee, "BYE");
	phone_answer(callee, 200, "", "");
	phone_await(caller, "487 INVITE");
	phone_ack_failure(caller);
	stage_skip(&stage, 10);
	stage_assert_halves(&stage, 0);
	stage_close(&stage);
}
END_TEST

START_TEST(cancel_crossing_the_answer_is_answered_by_a_proxy)
{
	static char invite[PHONE_TEXT];

	stage_open_model(&stage, 1);
	ring();
	strcpy(invite, callee->request);
	phone_cancel(caller, "");
	phone_hear(callee, "CANCEL");
	phone_answer_to(callee, invite, 200);
	phone_await(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(cancel_after_the_answer_changes_nothing)
{
	stage_open_model(&stage, _i);
	ring();
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_cancel(caller, "");
	phone_hear_nothing(callee);
	phone_forget(caller);
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

START_TEST(bye_before_the_ack_ends_the_call)
{
	stage_open_model(&stage, _i);
	ring();
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ask(caller, "BYE", "", "");
	phone_await(callee, "BYE");
	phone_answer(callee, 200, "", "");
	phone_await(caller, "200 BYE");
	phone_ack(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(hops_run_out)
{
	char text[512];

	stage_open_model(&stage, _i);
	snprintf(text, sizeof text,
		 "INVITE sip:2001@example.com SIP/2.0\r\n"
		 "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKhops\r\nMax-Forwards: 0\r\n"
		 "From: <sip:1001@example.com>;tag=a\r\nTo: <sip:2001@example.com>\r\n"
		 "Call-ID: hops\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
		 caller->port);
	phone_send(caller, text, strlen(text));
	phone_hear(caller, "483 INVITE");
	phone_hear_nothing(callee);
	stage_close(&stage);
}
END_TEST

START_TEST(large_invite_stays_on_udp)
{
	static char body[9001];

	memset(body, 'x', 9000);
	stage_open_model(&stage, _i);
	phone_invite(caller, "", body);
	phone_hear(callee, "INVITE");
	ck_assert_uint_eq(strlen(text_body(callee->heard)), 9000);
	phone_has(callee, "Via", "SIP/2.0/UDP");
	phone_answer(callee, 200, "", body);
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_ask(callee, "INFO", "", body);
	phone_hear(caller, "INFO");
	phone_has(caller, "Via", "SIP/2.0/UDP");
	phone_answer(caller, 200, "", "");
	phone_hear(callee, "200 INFO");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

START_TEST(call_from_tcp_to_tcp)
{
	stage_open_model(&stage, _i);
	phone_connect_tcp(caller);
	phone_listen_tcp(callee);
	stage_talk(&stage);
	phone_has(callee, "Via", "SIP/2.0/TCP");
	stage_hang_up(&stage, callee);
	stage_talk(&stage);
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(draining_refuses_new_calls_and_says_when_idle)
{
	stage_open_model(&stage, _i);
	stage_talk(&stage);
	agent_drain(stage.agent);
	ck_assert_uint_eq(stage.idles, 0);
	stage_hang_up(&stage, caller);
	stage_skip(&stage, 10);
	ck_assert_uint_eq(stage.idles, 1);
	phone_invite(caller, "", "");
	phone_hear(caller, "503 INVITE");
	phone_has(caller, "Retry-After", "5");
	phone_hear_nothing(callee);
	stage_close(&stage);
}
END_TEST

START_TEST(call_while_the_database_cannot_be_read_hears_500)
{
	stage_open_model(&stage, _i);
	stage.is_unreadable = true;
	phone_invite(caller, "", "");
	phone_hear(caller, "500 INVITE");
	phone_has(caller, "Retry-After", "5");
	phone_has(caller, "Warning", "cannot be read");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_call");
	TCase *both = tcase_create("both models"), *one = tcase_create("one model");

	tcase_set_timeout(both, 20);
	tcase_set_timeout(one, 20);
	tcase_add_loop_test(both, call_goes_through_and_either_side_hangs_up, 0, 4);
	tcase_add_loop_test(both, every_header_and_body_passes_in_order, 0, 2);
	tcase_add_loop_test(both, models_differ_in_identifiers, 0, 2);
	tcase_add_loop_test(both, failure_is_relayed_and_retransmitted_until_acknowledged,
			    0, 2);
	tcase_add_loop_test(both, cancel_keeps_its_reason, 0, 2);
	tcase_add_loop_test(both, cancelled_callee_says_487, 0, 2);
	tcase_add_loop_test(both, cancel_is_held_until_the_callee_says_anything, 0, 2);
	tcase_add_loop_test(both, cancel_of_a_silent_callee_leaks_nothing, 0, 2);
	tcase_add_loop_test(both, silent_callee_is_given_up_by_the_timer, 0, 2);
	tcase_add_loop_test(both, retransmitted_invite_begins_no_second_call, 0, 2);
	tcase_add_loop_test(both, cancel_after_the_answer_changes_nothing, 0, 2);
	tcase_add_loop_test(both, bye_before_the_ack_ends_the_call, 0, 2);
	tcase_add_loop_test(both, hops_run_out, 0, 2);
	tcase_add_loop_test(both, large_invite_stays_on_udp, 0, 2);
	tcase_add_loop_test(both, call_from_tcp_to_tcp, 0, 2);
	tcase_add_loop_test(both, draining_refuses_new_calls_and_says_when_idle, 0, 2);
	tcase_add_loop_test(both, call_while_the_database_cannot_be_read_hears_500, 0, 2);
	tcase_add_test(one, cancel_crossing_the_answer_hangs_up_in_b2bua);
	tcase_add_test(one, cancel_crossing_the_answer_is_answered_by_a_proxy);
	suite_add_tcase(suite, both);
	suite_add_tcase(suite, one);
	return suite;
}
