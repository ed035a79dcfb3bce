/* SPDX-License-Identifier: MIT */
/*
 * Responses on their way to who asked: cases that a stack is easily wrong about.  With _i & 1 the
 * model is the proxy, with _i & 2 the telephones use TCP.
 */
#include "agent_peer.h"
#include "base/clock.h"
#include "unit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

static void open_case(int variant)
{
	stage_open_model(&stage, variant & 1);
	if (variant & 2) {
		phone_connect_tcp(caller);
		phone_listen_tcp(callee);
	}
}

/* Nothing has come, not even 100. */
static bool is_silent(const struct phone *phone)
{
	char byte;

	stage_run(&stage);
	return recv(phone->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
}

/* Record-Route of the message heard, as one list. */
static const char *recorded(const struct phone *phone)
{
	static char list[4096];
	const char *value;

	list[0] = '\0';
	for (unsigned n = 0; *(value = text_header(phone->heard, "Record-Route", n)); n++)
		strcat(strcat(list, value), " ");
	return list;
}

static void assert_recorded(void)
{
	const char *list = recorded(caller), *one = strstr(list, "one.example.com"),
		   *two = strstr(list, "two.example.com"),
		   *three = strstr(list, "three.example.com");

	ck_assert_msg(one && two && three && one < two && two < three, "%s", list);
	ck_assert_msg(!strstr(one + 1, "one.example.com"), "twice: %s", list);
	ck_assert_msg(!strstr(list, "hop="), "the callee's: %s", list);
}

START_TEST(record_route_goes_back_in_the_order_received)
{
	char own[256] = "", routes[256];

	open_case(_i);
	phone_invite(caller,
		     "Record-Route: <sip:one.example.com;lr>\r\n"
		     "Record-Route: <sip:two.example.com;lr>\r\n"
		     "Record-Route: <sip:three.example.com;lr>\r\n",
		     "");
	phone_hear(callee, "INVITE");
	/* Beyond a back-to-back user agent there is another route set. */
	if (_i & 1)
		snprintf(routes, sizeof routes, "Route: %s\r\n",
			 text_header(callee->heard, "Record-Route", 0));
	else
		snprintf(own, sizeof own,
			 "Record-Route: <sip:127.0.0.1:%u%s;lr;hop=1>\r\n", callee->port,
			 _i & 2 ? ";transport=tcp" : "");
	phone_answer(callee, 180, own, "");
	phone_hear(caller, "180 INVITE");
	assert_recorded();
	phone_answer(callee, 200, own, "");
	phone_hear(caller, "200 INVITE");
	assert_recorded();
	/* Who stands between takes its own off. */
	if (_i & 1)
		strcpy(caller->route, routes);
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(a_call_hears_100_after_150_ms_and_again_at_once)
{
	open_case(_i & 1);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	ck_assert(is_silent(caller));
	stage_skip(&stage, 100);
	ck_assert(is_silent(caller));
	stage_skip(&stage, 50);
	phone_hear(caller, "100 INVITE");
	phone_resend(caller);
	phone_hear(caller, "100 INVITE");
	phone_answer(callee, 404, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "404 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(a_repeated_invite_hears_100_at_once)
{
	open_case(_i & 1);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	ck_assert(is_silent(caller));
	phone_resend(caller);
	phone_hear(caller, "100 INVITE");
	phone_hear_nothing(callee);
	phone_answer(callee, 404, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "404 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(an_answer_before_150_ms_comes_without_100)
{
	open_case(_i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	stage_skip(&stage, 1000);
	ck_assert(is_silent(caller));
	phone_answer(callee, 404, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "404 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

/* The caller listens where its Via points, and calls from another port. */
static void call_from_elsewhere(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_port = htons((uint16_t)caller->port),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in agent = here;

	close(caller->fd);
	caller->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(bind(caller->listener, (struct sockaddr *)&here, sizeof here),
			 0);
	ck_assert_int_eq(listen(caller->listener, 8), 0);
	agent.sin_port = htons((uint16_t)stage.tcp);
	caller->fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(caller->fd, (struct sockaddr *)&agent, sizeof agent), 0);
	caller->is_stream = true;
	snprintf(caller->contact, sizeof caller->contact,
		 "<sip:caller@127.0.0.1:%u;transport=tcp>", caller->port);
}

static void lose_connection(bool is_reset)
{
	struct linger hard = { 1, 0 };

	if (is_reset)
		setsockopt(caller->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	close(caller->fd);
	caller->fd = -1;
	caller->pending_length = 0;
	stage_run(&stage);
	stage_skip(&stage, 300);
}

/* With _i & 2 it is reset. */
START_TEST(a_connection_lost_while_it_rings_is_opened_again_for_the_200)
{
	stage_open_model(&stage, _i & 1);
	call_from_elsewhere();
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	lose_connection(_i & 2);
	phone_hear_nothing(callee);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

START_TEST(a_connection_lost_while_it_rings_is_opened_again_for_the_failure)
{
	stage_open_model(&stage, _i & 1);
	call_from_elsewhere();
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	lose_connection(_i & 2);
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "486 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

/* A 180 too: it must not be lost with the connection. */
START_TEST(a_connection_lost_before_it_rings_is_opened_again_for_the_180)
{
	stage_open_model(&stage, _i & 1);
	call_from_elsewhere();
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	lose_connection(_i & 2);
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	phone_answer(callee, 404, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "404 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(cancel_before_any_response_waits_for_one)
{
	static char invite[PHONE_TEXT], cancel[PHONE_TEXT];

	open_case(_i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_cancel(caller, "Reason: SIP;cause=487\r\n");
	phone_await(caller, "200 CANCEL");
	phone_hear_nothing(callee);
	stage_skip(&stage, 300);
	phone_hear_nothing(callee);
	phone_answer_to(callee, invite, 100);
	phone_hear(callee, "CANCEL");
	phone_has(callee, "Reason", "cause=487");
	ck_assert_str_eq(text_header(callee->heard, "Via", 0),
			 text_header(invite, "Via", 0));
	ck_assert_str_eq(text_header(callee->heard, "Via", 1), "");
	strcpy(cancel, callee->request);
	phone_answer_to(callee, cancel, 200);
	phone_answer_to(callee, invite, 487);
	phone_hear(callee, "ACK");
	phone_await(caller, "487 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

/* The request that the callee heard, with the topmost Via alone. */
static void forget_other_vias(void)
{
	char *first = strstr(callee->request, "\r\nVia:"), *other = first;

	while ((other = strstr(other + 1, "\r\nVia:"))) {
		char *rest = strstr(other + 2, "\r\n");

		memmove(other, rest, strlen(rest) + 1);
		other = first;
	}
}

/* RFC 3261 section 16.7: such a response was meant for the proxy and goes no further. */
START_TEST(a_response_with_our_via_alone_is_not_forwarded)
{
	static char invite[PHONE_TEXT];

	open_case(_i | 1);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	forget_other_vias();
	phone_answer(callee, 180, "", "");
	phone_answer(callee, 486, "", "");
	phone_answer(callee, 200, "", "");
	stage_skip(&stage, 300);
	phone_hear_nothing(caller);
	phone_hear_nothing(callee);
	phone_answer_to(callee, invite, 180);
	phone_hear(caller, "180 INVITE");
	phone_answer_to(callee, invite, 200);
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	/* Nor a copy of the 200, nor inside the dialog. */
	strcpy(callee->request, invite);
	forget_other_vias();
	phone_answer(callee, 200, "", "");
	phone_hear_nothing(caller);
	phone_ask(caller, "INFO", "", "");
	phone_hear(callee, "INFO");
	strcpy(invite, callee->request);
	forget_other_vias();
	phone_answer(callee, 200, "", "");
	phone_hear_nothing(caller);
	phone_answer_to(callee, invite, 200);
	phone_hear(caller, "200 INFO");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* RFC 4320: 100 when the sender repeats no more often than each T2, and no 408, ever. */
START_TEST(a_request_that_is_no_invite_hears_100_late_and_never_408)
{
	open_case(_i);
	stage_talk(&stage);
	phone_ask(caller, "INFO", "", "");
	phone_hear(callee, "INFO");
	phone_answer(callee, 183, "", "");
	phone_answer(callee, 100, "", "");
	stage_skip(&stage, 3400);
	ck_assert(is_silent(caller));
	stage_skip(&stage, 100);
	phone_hear(caller, "100 INFO");
	phone_answer(callee, 408, "", "");
	stage_skip(&stage, 100);
	ck_assert(is_silent(caller));
	/* The same when nothing comes at all. */
	phone_ask(caller, "INFO", "", "");
	phone_hear(callee, "INFO");
	for (unsigned i = 0; i < 9; i++)
		stage_skip(&stage, 4000);
	phone_hear(caller, "100 INFO");
	ck_assert(is_silent(caller));
	phone_forget(callee);
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

/* Each copy of a 2xx is passed on once, and this program adds none. */
START_TEST(a_relayed_2xx_is_passed_on_as_often_as_it_comes)
{
	static char invite[PHONE_TEXT];

	open_case(_i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	for (unsigned i = 0; i < 3; i++) {
		phone_answer_to(callee, invite, 200);
		phone_hear(caller, "200 INVITE");
		stage_skip(&stage, 4100);
		ck_assert(is_silent(caller));
	}
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* RFC 6026: what was accepted is remembered, and what comes after that goes no further. */
START_TEST(an_accepted_invite_is_remembered_for_64_t1_and_no_longer)
{
	static char invite[PHONE_TEXT];

	open_case(_i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	for (unsigned i = 0; i < 9; i++)
		stage_skip(&stage, 4000);
	phone_forget(caller);
	phone_answer_to(callee, invite, 200);
	stage_skip(&stage, 10);
	ck_assert(is_silent(caller));
	ck_assert(is_silent(callee));
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* The clock stands still unless a test moves it. */
static void stop_clock(void)
{
	clock_set(1795253400000000, 1000000);
}

static void start_clock(void)
{
	clock_set(-1, -1);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_case_answer");
	TCase *all = tcase_create("answers"), *models = tcase_create("either transport");

	tcase_add_checked_fixture(all, stop_clock, start_clock);
	tcase_set_timeout(all, 20);
	tcase_add_checked_fixture(models, stop_clock, start_clock);
	tcase_set_timeout(models, 20);
	tcase_add_loop_test(all, record_route_goes_back_in_the_order_received, 0, 4);
	tcase_add_loop_test(all, an_answer_before_150_ms_comes_without_100, 0, 4);
	tcase_add_loop_test(
		all, a_connection_lost_while_it_rings_is_opened_again_for_the_200, 0, 4);
	tcase_add_loop_test(
		all, a_connection_lost_while_it_rings_is_opened_again_for_the_failure, 0,
		4);
	tcase_add_loop_test(
		all, a_connection_lost_before_it_rings_is_opened_again_for_the_180, 0, 4);
	tcase_add_loop_test(all, cancel_before_any_response_waits_for_one, 0, 4);
	tcase_add_loop_test(all, a_request_that_is_no_invite_hears_100_late_and_never_408,
			    0, 4);
	tcase_add_loop_test(all, a_relayed_2xx_is_passed_on_as_often_as_it_comes, 0, 4);
	tcase_add_loop_test(all, an_accepted_invite_is_remembered_for_64_t1_and_no_longer,
			    0, 4);
	tcase_add_loop_test(models, a_call_hears_100_after_150_ms_and_again_at_once, 0,
			    2);
	tcase_add_loop_test(models, a_repeated_invite_hears_100_at_once, 0, 2);
	tcase_add_loop_test(models, a_response_with_our_via_alone_is_not_forwarded, 0, 4);
	suite_add_tcase(suite, all);
	suite_add_tcase(suite, models);
	return suite;
}
