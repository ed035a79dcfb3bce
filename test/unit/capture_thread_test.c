/* SPDX-License-Identifier: MIT */
/* What is read in a message at a glance, and which half it belongs to. */
#include "unit.h"

#include "capture_fixture.h"

/* "o" and "t", for each message so far; "-" = no half. */
static const char *halves(void)
{
	static char text[MESSAGES + 1];

	for (size_t i = 0; i < count; i++)
		text[i] = !messages[i].has_half		  ? '-'
			  : messages[i].half == HALF_ORIG ? 'o'
			  : messages[i].half == HALF_TERM ? 't'
							  : 'l';
	text[count] = '\0';
	return text;
}

START_TEST(all_that_a_message_says_is_read)
{
	const struct sighting *message = pass(
		false,
		"INVITE sip:%2321;x=y@example.com;avaya-cm-fnu=off-hook SIP/2.0\r\n"
		"v: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK-1, SIP/2.0/UDP h;branch=z9hG4bK-0\r\n"
		"f: \"A <b> \\\" c\" <sip:+1001@example.com>;tag=a\r\n"
		"t: sip:2001@example.com\r\ni: call\r\nCSeq: 7 INVITE\r\n"
		"Route: <sip:192.0.2.9;lr;phase=imsorig;seq=explicit>,\r\n <sip:x;lr>\r\n"
		"\r\n");

	ck_assert(message->is_request && message->is_off_hook);
	ck_assert_str_eq(message->method, "INVITE");
	ck_assert_str_eq(message->from, "+1001");
	ck_assert_str_eq(message->to, "2001");
	ck_assert_str_eq(message->dialled, "#21");
	ck_assert_str_eq(message->sip_call_id, "call");
	ck_assert_str_eq(message->branch, "z9hG4bK-1");
	ck_assert_str_eq(message->branch_below, "z9hG4bK-0");
	ck_assert_uint_eq(message->cseq, 7);
	ck_assert_int_eq(message->phase, PHASE_IMSORIG);
	ck_assert_uint_eq(strlen(message->call), 16);
}
END_TEST

START_TEST(a_phase_may_stand_behind_the_bracket_and_be_unknown)
{
	ck_assert_int_eq(say(false, invite_2001, &orig_in, "1 INVITE",
			     "Route: <sip:192.0.2.9;lr>;phase=imsterm\r\n")
				 ->phase,
			 PHASE_IMSTERM);
	ck_assert_str_eq(
		say(false, invite_2001, &orig_in, "1 INVITE", ROUTE("none"))->phase_text,
		"none");
}
END_TEST

START_TEST(what_is_no_message_is_read_as_far_as_it_goes)
{
	static const char *const texts[] = {
		"",
		"\r\n",
		"INVITE",
		"SIP/2.0 200",
		"SIP/2.0 200 \r\n\r\n",
		"\xff\xfe",
		"INVITE sip: SIP/2.0\r\nFrom\r\nFrom: \"\r\nTo: <\r\nVia:\r\n\r\n",
		"INVITE x SIP/2.0\r\nVia: a,\r\nRoute: <\r\nRecord-Route: ,\r\nCall-ID:\r\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct sighting *message = pass(i % 2, texts[i]);

		ck_assert_ptr_nonnull(message->method);
		ck_assert(!message->has_half);
	}
}
END_TEST

START_TEST(a_b2bua_call_has_its_halves)
{
	invite_all();
	ck_assert_str_eq(halves(), "oott");
	answer_all("SIP/2.0 180 Ringing", "1 INVITE");
	ck_assert_str_eq(halves() + 4, "ttoo");
	answer_all("SIP/2.0 200 OK", "1 INVITE");
	request_all("ACK sip:2001@192.0.2.1 SIP/2.0", "1 ACK");
	ck_assert_str_eq(halves() + 12, "oott");
	request_all("BYE sip:2001@192.0.2.1 SIP/2.0", "2 BYE");
	ck_assert_str_eq(halves() + 16, "oott");
	for (size_t i = 1; i < count; i++)
		ck_assert(!messages[i].is_again);
	ck_assert_str_eq(messages[3].call, "0123456789abcdef");
}
END_TEST

/* From and To change places: the callee's BYE comes to the terminating half first. */
START_TEST(a_request_of_the_callee_goes_the_other_way)
{
	static const struct {
		const char *call_id, *tag;
		bool is_out;
	} ways[] = {
		{ "hc-0123456789abcdef-2", "i", false },
		{ "hc-0123456789abcdef-1", "h", true },
		{ "hc-0123456789abcdef-1", "h", false },
		{ "hc-0123456789abcdef-0", "a", true },
	};

	invite_all();
	for (size_t i = 0; i < 4; i++)
		pass(ways[i].is_out,
		     arena_printf(&arena,
				  "BYE sip:1001@192.0.2.1 SIP/2.0\r\n"
				  "Via: SIP/2.0/UDP h;branch=z9hG4bK-b%zu\r\n"
				  "From: <sip:2001@example.com>;tag=b\r\n"
				  "To: <sip:1001@example.com>;tag=%s\r\n"
				  "Call-ID: %s\r\nCSeq: 1 BYE\r\n\r\n",
				  i, ways[i].tag, ways[i].call_id));
	ck_assert_str_eq(halves() + 4, "ttoo");
}
END_TEST

/* One Call-ID and one tag for all; Vias pile up, Record-Route has the half's handle. */
START_TEST(a_proxied_call_has_its_halves)
{
	struct side side = { "x", "a", "p1" };

	say(false, invite_2001, &side, "1 INVITE", ROUTE("imsorig"));
	side.branch = "c1, SIP/2.0/UDP h;branch=p1";
	say(true, invite_2001, &side, "1 INVITE",
	    ROUTE("origdone") "Record-Route: <sip:cm;lr;hc=11>\r\n");
	side.branch = "p2, SIP/2.0/UDP h;branch=c1";
	say(false, invite_2001, &side, "1 INVITE", ROUTE("imsterm"));
	side.branch = "c2, SIP/2.0/UDP h;branch=p2";
	say(true, invite_2001, &side, "1 INVITE",
	    ROUTE("termdone") "Record-Route: <sip:cm;lr;hc=22>\r\n");
	ck_assert_str_eq(halves(), "oott");
	side.branch = "p3";
	say(false, "BYE sip:x SIP/2.0", &side, "2 BYE",
	    "X-Tag: b\r\nRoute: <sip:cm;lr;hc=11>\r\n");
	side.branch = "c3, SIP/2.0/UDP h;branch=p3";
	say(true, "BYE sip:x SIP/2.0", &side, "2 BYE", "X-Tag: b\r\n");
	side.branch = "p4, SIP/2.0/UDP h;branch=c3";
	say(false, "BYE sip:x SIP/2.0", &side, "2 BYE",
	    "X-Tag: b\r\nRoute: <sip:cm;lr;hc=22>\r\n");
	side.branch = "c4, SIP/2.0/UDP h;branch=p4";
	say(true, "BYE sip:x SIP/2.0", &side, "2 BYE", "X-Tag: b\r\n");
	ck_assert_str_eq(halves() + 4, "oott");
	side.branch = "c4";
	say(false, "SIP/2.0 200 OK", &side, "2 BYE", "X-Tag: b\r\n");
	ck_assert_str_eq(halves() + 8, "t");
}
END_TEST

START_TEST(off_hook_is_a_line_and_the_dialled_call_is_not)
{
	struct side dialled = { orig_in.call_id, "a", "z9hG4bK-9" };

	say(false, "INVITE sip:1001@example.com;avaya-cm-fnu=off-hook SIP/2.0", &orig_in,
	    "1 INVITE", ROUTE("imsorig"));
	say(true, "SIP/2.0 183 Session Progress", &orig_in, "1 INVITE", "X-Tag: b\r\n");
	say(false, invite_2001, &dialled, "2 INVITE", "X-Tag: b\r\n" ROUTE("imsorig"));
	say(true, "SIP/2.0 484 Address Incomplete", &orig_in, "1 INVITE", "X-Tag: b\r\n");
	ck_assert_str_eq(halves(), "llol");
}
END_TEST

START_TEST(the_same_bytes_are_a_repetition_that_way_alone)
{
	say(false, invite_2001, &orig_in, "1 INVITE", ROUTE("imsorig"));
	ck_assert(say(false, invite_2001, &orig_in, "1 INVITE", ROUTE("imsorig"))
			  ->is_again);
	ck_assert(!say(true, invite_2001, &orig_in, "1 INVITE", ROUTE("imsorig"))
			   ->is_again);
	ck_assert(!say(false, invite_2001, &orig_in, "2 INVITE", ROUTE("imsorig"))
			   ->is_again);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("capture_thread");
	TCase *tcase = tcase_create("capture_thread");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, all_that_a_message_says_is_read);
	tcase_add_test(tcase, a_phase_may_stand_behind_the_bracket_and_be_unknown);
	tcase_add_test(tcase, what_is_no_message_is_read_as_far_as_it_goes);
	tcase_add_test(tcase, a_b2bua_call_has_its_halves);
	tcase_add_test(tcase, a_request_of_the_callee_goes_the_other_way);
	tcase_add_test(tcase, a_proxied_call_has_its_halves);
	tcase_add_test(tcase, off_hook_is_a_line_and_the_dialled_call_is_not);
	tcase_add_test(tcase, the_same_bytes_are_a_repetition_that_way_alone);
	suite_add_tcase(suite, tcase);
	return suite;
}
