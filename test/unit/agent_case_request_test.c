/* SPDX-License-Identifier: MIT */
/*
 * Requests that a stack is easily wrong about.  With _i & 1 the model is the proxy, with _i & 2 the
 * telephones use TCP.
 */
#include "agent_peer.h"
#include "base/clock.h"
#include "unit.h"

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

/* An INVITE as the test wants it. */
struct wanted {
	const char *uri, *via, *call_id, *phase, *headers, *route_extra;
	unsigned cseq;
};

static struct wanted usual(const char *via)
{
	return (struct wanted){ .uri = "sip:2001@example.com",
				.via = via,
				.call_id = "case-1@127.0.0.1",
				.phase = "imsterm",
				.headers = "",
				.route_extra = "",
				.cseq = 1 };
}

static void send_as(const char *method, const struct wanted *wanted)
{
	char text[4096];
	const char *transport = callee->is_stream ? ";transport=tcp" : "";

	snprintf(caller->call_id, sizeof caller->call_id, "%s", wanted->call_id);
	snprintf(caller->local, sizeof caller->local, "<sip:1001@example.com>;tag=%s",
		 caller->tag);
	caller->cseq = caller->invite_cseq = wanted->cseq;
	caller->route[0] = '\0';
	snprintf(text, sizeof text,
		 "%s %s SIP/2.0\r\nVia: %s\r\n"
		 "Route: <sip:127.0.0.1:%u;lr;phase=%s%s>\r\n"
		 "Route: <sip:127.0.0.1:%u%s;lr;odi=1>\r\n"
		 "Max-Forwards: 70\r\nFrom: %s\r\nTo: <sip:2001@example.com>\r\n"
		 "Call-ID: %s\r\nCSeq: %u %s\r\nContact: %s\r\n%s"
		 "Content-Length: 0\r\n\r\n",
		 method, wanted->uri, wanted->via, stage.udp, wanted->phase,
		 wanted->route_extra, callee->port, transport, caller->local,
		 wanted->call_id, wanted->cseq, method, caller->contact, wanted->headers);
	phone_send(caller, text, strlen(text));
	stage_run(&stage);
}

/* A Via of the caller's, with this branch. */
static const char *via(const char *transport, const char *branch)
{
	static char text[4][128];
	static unsigned next;
	char *line = text[next++ % 4];

	snprintf(line, sizeof text[0], "SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bK%s",
		 transport, caller->port, branch);
	return line;
}

static const char *own_transport(void)
{
	return caller->is_stream ? "TCP" : "UDP";
}

static void acknowledge_failure(const struct wanted *invite)
{
	struct wanted ack = *invite;

	send_as("ACK", &ack);
}

static void refuse(const struct wanted *invite)
{
	phone_answer(callee, 404, "", "");
	phone_hear(callee, "ACK");
	phone_await(caller, "404 INVITE");
	acknowledge_failure(invite);
}

/* RFC 3261 section 8.2.2.2: the same call by two ways. */
START_TEST(a_merged_invite_hears_482_of_a_user_agent_alone)
{
	static char invite[PHONE_TEXT];
	struct wanted first, second;

	open_case(_i);
	first = usual(via(own_transport(), "m1"));
	second = usual(via(own_transport(), "m2"));
	/* Another proxy may have written the address of this program otherwise. */
	second.route_extra = ";transport=udp;x=y";
	send_as("INVITE", &first);
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	send_as("INVITE", &second);
	if (_i & 1) {
		/* Two halves of a call look the same to a proxy. */
		phone_hear(callee, "INVITE");
		refuse(&second);
	} else {
		phone_hear(caller, "482 INVITE");
		acknowledge_failure(&second);
		phone_hear_nothing(callee);
	}
	strcpy(callee->request, invite);
	refuse(&first);
	stage_close(&stage);
}
END_TEST

START_TEST(an_answered_invite_merges_with_nothing)
{
	struct wanted first, second;

	open_case(_i);
	first = usual(via(own_transport(), "m1"));
	second = usual(via(own_transport(), "m2"));
	send_as("INVITE", &first);
	phone_hear(callee, "INVITE");
	refuse(&first);
	send_as("INVITE", &second);
	phone_hear(callee, "INVITE");
	refuse(&second);
	stage_close(&stage);
}
END_TEST

/* The two halves of one call, and the copies of one INVITE for two stations. */
START_TEST(another_phase_or_station_is_no_merged_request)
{
	static char invite[PHONE_TEXT];
	struct wanted first, second, third, fourth;

	open_case(_i);
	first = usual(via(own_transport(), "m1"));
	second = usual(via(own_transport(), "m2"));
	second.phase = "imsorig";
	third = usual(via(own_transport(), "m3"));
	third.uri = "sip:2002@example.com";
	fourth = usual(via(own_transport(), "m4"));
	fourth.cseq = 2;
	send_as("INVITE", &first);
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer(callee, 180, "", "");	/* it is not repeated */
	phone_hear(caller, "180 INVITE");
	send_as("INVITE", &second);
	phone_hear(callee, "INVITE");
	phone_has(callee, "Route", "phase=origdone");
	refuse(&second);
	send_as("INVITE", &third);
	phone_hear(callee, "INVITE");
	ck_assert_ptr_nonnull(strstr(callee->heard, "INVITE sip:2002@example.com"));
	refuse(&third);
	send_as("INVITE", &fourth);
	phone_hear(callee, "INVITE");
	refuse(&fourth);
	strcpy(callee->request, invite);
	refuse(&first);
	stage_close(&stage);
}
END_TEST

/* The answer takes the way the request came. */
START_TEST(a_via_of_another_transport_is_answered)
{
	struct wanted invite;

	open_case(_i);
	invite = usual(via(_i & 2 ? "UDP" : "TCP", "t1"));
	send_as("INVITE", &invite);
	phone_hear(callee, "INVITE");
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	refuse(&invite);
	invite = usual(via("SCTP", "t2"));
	send_as("INVITE", &invite);
	phone_hear(callee, "INVITE");
	refuse(&invite);
	invite = usual(via("TLS", "t3"));
	send_as("OPTIONS", &invite);
	phone_hear(caller, "200 OPTIONS");
	stage_close(&stage);
}
END_TEST

/* Several Via in one line, the first of which we add to (RFC 3261 section 18.2.1). */
START_TEST(every_via_of_one_line_comes_back)
{
	struct wanted invite;
	char line[300], all[1024] = "";
	const char *value;

	open_case(_i);
	snprintf(line, sizeof line,
		 "SIP/2.0/%s far.example.com:%u;branch=z9hG4bKv1, "
		 "SIP/2.0/UDP one.example.com;branch=z9hG4bKone,"
		 "SIP/2.0/TLS two.example.com:5061;branch=z9hG4bKtwo",
		 own_transport(), caller->port);
	invite = usual(line);
	send_as("INVITE", &invite);
	phone_hear(callee, "INVITE");
	if (_i & 1) {
		phone_has(callee, "Via", "z9hG4bKv1");
		phone_has(callee, "Via", "received=127.0.0.1");
		phone_has(callee, "Via", "z9hG4bKone");
		phone_has(callee, "Via", "z9hG4bKtwo");
	}
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	for (unsigned n = 0; *(value = text_header(caller->heard, "Via", n)); n++)
		strcat(strcat(all, value), " ");
	ck_assert_msg(strstr(all, "z9hG4bKv1") && strstr(all, "z9hG4bKone") &&
			      strstr(strstr(all, "z9hG4bKone"), "z9hG4bKtwo"),
		      "%s", all);
	refuse(&invite);
	stage_close(&stage);
}
END_TEST

START_TEST(any_method_of_token_characters_passes)
{
	static const char method[] = "!interesting-Method0123456789_*+`.%indeed'~";
	char answer[80];

	open_case(_i);
	stage_talk(&stage);
	snprintf(answer, sizeof answer, "200 %s", method);
	phone_ask(caller, method, "", "");
	phone_hear(callee, method);
	ck_assert_ptr_nonnull(strstr(text_header(callee->heard, "CSeq", 0), method));
	phone_answer(callee, 200, "", "");
	phone_hear(caller, answer);
	phone_ask(callee, "x`", "", "");
	phone_hear(caller, "x`");
	phone_answer(caller, 200, "", "");
	phone_hear(callee, "200 x`");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* RFC 3261 section 8.1.1.5 forbids the number, but it must end no call. */
START_TEST(after_a_cseq_of_2_to_the_32_less_1_the_dialog_goes_on)
{
	open_case(_i);
	stage_talk(&stage);
	caller->cseq = 4294967294u;
	phone_ask(caller, "INFO", "", "");
	phone_hear(callee, "INFO");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INFO");
	ck_assert_str_eq(text_header(caller->heard, "CSeq", 0), "4294967295 INFO");
	caller->cseq = 4;
	phone_ask(caller, "INFO", "", "");
	phone_hear(callee, "INFO");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INFO");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(an_invite_with_a_cseq_of_2_to_the_32_less_1_makes_a_call)
{
	struct wanted invite;

	open_case(_i);
	invite = usual(via(own_transport(), "c1"));
	invite.cseq = 4294967295u;
	send_as("INVITE", &invite);
	phone_hear(callee, "INVITE");
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	caller->cseq = 0;
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* What is required of who answers passes end to end. */
START_TEST(require_passes_end_to_end)
{
	struct wanted invite;

	open_case(_i);
	invite = usual(via(own_transport(), "r1"));
	invite.headers = "Require: nothing-that-exists\r\n";
	send_as("INVITE", &invite);
	phone_hear(callee, "INVITE");
	phone_has(callee, "Require", "nothing-that-exists");
	refuse(&invite);
	stage_talk(&stage);
	phone_ask(caller, "INFO", "Require: nothing-that-exists\r\n", "");
	phone_hear(callee, "INFO");
	phone_has(callee, "Require", "nothing-that-exists");
	phone_answer(callee, 420, "Unsupported: nothing-that-exists\r\n", "");
	phone_hear(caller, "420 INFO");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* RFC 3261 section 16.3: what is required of a proxy, of no other; never of ACK and CANCEL. */
START_TEST(proxy_require_is_for_a_proxy)
{
	static const char odd[] = "Proxy-Require: one, nothing-that-exists\r\n";
	static char request[PHONE_TEXT];
	struct wanted invite;

	open_case(_i);
	invite = usual(via(own_transport(), "p1"));
	invite.headers = odd;
	send_as("INVITE", &invite);
	if (_i & 1) {
		phone_hear(caller, "420 INVITE");
		phone_has(caller, "Unsupported", "one, nothing-that-exists");
		phone_hear_nothing(callee);
		acknowledge_failure(&invite);
	} else {
		phone_hear(callee, "INVITE");
		refuse(&invite);
	}
	invite = usual(via(own_transport(), "p2"));
	send_as("INVITE", &invite);
	phone_hear(callee, "INVITE");
	strcpy(request, callee->request);
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	invite.headers = odd;
	send_as("CANCEL", &invite);
	phone_hear(caller, "200 CANCEL");
	phone_hear(callee, "CANCEL");
	phone_answer(callee, 200, "", "");
	phone_answer_to(callee, request, 487);
	phone_hear(callee, "ACK");
	phone_hear(caller, "487 INVITE");
	acknowledge_failure(&invite);
	/* In a dialog. */
	stage_talk(&stage);
	phone_ask(caller, "INFO", odd, "");
	if (_i & 1) {
		phone_hear(caller, "420 INFO");
		phone_has(caller, "Unsupported", "nothing-that-exists");
	} else {
		phone_hear(callee, "INFO");
		phone_answer(callee, 200, "", "");
		phone_hear(caller, "200 INFO");
	}
	phone_ask(caller, "ACK", odd, "");
	phone_hear_nothing(caller);
	phone_forget(callee);
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

static int wanted_model;

static void as_evolution(struct stage *made)
{
	made->settings.invite.is_evolution = true;
	made->settings.wire.is_proxy = wanted_model;
}

/* On the short way this program is a proxy in either model. */
START_TEST(proxy_require_is_for_the_short_way)
{
	struct wanted invite;

	wanted_model = _i & 1;
	stage_open(&stage, as_evolution);
	stage.verdict.is_shortcut = true;
	stage.verdict.rule = "shortcut";
	if (_i & 2) {
		phone_connect_tcp(caller);
		phone_listen_tcp(callee);
	}
	invite = usual(via(own_transport(), "s1"));
	invite.headers = "Accept-Contact: *;atrp=shortcut\r\n"
			 "Proxy-Require: nothing-that-exists\r\n";
	send_as("INVITE", &invite);
	phone_hear(caller, "420 INVITE");
	phone_has(caller, "Unsupported", "nothing-that-exists");
	phone_hear_nothing(callee);
	/* Its ACK ends here or goes the way of the INVITE; neither is answered. */
	acknowledge_failure(&invite);
	phone_hear_nothing(caller);
	phone_forget(callee);
	invite = usual(via(own_transport(), "s2"));
	invite.headers = "Accept-Contact: *;atrp=shortcut\r\nRequire: anything\r\n";
	send_as("INVITE", &invite);
	phone_hear(callee, "INVITE");
	phone_has(callee, "Require", "anything");
	stage_close(&stage);
}
END_TEST

/* The short way back of a request whose Via names another transport than it came by. */
START_TEST(a_via_of_another_transport_is_answered_by_the_short_way)
{
	struct wanted invite;

	wanted_model = _i & 1;
	stage_open(&stage, as_evolution);
	stage.verdict.is_shortcut = true;
	stage.verdict.rule = "shortcut";
	if (_i & 2) {
		phone_connect_tcp(caller);
		phone_listen_tcp(callee);
	}
	invite = usual(via(_i & 2 ? "UDP" : "TCP", "s1"));
	invite.headers = "Accept-Contact: *;atrp=shortcut\r\n";
	send_as("INVITE", &invite);
	phone_hear(callee, "INVITE");
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	stage_close(&stage);
}
END_TEST

static void route_by_tcp(unsigned port, char *routes, size_t size)
{
	snprintf(routes, size,
		 "Route: <sip:127.0.0.1:%u;lr;phase=imsterm>\r\n"
		 "Route: <sip:127.0.0.1:%u;transport=tcp;lr;odi=1>\r\n",
		 stage.udp, port);
}

/* A refused connection is forgotten: another address, and the same one later, are tried. */
START_TEST(after_a_refused_connection_the_next_address_is_tried)
{
	char dead[512], live[512];

	stage_open_model(&stage, _i & 1);
	route_by_tcp(callee->port, dead, sizeof dead);
	phone_invite_by(caller, dead, "", "");
	stage_run(&stage);
	stage_skip(&stage, 10);
	phone_await(caller, "503 INVITE");
	phone_ack_failure(caller);
	phone_invite(caller, "", "");		/* the same telephone by UDP */
	phone_hear(callee, "INVITE");
	phone_answer(callee, 404, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "404 INVITE");
	phone_ack_failure(caller);
	phone_listen_tcp(callee);
	route_by_tcp(callee->port, live, sizeof live);
	phone_invite_by(caller, live, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
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
	Suite *suite = suite_create("agent_case_request");
	TCase *all = tcase_create("requests");

	tcase_add_checked_fixture(all, stop_clock, start_clock);
	tcase_set_timeout(all, 20);
	tcase_add_loop_test(all, a_merged_invite_hears_482_of_a_user_agent_alone, 0, 4);
	tcase_add_loop_test(all, an_answered_invite_merges_with_nothing, 0, 4);
	tcase_add_loop_test(all, another_phase_or_station_is_no_merged_request, 0, 4);
	tcase_add_loop_test(all, a_via_of_another_transport_is_answered, 0, 4);
	tcase_add_loop_test(all, every_via_of_one_line_comes_back, 0, 4);
	tcase_add_loop_test(all, any_method_of_token_characters_passes, 0, 4);
	tcase_add_loop_test(all, after_a_cseq_of_2_to_the_32_less_1_the_dialog_goes_on, 0,
			    4);
	tcase_add_loop_test(all, an_invite_with_a_cseq_of_2_to_the_32_less_1_makes_a_call,
			    0, 4);
	tcase_add_loop_test(all, require_passes_end_to_end, 0, 4);
	tcase_add_loop_test(all, proxy_require_is_for_a_proxy, 0, 4);
	tcase_add_loop_test(all, proxy_require_is_for_the_short_way, 0, 4);
	tcase_add_loop_test(all, a_via_of_another_transport_is_answered_by_the_short_way,
			    0, 4);
	tcase_add_loop_test(all, after_a_refused_connection_the_next_address_is_tried, 0,
			    2);
	suite_add_tcase(suite, all);
	return suite;
}
