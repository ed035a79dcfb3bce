/* SPDX-License-Identifier: MIT */
/*
 * Requests that belong to no call, and PUBLISH requests of the agent's own.  _i is the call model:
 * 0 is the back-to-back user agent, 1 the proxy.
 */
#include "agent_peer.h"

#include "base/fault.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

/* PHONE sends METHOD outside any dialog, or with the To tag TAG (NULL = none). */
static void ask_as(struct phone *phone, const char *method, const char *tag,
		   const char *headers)
{
	static unsigned calls;

	snprintf(phone->call_id, sizeof phone->call_id, "ask-%u@127.0.0.1", calls++);
	snprintf(phone->local, sizeof phone->local, "<sip:1001@example.com>;tag=%s",
		 phone->tag);
	snprintf(phone->remote, sizeof phone->remote, "<sip:2001@example.com>%s%s",
		 tag ? ";tag=" : "", tag ? tag : "");
	snprintf(phone->target, sizeof phone->target, "sip:2001@example.com");
	phone->route[0] = '\0';
	phone_ask(phone, method, headers, "");
}

/* The caller sends METHOD without a To tag and must receive ANSWER ("" = nothing). */
static void ask(const char *method, const char *headers, const char *answer)
{
	ask_as(caller, method, NULL, headers);
	if (*answer)
		phone_hear(caller, answer);
	phone_hear_nothing(callee);
	stage_assert_halves(&stage, 0);
}

START_TEST(options_are_answered)
{
	stage_open_model(&stage, _i);
	ask("OPTIONS", "", "200 OPTIONS");
	phone_has(caller, "Allow", "INVITE");
	phone_has(caller, "Supported", "timer");
	stage.settings.plays_dead = true;
	stage_reload(&stage);
	ask("OPTIONS", "", "503 OPTIONS");
	phone_has(caller, "Warning", "monitor.alive is false");
	stage.settings.plays_dead = false;
	stage_reload(&stage);
	ask("OPTIONS", "", "200 OPTIONS");
	agent_drain(stage.agent);
	ask("OPTIONS", "", "503 OPTIONS");
	phone_has(caller, "Warning", "about to stop");
	stage_close(&stage);
}
END_TEST

START_TEST(requests_of_no_dialog_are_refused)
{
	static const char *const methods[][2] = {
		{ "BYE", "481 BYE" },		{ "UPDATE", "481 UPDATE" },
		{ "INFO", "481 INFO" },		{ "MESSAGE", "405 MESSAGE" },
		{ "REGISTER", "405 REGISTER" }, { "SUBSCRIBE", "405 SUBSCRIBE" },
		{ "FROB", "405 FROB" },
	};

	stage_open_model(&stage, _i);
	for (size_t i = 0; i < COUNT(methods); i++)
		ask(methods[i][0], "", methods[i][1]);
	phone_has(caller, "Allow", "INVITE");
	ask("PRACK", "RAck: 1 1 INVITE\r\n", "481 PRACK");
	ask("CANCEL", "", "481 CANCEL");
	stage_close(&stage);
}
END_TEST

/* In the b2bua model a tag that is not known is no dialog; a proxy forwards it. */
START_TEST(requests_of_a_foreign_dialog_are_refused)
{
	stage_open_model(&stage, 0);
	ask_as(caller, "BYE", "foreign", "");
	phone_hear(caller, "481 BYE");
	ask_as(caller, "OPTIONS", "foreign", "");
	phone_hear(caller, "481 OPTIONS");
	ask_as(caller, "INVITE", "foreign", "");
	phone_hear(caller, "481 INVITE");
	phone_ack_failure(caller);
	ask_as(caller, "ACK", "foreign", "");
	phone_hear_nothing(caller);
	phone_hear_nothing(callee);
	stage_close(&stage);
}
END_TEST

START_TEST(repeated_headers_are_named)
{
	stage_open_model(&stage, _i);
	ask("OPTIONS", "Expires: 1\r\nExpires: 2\r\n", "400 OPTIONS");
	phone_has(caller, "Warning", "Expires appears more than once");
	ask("INVITE", "Expires: 1\r\nExpires: 2\r\n", "400 INVITE");
	phone_ack_failure(caller);
	phone_hear_nothing(callee);
	stage_close(&stage);
}
END_TEST

/* Headers that this program does not act on may be malformed. */
START_TEST(malformed_headers_of_others_do_no_harm)
{
	stage_open_model(&stage, _i);
	ask("OPTIONS",
	    "Session-Expires: x\r\nMin-SE: y\r\nRetry-After: z\r\nSubject: \r\n",
	    "200 OPTIONS");
	stage_close(&stage);
}
END_TEST

/* An INVITE whose Max-Forwards is HOPS, and the header lines HEADERS beside it. */
static void invite_with_hops(unsigned hops, const char *method, const char *to_tag)
{
	char text[1500];
	int length = snprintf(
		text, sizeof text,
		"%s sip:2001@127.0.0.1:%u SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKhops%u%s%c\r\n"
		"Route: <sip:127.0.0.1:%u;lr%s>\r\nMax-Forwards: %u\r\n"
		"From: <sip:1001@example.com>;tag=h\r\nTo: <sip:2001@example.com>%s\r\n"
		"Call-ID: hops-%u\r\nCSeq: 1 %s\r\nContact: <sip:1@127.0.0.1:%u>\r\n"
		"Content-Length: 0\r\n\r\n",
		method, callee->port, caller->port, hops, method, *to_tag ? 't' : 'n',
		stage.udp, *to_tag ? "" : ";phase=imsterm", hops, to_tag, hops, method,
		caller->port);

	phone_send(caller, text, (size_t)length);
}

START_TEST(requests_without_hops_left_are_refused)
{
	stage_open_model(&stage, _i);
	invite_with_hops(0, "INVITE", "");
	phone_hear(caller, "483 INVITE");
	phone_hear_nothing(callee);
	invite_with_hops(0, "INFO", "");
	phone_hear(caller, "483 INFO");
	invite_with_hops(1, "INFO", "");
	phone_hear(caller, "481 INFO");
	/* RFC 3261 section 16.3: an OPTIONS is answered where its hops end. */
	invite_with_hops(0, "OPTIONS", "");
	phone_hear(caller, "200 OPTIONS");
	invite_with_hops(0, "ACK", ";tag=x");
	phone_hear_nothing(caller);
	phone_hear_nothing(callee);
	stage_close(&stage);
}
END_TEST

/* The ACK of a 2xx that is unknown here, as after a restart. */
START_TEST(a_proxy_forwards_the_ack_of_a_dialog_with_a_tag)
{
	stage_open_model(&stage, _i);
	invite_with_hops(5, "ACK", ";tag=x");
	if (_i)
		phone_hear(callee, "ACK");
	phone_hear_nothing(callee);
	invite_with_hops(6, "ACK", "");
	phone_hear_nothing(callee);
	stage_close(&stage);
}
END_TEST

START_TEST(strangers_are_noted)
{
	struct phone stranger;
	char noted[200];

	stage_open_model(&stage, _i);
	phone_open(&stage, &stranger, "stranger", "127.0.0.2");
	ask_as(&stranger, "OPTIONS", NULL, "");
	phone_hear(&stranger, "403 OPTIONS");
	phone_has(&stranger, "Warning", "configured proxies only");
	ck_assert_str_eq(stage.notes, "stranger ");
	snprintf(noted, sizeof noted, "from=127.0.0.2:%u to=2001 status=403 id=%s",
		 stranger.port, stranger.call_id);
	ck_assert_str_eq(stage.noted, noted);
	ck_assert_str_eq(stage.reason, "the address is no configured proxy");

	stage.settings.ignores_strangers = true;
	stage_reload(&stage);
	ask_as(&stranger, "OPTIONS", NULL, "");
	phone_hear_nothing(&stranger);
	ck_assert_str_eq(stage.notes, "stranger stranger ");
	ck_assert_ptr_nonnull(strstr(stage.noted, " status=0 "));
	ask_as(&stranger, "ACK", "x", "");
	phone_hear_nothing(&stranger);
	ck_assert_str_eq(stage.notes, "stranger stranger ");

	stage.settings.ignores_strangers = false;
	stage_reload(&stage);
	ask_as(&stranger, "OPTIONS", NULL, "");
	phone_hear(&stranger, "403 OPTIONS");
	phone_close(&stranger);
	stage_close(&stage);
}
END_TEST

/* PUBLISH. */

static const char body[] = "<dialog-info/>";

static const struct agent_publish publishes[] = {
	{ .extension = "2001", .expires_s = 3600, .body = body, .body_length = 14 },
	{ .extension = "2#1", .expires_s = 1, .if_match = "e1" },
};

START_TEST(publish_is_sent_to_the_first_proxy)
{
	const struct agent_publish *publish = &publishes[_i];
	const char *line = _i ? "PUBLISH sip:2%231@example.com SIP/2.0\r\n"
			      : "PUBLISH sip:2001@example.com SIP/2.0\r\n";

	stage_open_model(&stage, 0);
	ck_assert_int_eq(agent_publish(stage.agent, publish, &stage), 0);
	ck_assert_uint_eq(stage.publishes, 0);
	phone_hear(callee, "PUBLISH");
	ck_assert_msg(strncmp(callee->heard, line, strlen(line)) == 0, "%s",
		      callee->heard);
	phone_has(callee, "To",
		  _i ? "<sip:2%231@example.com>" : "<sip:2001@example.com>");
	phone_has(callee, "From",
		  _i ? "<sip:2%231@example.com>" : "<sip:2001@example.com>");
	ck_assert_str_eq(text_header(callee->heard, "Event", 0), "dialog");
	ck_assert_str_eq(text_header(callee->heard, "Expires", 0), _i ? "1" : "3600");
	ck_assert_str_eq(text_header(callee->heard, "SIP-If-Match", 0), _i ? "e1" : "");
	ck_assert_str_eq(text_header(callee->heard, "User-Agent", 0), "halfcall/1");
	ck_assert_str_eq(text_header(callee->heard, "Content-Type", 0),
			 _i ? "" : "application/dialog-info+xml");
	ck_assert_str_eq(text_body(callee->heard), _i ? "" : body);
	phone_has(callee, "Route", "127.0.0.1");
	phone_answer(callee, 200, "SIP-ETag: e2\r\nExpires: 300\r\n", "");
	stage_run(&stage);
	ck_assert_uint_eq(stage.publishes, 1);
	ck_assert_str_eq(stage.published, "200 e2 300 0 0");
	stage_close(&stage);
}
END_TEST

START_TEST(publish_that_fails_says_what_came)
{
	static const struct {
		int status;
		const char *headers, *published;
	} answers[] = {
		{ 412, "", "412 - 0 0 0" },
		{ 423, "Min-Expires: 600\r\n", "423 - 0 600 0" },
		{ 503, "Retry-After: 7\r\n", "503 - 0 0 7" },
	};

	stage_open_model(&stage, 0);
	for (size_t i = 0; i < COUNT(answers); i++) {
		ck_assert_int_eq(agent_publish(stage.agent, &publishes[0], &stage), 0);
		phone_hear(callee, "PUBLISH");
		phone_answer(callee, answers[i].status, answers[i].headers, "");
		stage_run(&stage);
		ck_assert_str_eq(stage.published, answers[i].published);
	}
	ck_assert_int_eq(agent_publish(stage.agent, &publishes[0], &stage), 0);
	stage_skip(&stage, 40000);
	ck_assert_str_eq(stage.published, "408 - 0 0 0");
	ck_assert_uint_eq(stage.publishes, COUNT(answers) + 1);
	stage_close(&stage);
}
END_TEST

static void with_no_way(struct stage *s)
{
	s->settings.wire.listen_count = 1;	/* UDP */
	s->proxies[0].address.transport = "tcp";
}

static void with_an_odd_domain(struct stage *s)
{
	s->settings.wire.domain = ">";	/* in no URI */
}

START_TEST(publish_that_cannot_be_made_or_sent_is_told)
{
	stage_open(&stage, _i ? with_no_way : with_an_odd_domain);
	ck_assert_int_eq(agent_publish(stage.agent, &publishes[0], &stage),
			 _i ? -EADDRNOTAVAIL : -EINVAL);
	stage_close(&stage);
	ck_assert_uint_eq(stage.publishes, 0);
}
END_TEST

/* A PUBLISH without a response is freed with the agent; the sanitizer would report a
 * leak. */
START_TEST(publish_under_way_ends_with_the_agent)
{
	stage_open_model(&stage, 0);
	ck_assert_int_eq(agent_publish(stage.agent, &publishes[0], &stage), 0);
	ck_assert_int_eq(agent_publish(stage.agent, &publishes[1], &stage), 0);
	agent_free(stage.agent);
	ck_assert_uint_eq(stage.publishes, 0);
	loop_free(stage.loop);
	phone_close(caller);
	phone_close(callee);
}
END_TEST

START_TEST(idle_is_told_when_the_last_call_is_over)
{
	stage_open_model(&stage, _i);
	stage_talk(&stage);
	stage_hang_up(&stage, caller);
	stage_settle(&stage);
	ck_assert_uint_eq(stage.idles, 0);
	agent_drain(stage.agent);
	ck_assert_uint_eq(stage.idles, 1);
	stage_close(&stage);
}
END_TEST

START_TEST(agent_needs_its_address)
{
	struct fault fault = { "" };
	struct agent *other = NULL;
	struct agent_settings settings;

	stage_open_model(&stage, 0);
	settings = stage.settings;
	stage.listen[0].port = stage.udp;
	ck_assert_int_lt(stage_second_agent(&stage, &settings, &other, &fault), 0);
	ck_assert_ptr_nonnull(strstr(fault.text, "127.0.0.1"));
	ck_assert_ptr_null(other);
	agent_free(NULL);
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_dispatch");
	TCase *both = tcase_create("both models"), *one = tcase_create("one model");

	tcase_add_loop_test(both, options_are_answered, 0, 2);
	tcase_add_loop_test(both, requests_of_no_dialog_are_refused, 0, 2);
	tcase_add_loop_test(both, repeated_headers_are_named, 0, 2);
	tcase_add_loop_test(both, malformed_headers_of_others_do_no_harm, 0, 2);
	tcase_add_loop_test(both, requests_without_hops_left_are_refused, 0, 2);
	tcase_add_loop_test(both, a_proxy_forwards_the_ack_of_a_dialog_with_a_tag, 0, 2);
	tcase_add_loop_test(both, strangers_are_noted, 0, 2);
	tcase_add_loop_test(both, idle_is_told_when_the_last_call_is_over, 0, 2);
	suite_add_tcase(suite, both);
	tcase_add_test(one, requests_of_a_foreign_dialog_are_refused);
	tcase_add_loop_test(one, publish_is_sent_to_the_first_proxy, 0, COUNT(publishes));
	tcase_add_test(one, publish_that_fails_says_what_came);
	tcase_add_loop_test(one, publish_that_cannot_be_made_or_sent_is_told, 0, 2);
	tcase_add_test(one, publish_under_way_ends_with_the_agent);
	tcase_add_test(one, agent_needs_its_address);
	suite_add_tcase(suite, one);
	return suite;
}
