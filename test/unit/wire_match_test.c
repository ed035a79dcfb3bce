/* SPDX-License-Identifier: MIT */
/* Which transaction a message belongs to, and how messages are handled that belong to
 * none. */
#include "wire_peer.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct far *const far = &stage.far;

/* A request whose every line the test may choose. */
struct lines {
	const char *method, *uri, *via, *call_id;
	unsigned cseq;
	const char *tag;		/* of To, "" = none */
	const char *more;
};

static void send_lines(const struct lines *lines)
{
	static char text[4096];

	snprintf(text, sizeof text,
		 "%s %s SIP/2.0\r\n%s\r\nFrom: <sip:a@example.com>;tag=1\r\n"
		 "To: <sip:b@example.com>%s%s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n%s"
		 "Content-Length: 0\r\n\r\n",
		 lines->method, lines->uri, lines->via, *lines->tag ? ";tag=" : "",
		 lines->tag, lines->call_id, lines->cseq, lines->method, lines->more);
	far_send(far, text);
}

static char via[4][256];

/* Via lines that mean the same. */
static void open_with_vias(const char *branch)
{
	stage_open(&stage, NULL);
	snprintf(via[0], sizeof via[0], "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=%s",
		 far->port, branch);
	snprintf(via[1], sizeof via[1], "v:  SIP/2.0/UDP  127.0.0.1:%u;BRANCH=%s",
		 far->port, branch);
	snprintf(via[2], sizeof via[2],
		 "VIA : SIP / 2.0 / UDP 127.0.0.1:%u\r\n ;x=\"a,b\"; branch = %s , "
		 "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKother",
		 far->port, branch);
}

START_TEST(a_copy_is_known_however_its_via_is_written)
{
	struct lines lines = { "OPTIONS", "sip:127.0.0.1", via[0], "c@d", 1, "", "" };

	open_with_vias("z9hG4bKa");
	send_lines(&lines);
	stage_noted(&stage, "OPTIONS ");
	uas_reply(stage.uas, 200, NULL);
	far_hear(far, "SIP/2.0 200");
	for (unsigned i = 1; i < 3; i++) {
		lines.via = via[i];
		send_lines(&lines);
		far_hear(far, "SIP/2.0 200");
		stage_noted(&stage, "");
	}
	stage_end(&stage);
}
END_TEST

static void on_reused(void *context, const struct wire_frame *frame)
{
	ck_assert(!frame->is_out);
	stage_note(context, "reused");
}

static void hears_reuse(struct stage *made)
{
	made->events.branch_reused = on_reused;
}

/* Three pairs of the messages of RFC 4475 use one branch twice. */
START_TEST(a_branch_used_for_two_requests_means_two)
{
	struct lines lines = { "OPTIONS", "sip:127.0.0.1", via[0], "c@d", 1, "", "" };

	stage_open(&stage, hears_reuse);
	snprintf(via[0], sizeof via[0], "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa",
		 far->port);
	send_lines(&lines);
	lines.call_id = "e@f";
	send_lines(&lines);
	lines.uri = "sip:elsewhere@127.0.0.1";
	send_lines(&lines);
	lines.cseq = 2;
	send_lines(&lines);
	stage_noted(&stage, "OPTIONS reused OPTIONS reused OPTIONS reused OPTIONS ");
	stage_end(&stage);
}
END_TEST

START_TEST(without_the_cookie_the_rules_of_rfc_2543_hold)
{
	struct lines lines = { "INVITE", "sip:b@127.0.0.1", via[0], "c@d", 1, "", "" };

	open_with_vias("1");
	send_lines(&lines);
	stage_noted(&stage, "INVITE ");
	send_lines(&lines);
	far_hear(far, "SIP/2.0 100");
	/* Another call with the same branch, or a request without a branch. */
	uas_reply(stage.uas, 486, NULL);
	far_hear(far, "SIP/2.0 486");
	lines.method = "ACK";
	lines.tag = uas_tag(stage.uas);
	send_lines(&lines);
	stage_noted(&stage, "ack ");
	lines.method = "INVITE";
	lines.tag = "";
	lines.call_id = "e@f";
	send_lines(&lines);
	stage_noted(&stage, "INVITE ");
	lines.method = "CANCEL";
	send_lines(&lines);
	far_hear(far, "SIP/2.0 200");
	stage_noted(&stage, "cancel ");
	stage_end(&stage);
}
END_TEST

START_TEST(the_ack_of_a_failure_need_not_repeat_the_request_uri)
{
	struct lines lines = { "INVITE", "sip:b@127.0.0.1", via[0], "c@d", 1, "", "" };

	open_with_vias("z9hG4bKa");
	send_lines(&lines);
	stage_noted(&stage, "INVITE ");
	uas_reply(stage.uas, 486, NULL);
	lines.method = "ACK";
	lines.uri = "sip:b@127.0.0.1;transport=udp";
	lines.tag = uas_tag(stage.uas);
	send_lines(&lines);
	stage_noted(&stage, "ack ");
	stage_end(&stage);
}
END_TEST

static const char route_orig[] = "Route: <sip:127.0.0.1;lr;phase=imsorig>\r\n";
static const char route_term[] = "Route: <sip:127.0.0.1;lr;phase=imsterm>\r\n";

START_TEST(a_merged_invite_gets_482_of_a_user_agent)
{
	struct lines lines = { "INVITE", "sip:b@127.0.0.1", via[0], "c@d", 1,
			       "",	 route_orig };

	open_with_vias("z9hG4bKa");
	snprintf(via[3], sizeof via[3], "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKb",
		 far->port);
	send_lines(&lines);
	stage_noted(&stage, "INVITE ");
	lines.via = via[3];
	send_lines(&lines);
	stage_noted(&stage, "");
	far_hear(far, "SIP/2.0 482");
	/* The other phase of the call, and another station, are no copies. */
	lines.more = route_term;
	send_lines(&lines);
	stage_noted(&stage, "INVITE ");
	far_hear(far, "SIP/2.0 500");	/* the stage keeps only one uas and frees this
					 * one */
	lines.uri = "sip:other@127.0.0.1";
	snprintf(via[3], sizeof via[3], "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKc",
		 far->port);
	send_lines(&lines);
	stage_noted(&stage, "INVITE ");
	stage_end(&stage);
}
END_TEST

START_TEST(an_invite_that_was_answered_merges_with_nothing)
{
	struct lines lines = { "INVITE", "sip:b@127.0.0.1", via[0], "c@d", 1,
			       "",	 route_orig };

	open_with_vias("z9hG4bKa");
	send_lines(&lines);
	uas_reply(stage.uas, 486, NULL);
	stage_noted(&stage, "INVITE ");
	snprintf(via[3], sizeof via[3], "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKb",
		 far->port);
	lines.via = via[3];
	send_lines(&lines);
	stage_noted(&stage, "INVITE ");
	stage_end(&stage);
}
END_TEST

static void as_proxy(struct stage *made)
{
	made->settings.is_proxy = true;
}

START_TEST(a_proxy_merges_nothing)
{
	struct lines lines = { "INVITE", "sip:b@127.0.0.1", via[0], "c@d", 1,
			       "",	 route_orig };

	stage_open(&stage, as_proxy);
	snprintf(via[0], sizeof via[0], "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa",
		 far->port);
	send_lines(&lines);
	snprintf(via[0], sizeof via[0], "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKb",
		 far->port);
	send_lines(&lines);
	stage_noted(&stage, "INVITE INVITE ");
	stage_end(&stage);
}
END_TEST

START_TEST(what_cannot_be_parsed_is_answered_and_nothing_is_said_to_an_ack)
{
	static char text[1024];

	stage_open(&stage, NULL);
	snprintf(text, sizeof text,
		 "OPTIONS sip:127.0.0.1 SIP/7.0\r\n"
		 "Via: SIP/7.0/UDP 127.0.0.1:%u;branch=z9hG4bKa;rport\r\n"
		 "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\n"
		 "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
		 far->port);
	far_send(far, text);
	far_hear(far, "SIP/2.0 505");
	snprintf(text, sizeof text,
		 "OPTIONS sip:127.0.0.1 SIP/2.0\r\n"
		 "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKb\r\n"
		 "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\n"
		 "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
		 far->port);
	far_send(far, text);
	far_hear(far, "SIP/2.0 400");
	far_has(far, "To", ";tag=");
	snprintf(text, sizeof text,
		 "ACK sip:127.0.0.1 SIP/2.0\r\n"
		 "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKc\r\n"
		 "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\n"
		 "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
		 far->port);
	far_send(far, text);
	far_hear_nothing(far);
	stage_noted(&stage, "");
	stage_end(&stage);
}
END_TEST

START_TEST(a_response_with_our_via_alone_is_dropped)
{
	static char text[1024];

	stage_open(&stage, as_proxy);
	snprintf(
		text, sizeof text,
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKof-a-user\r\n"
		"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\n"
		"CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
		stage.udp);
	far_send(far, text);
	stage_noted(&stage, "");
	snprintf(
		text, sizeof text,
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKof-a-user\r\n"
		"Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKx\r\n"
		"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\n"
		"CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
		stage.udp, far->port);
	far_send(far, text);
	stage_noted(&stage, "stray:200 ");
	stage_end(&stage);
}
END_TEST

START_TEST(a_cseq_of_2_to_the_32_less_1_is_a_number)
{
	struct lines lines = { "BYE", "sip:b@127.0.0.1", via[0], "c@d", 4294967295, "x",
			       "" };

	open_with_vias("z9hG4bKa");
	send_lines(&lines);
	stage_noted(&stage, "BYE ");
	uas_reply(stage.uas, 200, NULL);
	far_hear(far, "SIP/2.0 200");
	ck_assert_str_eq(far_header(far->heard, "CSeq", 0), "4294967295 BYE");
	stage_end(&stage);
}
END_TEST

/* Capture, and faults on demand. */

static unsigned ins, outs;
static struct wire_distortion fault;

static void on_seen(void *context, const struct wire_frame *frame)
{
	(void)context;
	ck_assert(frame->length && frame->at_us && frame->listener);
	ck_assert_str_eq(frame->transport, "UDP");
	ins += !frame->is_out;
	outs += frame->is_out;
}

static const struct wire_distortion *on_distort(void *context,
						const struct wire_frame *frame)
{
	(void)context;
	ck_assert(frame->is_out);
	return &fault;
}

static void looks(struct stage *made)
{
	made->events.seen = on_seen;
	made->events.distort = on_distort;
	ins = outs = 0;
	fault = (struct wire_distortion){ 0 };
}

START_TEST(every_copy_of_every_message_is_seen)
{
	struct lines lines = { "OPTIONS", "sip:127.0.0.1", via[0], "c@d", 1, "", "" };

	stage_open(&stage, looks);
	snprintf(via[0], sizeof via[0], "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa",
		 far->port);
	send_lines(&lines);
	uas_reply(stage.uas, 200, NULL);
	send_lines(&lines);
	far_hear(far, "SIP/2.0 200");
	far_hear(far, "SIP/2.0 200");
	ck_assert_uint_eq(ins, 2);
	ck_assert_uint_eq(outs, 2);
	stage_end(&stage);
}
END_TEST

START_TEST(nothing_is_seen_while_it_is_not_asked_for)
{
	struct lines lines = { "OPTIONS", "sip:127.0.0.1", via[0], "c@d", 1, "", "" };

	stage_open(&stage, looks);
	snprintf(via[0], sizeof via[0], "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa",
		 far->port);
	wire_show(stage.wire, false);
	send_lines(&lines);
	uas_reply(stage.uas, 200, NULL);
	far_hear(far, "SIP/2.0 200");
	ck_assert_uint_eq(ins + outs, 0);
	wire_show(stage.wire, true);
	send_lines(&lines);
	far_hear(far, "SIP/2.0 200");
	ck_assert_uint_eq(ins, 1);
	ck_assert_uint_eq(outs, 1);
	stage_end(&stage);
}
END_TEST

START_TEST(a_message_is_dropped_delayed_repeated_and_changed_on_demand)
{
	static const char other[] = "SIP/2.0 299 Changed\r\n\r\n";
	struct lines lines = { "OPTIONS", "sip:127.0.0.1", via[0], "c@d", 1, "", "" };

	stage_open(&stage, looks);
	snprintf(via[0], sizeof via[0], "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa",
		 far->port);
	fault.is_dropped = true;
	send_lines(&lines);
	uas_reply(stage.uas, 200, NULL);
	far_hear_nothing(far);
	fault = (struct wire_distortion){ .delay_ms = 300 };
	send_lines(&lines);
	far_hear_after(far, 300, "SIP/2.0 200");
	fault = (struct wire_distortion){ .repeat = 2 };
	send_lines(&lines);
	for (unsigned i = 0; i < 3; i++)
		far_hear(far, "SIP/2.0 200");
	far_hear_nothing(far);
	fault = (struct wire_distortion){ .bytes = other, .length = sizeof other - 1 };
	send_lines(&lines);
	far_hear(far, "SIP/2.0 299 Changed");
	fault = (struct wire_distortion){ .delay_ms = 300, .repeat = 1 };
	send_lines(&lines);
	stage_end(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire match");
	TCase *all = tcase_create("match");

	tcase_add_test(all, a_copy_is_known_however_its_via_is_written);
	tcase_add_test(all, a_branch_used_for_two_requests_means_two);
	tcase_add_test(all, without_the_cookie_the_rules_of_rfc_2543_hold);
	tcase_add_test(all, the_ack_of_a_failure_need_not_repeat_the_request_uri);
	tcase_add_test(all, a_merged_invite_gets_482_of_a_user_agent);
	tcase_add_test(all, an_invite_that_was_answered_merges_with_nothing);
	tcase_add_test(all, a_proxy_merges_nothing);
	tcase_add_test(all,
		       what_cannot_be_parsed_is_answered_and_nothing_is_said_to_an_ack);
	tcase_add_test(all, a_response_with_our_via_alone_is_dropped);
	tcase_add_test(all, a_cseq_of_2_to_the_32_less_1_is_a_number);
	tcase_add_test(all, every_copy_of_every_message_is_seen);
	tcase_add_test(all, nothing_is_seen_while_it_is_not_asked_for);
	tcase_add_test(all, a_message_is_dropped_delayed_repeated_and_changed_on_demand);
	suite_add_tcase(suite, all);
	return suite;
}
