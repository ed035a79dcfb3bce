/* SPDX-License-Identifier: MIT */
/*
 * An off-hook INVITE whose 183 is reliable: without PRACK, for minutes, and what is dialled in its
 * dialog.  With _i & 1 the model is the proxy, with _i & 2 the telephones use TCP.
 */
#include "agent_peer.h"
#include "base/clock.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;
static int wanted_model;

/* The off-hook INVITE, its CANCEL or the ACK of its failure. */
static void send_off_hook(const char *method)
{
	char text[2048];

	snprintf(caller->call_id, sizeof caller->call_id, "off-hook@127.0.0.1");
	snprintf(caller->local, sizeof caller->local, "<sip:1001@example.com>;tag=%s",
		 caller->tag);
	caller->cseq = caller->invite_cseq = 1;
	snprintf(text, sizeof text,
		 "%s sip:1001@example.com;avaya-cm-fnu=off-hook SIP/2.0\r\n"
		 "Via: SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bKoff-hook\r\n"
		 "Route: <sip:127.0.0.1:%u;lr;phase=imsorig>\r\n"
		 "Route: <sip:127.0.0.1:%u%s;lr;odi=1>\r\n"
		 "Max-Forwards: 70\r\nFrom: %s\r\nTo: <sip:1001@example.com>\r\n"
		 "Call-ID: %s\r\nCSeq: 1 %s\r\nContact: %s\r\n"
		 "Require: 100rel\r\nExpires: 240\r\nContent-Length: 0\r\n\r\n",
		 method, caller->is_stream ? "TCP" : "UDP", caller->port, stage.udp,
		 callee->port, callee->is_stream ? ";transport=tcp" : "", caller->local,
		 caller->call_id, method, caller->contact);
	phone_send(caller, text, strlen(text));
	stage_run(&stage);
}

static void with_reservations(struct stage *made)
{
	made->settings.wire.is_proxy = wanted_model;
	made->settings.half.reservation_s = 240;
}

static struct agent_statistics statistics(void)
{
	struct agent_statistics now;

	stage_skip(&stage, 10);
	agent_statistics(stage.agent, &now);
	return now;
}

/* The telephone goes off-hook and hears a reliable 183. */
static void go_off_hook(int variant)
{
	wanted_model = variant & 1;
	stage_open(&stage, with_reservations);
	if (variant & 2) {
		phone_connect_tcp(caller);
		phone_listen_tcp(callee);
	}
	send_off_hook("INVITE");
	phone_hear(caller, "183 INVITE");
	phone_has(caller, "Require", "100rel");
	ck_assert_uint_eq(statistics().stock.reservations, 1);
}

static void send_prack(void)
{
	char rack[64];

	snprintf(rack, sizeof rack, "RAck: %s 1 INVITE\r\n",
		 text_header(caller->heard, "RSeq", 0));
	phone_ask(caller, "PRACK", rack, "");
	phone_hear(caller, "200 PRACK");
}

START_TEST(a_reservation_without_a_prack_ends)
{
	go_off_hook(_i);
	for (unsigned i = 0; i < 15; i++)
		stage_skip(&stage, 2000);
	phone_forget(caller);
	stage_skip(&stage, 2000);
	phone_hear(caller, "500 INVITE");
	send_off_hook("ACK");
	ck_assert_uint_eq(statistics().stock.reservations, 0);
	ck_assert_uint_eq(statistics().stock.lines, 0);
	stage_close(&stage);
}
END_TEST

/* RFC 3261 section 13.3.1.1: a proxy on the way waits 3 minutes, the telephone 4. */
START_TEST(a_reservation_is_told_each_minute)
{
	go_off_hook(_i);
	for (unsigned i = 0; i < 3; i++) {
		send_prack();
		stage_skip(&stage, 59000);
		phone_hear_nothing(caller);
		stage_skip(&stage, 1000);
		phone_hear(caller, "183 INVITE");
	}
	send_prack();
	send_off_hook("CANCEL");
	phone_hear(caller, "200 CANCEL");
	phone_hear(caller, "487 INVITE");
	send_off_hook("ACK");
	ck_assert_uint_eq(statistics().stock.reservations, 0);
	stage_close(&stage);
}
END_TEST

/* The number dialled has the To tag of the 183: it is that of every telephone that rings. */
START_TEST(a_number_dialled_in_the_dialog_of_the_183_stays_in_it)
{
	static char invite[PHONE_TEXT];
	char to[sizeof caller->remote];

	go_off_hook(_i);
	send_prack();
	strcpy(to, caller->remote);
	strcpy(caller->target, "sip:2001@example.com");
	snprintf(caller->route, sizeof caller->route,
		 "Route: <sip:127.0.0.1:%u;lr;phase=imsorig>\r\n"
		 "Route: <sip:127.0.0.1:%u%s;lr;odi=1>\r\n",
		 stage.udp, callee->port, _i & 2 ? ";transport=tcp" : "");
	phone_ask(caller, "INVITE", "", "");
	phone_await(caller, "484 INVITE");
	send_off_hook("ACK");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer_as(callee, "desk", 180, "", "");
	phone_hear(caller, "180 INVITE");
	if (!(_i & 1))
		ck_assert_str_eq(text_header(caller->heard, "To", 0), to);
	phone_answer_as(callee, "mobile", 180, "", "");
	phone_hear(caller, "180 INVITE");
	if (!(_i & 1))
		ck_assert_str_eq(text_header(caller->heard, "To", 0), to);
	phone_answer_as(callee, "mobile", 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "486 INVITE");
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
	Suite *suite = suite_create("agent_case_line");
	TCase *all = tcase_create("off-hook");

	tcase_add_checked_fixture(all, stop_clock, start_clock);
	tcase_set_timeout(all, 20);
	tcase_add_loop_test(all, a_reservation_without_a_prack_ends, 0, 4);
	tcase_add_loop_test(all, a_reservation_is_told_each_minute, 0, 4);
	tcase_add_loop_test(all, a_number_dialled_in_the_dialog_of_the_183_stays_in_it, 0,
			    4);
	suite_add_tcase(suite, all);
	return suite;
}
