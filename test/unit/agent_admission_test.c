/* SPDX-License-Identifier: MIT */
/*
 * Admission as the agent answers for it: which calls are emergencies, and that the halves of one
 * call are never refused separately.
 */
#include "agent_peer.h"

#include "agent/face.h"
#include "agent/load.h"
#include "unit.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static struct stage stage;
static char asked[300];			/* the number is_emergency() was asked about */

static bool is_emergency(void *context, const char *number)
{
	(void)context;
	snprintf(asked, sizeof asked, "%s", number);
	return strcmp(number, "112") == 0 || strcmp(number, "*67112") == 0;
}

static bool is_urgent(const char *request_uri)
{
	static const struct agent_hooks hooks = { .is_emergency = is_emergency };
	struct agent agent = { .hooks = &hooks };

	asked[0] = '\0';
	return load_is_urgent(&agent, request_uri);
}

START_TEST(an_emergency_is_known_however_it_is_written)
{
	static const char *const uris[] = {
		"sip:112@example.com",
		"SIP:112@example.com;user=phone",
		"sips:112@example.com",
		"sip:112;phone-context=+49@example.com",
		"sip:1-1-2@example.com",
		"sip:(1)1.2@example.com",
		"sip:%31%312@example.com",
		"sip:112:secret@example.com",
		"sip:112%3bcpc=ordinary@example.com",
		"sip:*67112@example.com",
		"sip:%2A67112@example.com",
		"sip:112",
		"tel:112",
		"TEL:1-1-2;phone-context=+49",
		"tel:%31%31%32",
		"urn:service:sos",
		"URN:SERVICE:SOS",
		"urn:service:sos.police",
		"urn:service:%73os",
		"sip:sos@example.com",
		/* Unsure. */
		"sip:1%1@example.com",
		"sip:1%zz2@example.com",
		"sip:1%002@example.com",
		"tel:1 1 2",
		"112",
		"other:112",
		"",
	};

	for (size_t i = 0; i < sizeof uris / sizeof *uris; i++)
		ck_assert_msg(is_urgent(uris[i]), "%s", uris[i]);
}
END_TEST

START_TEST(other_calls_are_no_emergencies)
{
	static const char *const uris[] = {
		"sip:2001@example.com", "sip:1120@example.com",
		"sip:example.com",	"sip:192.0.2.1:5060",
		"tel:+15550100",	"urn:service:counseling",
		"urn:service:sosage",	"sip:bob%40home@example.com",
		"sip:@112.example.com",
	};

	for (size_t i = 0; i < sizeof uris / sizeof *uris; i++)
		ck_assert_msg(!is_urgent(uris[i]), "%s", uris[i]);
	is_urgent("sip:+1-555-0100;x=y@example.com");
	ck_assert_str_eq(asked, "+15550100");
}
END_TEST

START_TEST(what_is_too_long_to_read_may_be_one)
{
	char uri[600];

	memset(uri, '-', sizeof uri);
	memcpy(uri, "tel:112", 7);
	uri[sizeof uri - 1] = '\0';
	ck_assert(is_urgent(uri));
}
END_TEST

static void one_call(struct stage *of)
{
	of->settings.calls = 1;
	of->settings.admission.urgent_rate = 50;
}

static void one_call_as_proxy(struct stage *of)
{
	one_call(of);
	of->settings.wire.is_proxy = true;
}

/* The INVITE with NUMBER, to URI, of the half that PHASE names, with CALL_ID. */
static void send_invite_to(struct phone *phone, const char *call_id, const char *phase,
			   unsigned number, const char *uri)
{
	char text[2000];
	int length = snprintf(
		text, sizeof text,
		"INVITE %s SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-half%u\r\n"
		"Route: <sip:127.0.0.1:%u;lr;phase=%s>\r\n"
		"Route: <sip:127.0.0.1:%u;lr>\r\n"
		"Max-Forwards: 60\r\nFrom: <sip:1001@example.com>;tag=f\r\n"
		"To: <sip:2001@example.com>\r\nCall-ID: %s\r\nCSeq: %u INVITE\r\n"
		"Contact: <sip:1001@127.0.0.1:%u>\r\nContent-Length: 0\r\n\r\n",
		uri, phone->port, number, stage.udp, phase, stage.callee.port, call_id,
		number, phone->port);

	phone_send(phone, text, (size_t)length);
}

static void send_invite(struct phone *phone, const char *call_id, const char *phase,
			unsigned number)
{
	send_invite_to(phone, call_id, phase, number, "sip:2001@example.com");
}

START_TEST(both_halves_of_a_call_complete_while_others_are_refused)
{
	char call_id[200];

	stage_open(&stage, _i ? one_call_as_proxy : one_call);
	send_invite(&stage.caller, "first@far", "imsorig", 1);
	phone_hear(&stage.callee, "INVITE");
	snprintf(call_id, sizeof call_id, "%s",
		 text_header(stage.callee.heard, "Call-ID", 0));
	/* Another one finds no room. */
	send_invite(&stage.caller, "second@far", "imsorig", 2);
	phone_await(&stage.caller, "503 INVITE");
	phone_hear_nothing(&stage.callee);
	ck_assert_str_eq(text_header(stage.caller.heard, "Call-ID", 0), "second@far");
	/* But the proxy brings the first one back. */
	send_invite(&stage.caller, call_id, "imsterm", 3);
	phone_hear(&stage.callee, "INVITE");
	stage_assert_halves(&stage, 2);
	phone_answer(&stage.callee, 486, "", "");
	phone_await(&stage.caller, "486 INVITE");
	phone_forget(&stage.caller);
	stage_settle(&stage);
	stage_settle(&stage);
	stage_settle(&stage);
	stage_close(&stage);
}
END_TEST

START_TEST(the_number_dialled_after_off_hook_is_never_refused)
{
	stage_open(&stage, _i ? one_call_as_proxy : one_call);
	send_invite_to(&stage.caller, "off-hook@far", "imsorig", 1,
		       "sip:1001@example.com;avaya-cm-fnu=off-hook");
	phone_hear(&stage.caller, "183 INVITE");
	send_invite(&stage.caller, "second@far", "imsorig", 2);
	phone_hear(&stage.caller, "503 INVITE");
	send_invite(&stage.caller, "off-hook@far", "imsorig", 3);
	phone_hear(&stage.callee, "INVITE");
	phone_await(&stage.caller, "484 INVITE");
	stage_settle(&stage);
	stage_settle(&stage);
	stage_settle(&stage);
	stage_close(&stage);
}
END_TEST

START_TEST(a_call_id_made_here_is_known_before_and_after_its_call)
{
	stage_open_model(&stage, 0);
	ck_assert(load_is_known(stage.agent, "hc-0123456789abcdef-1@127.0.0.1"));
	ck_assert(!load_is_known(stage.agent, "hc-0123456789abcde-1@127.0.0.1"));
	ck_assert(!load_is_known(stage.agent, "hc-"));
	ck_assert(!load_is_known(stage.agent, ""));
	stage_close(&stage);
}
END_TEST

START_TEST(without_a_bound_there_is_always_room)
{
	stage_open_model(&stage, 0);
	ck_assert(load_room(stage.agent, false) == SIZE_MAX);
	stage.settings.calls = 5;
	stage.settings.reserved_calls = 2;
	stage_reload(&stage);
	ck_assert_uint_eq(load_room(stage.agent, false), 3);
	ck_assert_uint_eq(load_room(stage.agent, true), 5);
	stage.settings.reserved_calls = 7;
	stage_reload(&stage);
	ck_assert_uint_eq(load_room(stage.agent, false), 0);
	stage_close(&stage);
}
END_TEST

START_TEST(refusals_are_events_of_the_journal)
{
	stage_open(&stage, one_call);
	stage.settings.calls = 1;
	stage.settings.reserved_calls = 1;
	stage_reload(&stage);
	phone_invite(&stage.caller, "", "");
	phone_hear(&stage.caller, "503 INVITE");
	ck_assert_str_eq(stage.notes, "");
	stage_skip(&stage, 1100);
	ck_assert_str_eq(stage.notes, "overload ");
	ck_assert_str_eq(stage.reason,
			 "1 new calls refused within a second; one more would "
			 "have waited 0 ms");
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_admission");
	TCase *tcase = tcase_create("admission");

	tcase_add_test(tcase, an_emergency_is_known_however_it_is_written);
	tcase_add_test(tcase, other_calls_are_no_emergencies);
	tcase_add_test(tcase, what_is_too_long_to_read_may_be_one);
	tcase_add_loop_test(
		tcase, both_halves_of_a_call_complete_while_others_are_refused, 0, 2);
	tcase_add_loop_test(tcase, the_number_dialled_after_off_hook_is_never_refused, 0,
			    2);
	tcase_add_test(tcase, a_call_id_made_here_is_known_before_and_after_its_call);
	tcase_add_test(tcase, without_a_bound_there_is_always_room);
	tcase_add_test(tcase, refusals_are_events_of_the_journal);
	suite_add_tcase(suite, tcase);
	return suite;
}
