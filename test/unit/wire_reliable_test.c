/* SPDX-License-Identifier: MIT */
/* Provisional responses sent reliably (RFC 3262). */
#include "wire_peer.h"

#include "unit.h"
#include "wire/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct stage stage;
static struct far *const far = &stage.far;

static void invite(void)
{
	far_request(far, "INVITE", NULL,
		    "Supported: 100rel\r\nContact: <sip:1001@127.0.0.1>\r\n", "");
	stage_noted(&stage, "INVITE ");
}

/* A response of STATUS of FORK (NULL = ours), with a session description or without, sent
 * reliably. */
static uint32_t send_reliably_as(const char *fork, int status, bool has_body)
{
	msg_t *msg = uas_response(stage.uas, status, fork);
	uint32_t rseq = 0;

	if (has_body)
		sip_add_tl(msg, sip_object(msg),
			   SIPTAG_CONTENT_TYPE_STR("application/sdp"),
			   SIPTAG_PAYLOAD_STR("v=0\r\n"), TAG_END());
	ck_assert_int_eq(uas_send_reliably(stage.uas, msg, &rseq), 0);
	return rseq;
}

static uint32_t send_reliably(int status, bool has_body)
{
	return send_reliably_as(NULL, status, has_body);
}

/* PRACK, with the To tag TAG (NULL = ours), of RSEQ. */
static void prack(const char *branch, uint32_t rseq, const char *tag)
{
	static char text[2048];

	snprintf(text, sizeof text,
		 "PRACK sip:127.0.0.1 SIP/2.0\r\n"
		 "Via: SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bK%s\r\n"
		 "From: <sip:1001@example.com>;tag=a1\r\n"
		 "To: <sip:2001@example.com>;tag=%s\r\n"
		 "Call-ID: call-1@far\r\nCSeq: 8 PRACK\r\n"
		 "RAck: %u 7 INVITE\r\nContent-Length: 0\r\n\r\n",
		 far->is_stream ? "TCP" : "UDP", far->port, branch,
		 tag ? tag : uas_tag(stage.uas), rseq);
	far_send(far, text);
}

static void noted_prack(uint32_t rseq)
{
	char note[32];

	snprintf(note, sizeof note, "prack:%u ", rseq);
	stage_noted(&stage, note);
}

static void is_repeated_without_t2(void)
{
	static const unsigned times[] = { 500, 1000, 2000, 4000, 8000 };
	uint32_t rseq;
	char text[32];

	invite();
	rseq = send_reliably(183, true);
	far_hear(far, "SIP/2.0 183");
	far_has(far, "Require", "100rel");
	snprintf(text, sizeof text, "%u", rseq);
	ck_assert_str_eq(far_header(far->heard, "RSeq", 0), text);
	for (unsigned i = 0; i < sizeof times / sizeof *times; i++)
		far_hear_after(far, times[i], "SIP/2.0 183");
	prack("p", rseq, NULL);
	far_hear(far, "SIP/2.0 200");
	far_has(far, "CSeq", "PRACK");
	noted_prack(rseq);
	stage_skip(&stage, 20000);
	far_hear_nothing(far);
	/* The PRACK again is one that has been answered. */
	if (!far->is_stream) {
		prack("p", rseq, NULL);
		far_hear(far, "SIP/2.0 200");
		stage_noted(&stage, "");
	}
	stage_end(&stage);
}

START_TEST(it_is_repeated_ever_less_often_until_its_prack)
{
	stage_open(&stage, NULL);
	is_repeated_without_t2();
}
END_TEST

START_TEST(over_tcp_too)
{
	stage_open_tcp(&stage, NULL);
	is_repeated_without_t2();
}
END_TEST

START_TEST(without_a_prack_it_is_lost_after_64_t1)
{
	stage_open(&stage, NULL);
	invite();
	send_reliably(183, false);
	stage_skip(&stage, 31999);
	stage_noted(&stage, "");
	stage_skip(&stage, 1);
	stage_noted(&stage, "lost:no-prack ");
	stage_end(&stage);
}
END_TEST

START_TEST(other_responses_do_not_end_its_repetition)
{
	if (_i)
		stage_open_tcp(&stage, NULL);
	else
		stage_open(&stage, NULL);
	invite();
	send_reliably(183, true);
	far_hear(far, "SIP/2.0 183");
	uas_reply(stage.uas, 180, NULL);
	far_hear(far, "SIP/2.0 180");
	far_lacks(far, "Require", "100rel");
	uas_reply(stage.uas, 199, NULL);
	far_hear(far, "SIP/2.0 199");
	uas_reply(stage.uas, 181, NULL);
	far_hear(far, "SIP/2.0 181");
	far_hear_after(far, 500, "SIP/2.0 183");
	far_hear_after(far, 1000, "SIP/2.0 183");
	stage_end(&stage);
}
END_TEST

START_TEST(the_second_waits_for_the_prack_of_the_first)
{
	uint32_t first, second;

	stage_open(&stage, NULL);
	invite();
	first = send_reliably(180, false);
	second = send_reliably(183, false);
	ck_assert_uint_eq(second, first + 1);
	far_hear(far, "SIP/2.0 180");
	far_hear_nothing(far);
	/* Nor may it be acknowledged before it was sent. */
	prack("early", second, NULL);
	stage_noted(&stage, "PRACK ");
	stage_close(&stage);

	stage_open(&stage, NULL);
	invite();
	first = send_reliably(180, false);
	send_reliably(183, false);
	far_hear(far, "SIP/2.0 180");
	prack("p", first, NULL);
	far_hear(far, "SIP/2.0 200");
	far_hear(far, "SIP/2.0 183");
	stage_end(&stage);
}
END_TEST

START_TEST(a_2xx_waits_for_the_prack_of_a_session_description)
{
	uint32_t rseq;

	stage_open(&stage, NULL);
	invite();
	rseq = send_reliably(183, true);
	far_hear(far, "SIP/2.0 183");
	ck_assert_int_eq(uas_send(stage.uas, uas_response(stage.uas, 200, NULL)), 0);
	far_hear_nothing(far);
	far_hear_after(far, 500, "SIP/2.0 183");
	prack("p", rseq, NULL);
	far_hear(far, "SIP/2.0 200");
	far_has(far, "CSeq", "PRACK");
	far_hear(far, "SIP/2.0 200");
	far_has(far, "CSeq", "INVITE");
	uas_acknowledged(stage.uas);
	noted_prack(rseq);
	stage_end(&stage);
}
END_TEST

START_TEST(a_2xx_waits_for_nothing_else)
{
	stage_open(&stage, NULL);
	invite();
	send_reliably(180, false);
	far_hear(far, "SIP/2.0 180");
	uas_send(stage.uas, uas_response(stage.uas, 200, NULL));
	far_hear(far, "SIP/2.0 200");
	uas_acknowledged(stage.uas);
	stage_skip(&stage, 10000);
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

START_TEST(a_failure_waits_for_nothing)
{
	uint32_t rseq;

	stage_open(&stage, NULL);
	invite();
	rseq = send_reliably(183, true);
	far_hear(far, "SIP/2.0 183");
	uas_reply(stage.uas, 486, NULL);
	far_hear(far, "SIP/2.0 486");
	/* It is not repeated any more, but its PRACK is still known. */
	prack("p", rseq, NULL);
	far_hear(far, "SIP/2.0 200");
	far_request(far, "ACK", NULL, "", "");
	stage_skip(&stage, 10000);
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

START_TEST(a_prack_of_another_tag_or_number_is_a_request)
{
	uint32_t rseq;

	stage_open(&stage, NULL);
	invite();
	rseq = send_reliably(183, false);
	stage.takes = false;
	prack("1a", rseq, "other");
	prack("2a", rseq + 1, NULL);
	stage_noted(&stage, "PRACK PRACK ");
	stage_end(&stage);
}
END_TEST

START_TEST(answered_by_itself_nothing_is_told)
{
	stage_open(&stage, NULL);
	invite();
	uas_reply_reliably(stage.uas, 183, NULL);
	far_hear(far, "SIP/2.0 183");
	prack("p", (uint32_t)strtoul(far_header(far->heard, "RSeq", 0), NULL, 10), NULL);
	far_hear(far, "SIP/2.0 200");
	stage_noted(&stage, "");
	stage_end(&stage);
}
END_TEST

/* Each fork numbers and waits for itself. */
START_TEST(of_two_forks_one_waits)
{
	uint32_t one, two;

	stage_open(&stage, NULL);
	invite();
	one = send_reliably_as("one", 183, true);
	far_hear(far, "SIP/2.0 183");
	far_has(far, "To", "tag=one");
	two = send_reliably_as("two", 183, true);
	far_hear(far, "SIP/2.0 183");
	far_has(far, "To", "tag=two");
	prack("p", one, "one");
	far_hear(far, "SIP/2.0 200");
	noted_prack(one);
	/* Its number with another's tag is no PRACK. */
	stage.takes = false;
	prack("q", one == two ? two + 1 : two, "one");
	stage_noted(&stage, "PRACK ");
	stage.takes = true;
	far_hear_after(far, 500, "SIP/2.0 183");
	far_has(far, "To", "tag=two");
	far_hear_nothing(far);
	uas_send(stage.uas, uas_response(stage.uas, 200, _i ? "two" : "one"));
	if (_i) {
		far_hear_nothing(far);
		ck_assert(!uas_is_answered(stage.uas));
		prack("r", two, "two");
		far_hear(far, "SIP/2.0 200");
		far_has(far, "CSeq", "PRACK");
		noted_prack(two);
	}
	far_hear(far, "SIP/2.0 200");
	far_has(far, "CSeq", "INVITE");
	far_has(far, "To", _i ? "tag=two" : "tag=one");
	ck_assert(uas_is_answered(stage.uas));
	uas_acknowledged(stage.uas);
	stage_end(&stage);
}
END_TEST

/* RFC 3262 section 3: what a final answer has overtaken may still be acknowledged. */
START_TEST(a_prack_after_its_user_went_is_answered)
{
	char tag[32];
	uint32_t rseq;

	stage_open(&stage, NULL);
	invite();
	rseq = send_reliably(180, false);
	far_hear(far, "SIP/2.0 180");
	snprintf(tag, sizeof tag, "%s", uas_tag(stage.uas));
	uas_reply(stage.uas, 486, NULL);
	far_hear(far, "SIP/2.0 486");
	uas_free(stage.uas);
	stage.uas = NULL;
	far_request(far, "ACK", NULL, "", "");
	stage_skip(&stage, 31000);
	prack("p", rseq, tag);
	far_hear(far, "SIP/2.0 200");
	far_has(far, "CSeq", "PRACK");
	stage_noted(&stage, "");
	stage_end(&stage);
}
END_TEST

START_TEST(a_prack_after_64_t1_is_a_request)
{
	char tag[32];
	uint32_t rseq;

	stage_open(&stage, NULL);
	invite();
	rseq = send_reliably(180, false);
	snprintf(tag, sizeof tag, "%s", uas_tag(stage.uas));
	uas_reply(stage.uas, 486, NULL);
	uas_free(stage.uas);
	stage.uas = NULL;
	stage_skip(&stage, 32000);
	stage.takes = false;
	prack("p", rseq, tag);
	stage_noted(&stage, "PRACK ");
	stage_end(&stage);
}
END_TEST

/* A 2xx that waits for a PRACK which does not come is none. */
START_TEST(who_ends_a_2xx_that_waits_has_failed)
{
	stage_open(&stage, NULL);
	invite();
	send_reliably(183, true);
	far_hear(far, "SIP/2.0 183");
	uas_send(stage.uas, uas_response(stage.uas, 200, NULL));
	uas_free(stage.uas);
	stage.uas = NULL;
	far_hear(far, "SIP/2.0 500");
	stage_end(&stage);
}
END_TEST

/* RFC 3261 section 13.3.1.1, for the timers C on the way. */
START_TEST(a_progress_of_ours_is_made_anew_each_minute)
{
	uint32_t rseq, next;

	stage_open(&stage, NULL);
	invite();
	uas_reply_reliably(stage.uas, 183, NULL);
	far_hear(far, "SIP/2.0 183");
	rseq = (uint32_t)strtoul(far_header(far->heard, "RSeq", 0), NULL, 10);
	for (unsigned i = 0; i < 4; i++) {
		char branch[2] = { (char)('p' + i), '\0' };

		prack(branch, rseq, NULL);
		far_hear(far, "SIP/2.0 200");
		far_hear_after(far, 60000, "SIP/2.0 183");
		next = (uint32_t)strtoul(far_header(far->heard, "RSeq", 0), NULL, 10);
		ck_assert_uint_eq(next, rseq + 1);
		rseq = next;
	}
	uas_reply(stage.uas, 484, NULL);
	far_hear(far, "SIP/2.0 484");
	far_request(far, "ACK", NULL, "", "");
	stage_skip(&stage, 70000);
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

START_TEST(who_requires_100rel_gets_it)
{
	stage_open(&stage, NULL);
	far_request(far, "INVITE", NULL, "Require: 100rel\r\n", "");
	uas_reply(stage.uas, 180, NULL);
	far_hear(far, "SIP/2.0 180");
	far_has(far, "Require", "100rel");
	stage_end(&stage);
}
END_TEST

START_TEST(without_a_listener_for_the_loss_the_invite_gets_500)
{
	stage_open(&stage, NULL);
	stage.uas_events.lost = NULL;
	invite();
	send_reliably(183, false);
	stage_skip(&stage, 31999);
	while (strncmp(far->heard, "SIP/2.0 500", 11) != 0) {
		stage_skip(&stage, 1);
		far_hear(far, "SIP/2.0 ");
	}
	stage_end(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire reliable");
	TCase *all = tcase_create("reliable");

	tcase_add_test(all, it_is_repeated_ever_less_often_until_its_prack);
	tcase_add_test(all, over_tcp_too);
	tcase_add_test(all, without_a_prack_it_is_lost_after_64_t1);
	tcase_add_loop_test(all, other_responses_do_not_end_its_repetition, 0, 2);
	tcase_add_test(all, the_second_waits_for_the_prack_of_the_first);
	tcase_add_test(all, a_2xx_waits_for_the_prack_of_a_session_description);
	tcase_add_test(all, a_2xx_waits_for_nothing_else);
	tcase_add_test(all, a_failure_waits_for_nothing);
	tcase_add_test(all, a_prack_of_another_tag_or_number_is_a_request);
	tcase_add_test(all, answered_by_itself_nothing_is_told);
	tcase_add_loop_test(all, of_two_forks_one_waits, 0, 2);
	tcase_add_test(all, a_prack_after_its_user_went_is_answered);
	tcase_add_test(all, a_prack_after_64_t1_is_a_request);
	tcase_add_test(all, who_ends_a_2xx_that_waits_has_failed);
	tcase_add_test(all, a_progress_of_ours_is_made_anew_each_minute);
	tcase_add_test(all, who_requires_100rel_gets_it);
	tcase_add_test(all, without_a_listener_for_the_loss_the_invite_gets_500);
	suite_add_tcase(suite, all);
	return suite;
}
