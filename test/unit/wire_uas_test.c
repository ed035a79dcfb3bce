/* SPDX-License-Identifier: MIT */
/* Requests that are answered: every timer of RFC 3261 section 17.2, over UDP and TCP. */
#include "wire_peer.h"

#include "unit.h"
#include "wire/message.h"

#include <string.h>

static struct stage stage;
static struct far *const far = &stage.far;

static void invite(void)
{
	far_request(far, "INVITE", NULL, "Contact: <sip:1001@127.0.0.1>\r\n", "");
	stage_noted(&stage, "INVITE ");
}

static void ack_failure(void)
{
	far_request(far, "ACK", NULL, "", "");
}

START_TEST(an_invite_that_waits_hears_100_after_150_ms)
{
	stage_open(&stage, NULL);
	invite();
	far_hear_after(far, 150, "SIP/2.0 100 Trying\r\n");
	far_lacks(far, "To", "tag=");
	stage_skip(&stage, 30000);
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

START_TEST(over_tcp_it_hears_100_too)
{
	stage_open_tcp(&stage, NULL);
	invite();
	far_hear_after(far, 150, "SIP/2.0 100 Trying\r\n");
	stage_end(&stage);
}
END_TEST

START_TEST(a_repeated_invite_hears_100_at_once)
{
	stage_open(&stage, NULL);
	invite();
	far_request(far, "INVITE", NULL, "Contact: <sip:1001@127.0.0.1>\r\n", "");
	far_hear(far, "SIP/2.0 100 Trying\r\n");
	stage_skip(&stage, 1000);
	far_hear_nothing(far);
	stage_noted(&stage, "");
	stage_end(&stage);
}
END_TEST

START_TEST(what_was_said_is_said_again_to_a_repeated_invite)
{
	stage_open(&stage, NULL);
	invite();
	uas_reply(stage.uas, 180, NULL);
	far_hear(far, "SIP/2.0 180 Ringing\r\n");
	far_has(far, "To", ";tag=");
	far_request(far, "INVITE", NULL, "", "");
	far_hear(far, "SIP/2.0 180 Ringing\r\n");
	stage_skip(&stage, 1000);
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

START_TEST(trying_is_not_said_after_something_else)
{
	stage_open(&stage, NULL);
	invite();
	uas_reply(stage.uas, 180, NULL);
	uas_trying(stage.uas);
	far_hear(far, "SIP/2.0 180");
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

START_TEST(a_progress_of_ours_is_said_each_minute)
{
	stage_open(&stage, NULL);
	invite();
	uas_reply(stage.uas, 180, NULL);
	far_hear(far, "SIP/2.0 180");
	far_hear_after(far, 60000, "SIP/2.0 180");
	far_hear_after(far, 60000, "SIP/2.0 180");
	stage_end(&stage);
}
END_TEST

START_TEST(over_udp_a_failure_is_repeated_from_t1_to_t2_until_64_t1)
{
	static const unsigned times[] = { 500,	1000, 2000, 4000, 4000,
					  4000, 4000, 4000, 4000, 4000 };

	stage_open(&stage, NULL);
	invite();
	uas_reply(stage.uas, 486, NULL);
	far_hear(far, "SIP/2.0 486 Busy Here\r\n");
	for (unsigned i = 0; i < sizeof times / sizeof *times; i++)
		far_hear_after(far, times[i], "SIP/2.0 486");
	/* 31,500 ms are over: H is 32,000. */
	stage_noted(&stage, "");
	stage_skip(&stage, 499);
	stage_noted(&stage, "");
	stage_skip(&stage, 1);
	stage_noted(&stage, "lost:no-ack ");
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

START_TEST(over_tcp_a_failure_is_sent_once_and_waited_for_64_t1)
{
	stage_open_tcp(&stage, NULL);
	invite();
	uas_reply(stage.uas, 486, NULL);
	far_hear(far, "SIP/2.0 486");
	stage_skip(&stage, 31999);
	far_hear_nothing(far);
	stage_noted(&stage, "");
	stage_skip(&stage, 1);
	stage_noted(&stage, "lost:no-ack ");
	stage_end(&stage);
}
END_TEST

START_TEST(the_ack_of_a_failure_ends_its_repetition_and_is_told)
{
	stage_open(&stage, NULL);
	invite();
	uas_reply(stage.uas, 486, NULL);
	far_hear(far, "SIP/2.0 486");
	ack_failure();
	stage_noted(&stage, "ack ");
	stage_skip(&stage, 3000);
	far_hear_nothing(far);
	/* Timer I takes repeated ones up. */
	ack_failure();
	stage_noted(&stage, "");
	uas_free(stage.uas);
	stage.uas = NULL;
	stage_counts(&stage, 1, 0);
	stage_skip(&stage, 1999);
	stage_counts(&stage, 1, 0);
	stage_skip(&stage, 1);
	stage_counts(&stage, 0, 0);
	stage_end(&stage);
}
END_TEST

START_TEST(over_tcp_nothing_lingers_after_the_ack)
{
	stage_open_tcp(&stage, NULL);
	invite();
	uas_reply(stage.uas, 486, NULL);
	far_hear(far, "SIP/2.0 486");
	uas_free(stage.uas);
	stage.uas = NULL;
	ack_failure();
	stage_skip(&stage, 2);
	stage_counts(&stage, 0, 0);
	stage_noted(&stage, "");
	stage_end(&stage);
}
END_TEST

START_TEST(a_failure_goes_on_after_its_user_went)
{
	stage_open(&stage, NULL);
	invite();
	uas_reply(stage.uas, 486, NULL);
	uas_free(stage.uas);
	stage.uas = NULL;
	far_hear(far, "SIP/2.0 486");
	far_hear_after(far, 500, "SIP/2.0 486");
	far_request(far, "INVITE", NULL, "", "");
	far_hear(far, "SIP/2.0 486");
	ack_failure();
	stage_skip(&stage, 4000);
	far_hear_nothing(far);
	stage_noted(&stage, "");
	stage_end(&stage);
}
END_TEST

static void repeats_its_own_2xx(void)
{
	static const unsigned times[] = { 500, 1000, 2000, 4000, 4000 };

	invite();
	ck_assert_int_eq(uas_send(stage.uas, uas_response(stage.uas, 200, NULL)), 0);
	far_hear(far, "SIP/2.0 200 OK\r\n");
	for (unsigned i = 0; i < sizeof times / sizeof *times; i++)
		far_hear_after(far, times[i], "SIP/2.0 200");
	/* RFC 6026: the INVITE again changes nothing. */
	far_request(far, "INVITE", NULL, "", "");
	far_hear_nothing(far);
	uas_acknowledged(stage.uas);
	stage_skip(&stage, 8000);
	far_hear_nothing(far);
	stage_noted(&stage, "");
	stage_skip(&stage, 20000);
	stage_noted(&stage, "");
	stage_counts(&stage, 0, 0);
	stage_end(&stage);
}

START_TEST(a_2xx_of_our_own_is_repeated_until_its_ack)
{
	stage_open(&stage, NULL);
	repeats_its_own_2xx();
}
END_TEST

START_TEST(a_2xx_of_our_own_is_repeated_over_tcp_too)
{
	stage_open_tcp(&stage, NULL);
	repeats_its_own_2xx();
}
END_TEST

static void as_proxy(struct stage *made)
{
	made->settings.is_proxy = true;
}

START_TEST(a_2xx_of_our_own_is_repeated_by_a_proxy_too)
{
	stage_open(&stage, as_proxy);
	repeats_its_own_2xx();
}
END_TEST

START_TEST(a_2xx_never_acknowledged_is_told_lost)
{
	stage_open(&stage, NULL);
	invite();
	uas_send(stage.uas, uas_response(stage.uas, 200, NULL));
	stage_skip(&stage, 31999);
	stage_noted(&stage, "");
	stage_skip(&stage, 1);
	stage_noted(&stage, "lost:no-ack ");
	stage_end(&stage);
}
END_TEST

START_TEST(the_ack_of_a_2xx_is_a_request_of_its_own)
{
	stage_open(&stage, NULL);
	invite();
	uas_send(stage.uas, uas_response(stage.uas, 200, NULL));
	far_hear(far, "SIP/2.0 200");
	far_request(far, "ACK", "another", "", "");
	stage_noted(&stage, "ACK ");
	stage_end(&stage);
}
END_TEST

START_TEST(cancel_is_answered_and_told_and_the_invite_goes_on)
{
	stage_open(&stage, NULL);
	invite();
	uas_reply(stage.uas, 180, NULL);
	far_hear(far, "SIP/2.0 180");
	far_request(far, "CANCEL", NULL, "", "");
	far_hear(far, "SIP/2.0 200 OK\r\n");
	far_has(far, "CSeq", "CANCEL");
	far_has(far, "To", uas_tag(stage.uas));
	stage_noted(&stage, "cancel ");
	far_request(far, "CANCEL", NULL, "", "");
	far_hear(far, "SIP/2.0 200 OK\r\n");
	stage_noted(&stage, "");
	uas_reply(stage.uas, 487, NULL);
	far_hear(far, "SIP/2.0 487");
	far_has(far, "CSeq", "INVITE");
	stage_end(&stage);
}
END_TEST

START_TEST(cancel_of_nothing_is_a_request)
{
	stage_open(&stage, NULL);
	stage.takes = false;
	far_request(far, "CANCEL", NULL, "", "");
	stage_noted(&stage, "CANCEL ");
	reply_refuse_stateless(stage.wire, stage.request,
			       &(struct refusal){ .status = 481 });
	stage.request = NULL;
	far_hear(far, "SIP/2.0 481");
	stage_end(&stage);
}
END_TEST

START_TEST(an_unanswered_request_gets_500)
{
	stage_open(&stage, NULL);
	invite();
	uas_free(stage.uas);
	stage.uas = NULL;
	far_hear(far, "SIP/2.0 500");
	stage_end(&stage);
}
END_TEST

START_TEST(a_bye_is_answered_again_for_64_t1)
{
	stage_open(&stage, NULL);
	far_request(far, "BYE", NULL, "", "");
	uas_reply(stage.uas, 200, NULL);
	uas_free(stage.uas);
	stage.uas = NULL;
	far_hear(far, "SIP/2.0 200");
	stage_skip(&stage, 31900);
	far_request(far, "BYE", NULL, "", "");
	far_hear(far, "SIP/2.0 200");
	stage_noted(&stage, "BYE ");
	stage_skip(&stage, 100);
	far_request(far, "BYE", NULL, "", "");
	stage_noted(&stage, "BYE ");
	stage_end(&stage);
}
END_TEST

START_TEST(over_tcp_a_bye_is_forgotten_at_once)
{
	stage_open_tcp(&stage, NULL);
	far_request(far, "BYE", NULL, "", "");
	uas_reply(stage.uas, 200, NULL);
	uas_free(stage.uas);
	stage.uas = NULL;
	far_hear(far, "SIP/2.0 200");
	stage_skip(&stage, 2);
	stage_counts(&stage, 0, 0);
	stage_end(&stage);
}
END_TEST

START_TEST(nothing_provisional_and_no_408_is_said_to_a_bye)
{
	stage_open(&stage, NULL);
	far_request(far, "BYE", NULL, "", "");
	uas_trying(stage.uas);
	uas_reply(stage.uas, 183, NULL);
	uas_reply(stage.uas, 408, NULL);
	stage_skip(&stage, 5000);
	far_hear_nothing(far);
	/* It is over all the same: the BYE again is no new one. */
	far_request(far, "BYE", NULL, "", "");
	far_hear_nothing(far);
	stage_noted(&stage, "BYE ");
	stage_end(&stage);
}
END_TEST

START_TEST(record_route_is_answered_in_the_order_received)
{
	stage_open(&stage, NULL);
	far_request(
		far, "INVITE", NULL,
		"Record-Route: <sip:one.example.com;lr>\r\n"
		"Record-Route: <sip:two.example.com;lr>, <sip:three.example.com;lr>\r\n",
		"");
	uas_reply(stage.uas, 180, NULL);
	far_hear(far, "SIP/2.0 180");
	ck_assert_ptr_nonnull(strstr(far_header(far->heard, "Record-Route", 0), "one"));
	ck_assert_ptr_nonnull(strstr(far_header(far->heard, "Record-Route", 1), "two"));
	ck_assert_ptr_nonnull(strstr(far_header(far->heard, "Record-Route", 2), "three"));
	uas_send(stage.uas, uas_response(stage.uas, 200, NULL));
	far_hear(far, "SIP/2.0 200");
	ck_assert_ptr_nonnull(strstr(far_header(far->heard, "Record-Route", 2), "three"));
	uas_acknowledged(stage.uas);
	stage_end(&stage);
}
END_TEST

START_TEST(a_connection_closed_while_it_rings_is_opened_again_to_the_via)
{
	stage_open_tcp(&stage, NULL);
	invite();
	uas_reply(stage.uas, 180, NULL);
	far_hear(far, "SIP/2.0 180");
	far_hang_up(far);
	uas_send(stage.uas, uas_response(stage.uas, 200, NULL));
	/* far_hear() takes the connection that comes to the port of the Via. */
	far_hear(far, "SIP/2.0 200");
	uas_acknowledged(stage.uas);
	stage_end(&stage);
}
END_TEST

static void send_from(const char *via)
{
	static char text[2048];

	snprintf(text, sizeof text,
		 "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: %s\r\n"
		 "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\n"
		 "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
		 via);
	far_send(far, text);
	uas_reply(stage.uas, 200, NULL);
}

START_TEST(answers_go_where_rfc_3261_18_2_2_and_rfc_3581_say)
{
	struct far other;
	char via[256];

	stage_open(&stage, NULL);
	far_open(&stage, &other, "127.0.0.1");
	/* A name: received; maddr is a third party's. */
	snprintf(via, sizeof via,
		 "SIP/2.0/UDP far.example.com:%u;maddr=127.0.0.9;branch=z9hG4bKa",
		 far->port);
	send_from(via);
	far_hear(far, "SIP/2.0 200");
	far_has(far, "Via", "received=127.0.0.1");
	far_lacks(far, "Via", "rport");
	/* The sent-by port counts without rport ... */
	snprintf(via, sizeof via, "SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKb", other.port);
	send_from(via);
	far_hear_nothing(far);
	far_hear(&other, "SIP/2.0 200");
	far_lacks(&other, "Via", "received");
	/* ... and not with it. */
	snprintf(via, sizeof via, "SIP/2.0/UDP 127.0.0.1:%u;rport;branch=z9hG4bKc",
		 other.port);
	send_from(via);
	far_hear(far, "SIP/2.0 200");
	snprintf(via, sizeof via, "rport=%u", far->port);
	far_has(far, "Via", via);
	far_has(far, "Via", "received=127.0.0.1");
	/* A Via that names another transport is no reason for silence. */
	snprintf(via, sizeof via, "SIP/2.0/TCP 127.0.0.1:%u;branch=z9hG4bKd", far->port);
	send_from(via);
	far_hear(far, "SIP/2.0 200");
	far_close(&other);
	stage_end(&stage);
}
END_TEST

START_TEST(who_frees_the_uas_when_it_hears_is_fine)
{
	stage_open(&stage, NULL);
	invite();
	uas_reply(stage.uas, 200, NULL);
	uas_free(stage.uas);
	stage.uas = NULL;
	stage_skip(&stage, 31000);
	far_hear(far, "SIP/2.0 200");
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire uas");
	TCase *all = tcase_create("uas");

	tcase_add_test(all, an_invite_that_waits_hears_100_after_150_ms);
	tcase_add_test(all, over_tcp_it_hears_100_too);
	tcase_add_test(all, a_repeated_invite_hears_100_at_once);
	tcase_add_test(all, what_was_said_is_said_again_to_a_repeated_invite);
	tcase_add_test(all, trying_is_not_said_after_something_else);
	tcase_add_test(all, a_progress_of_ours_is_said_each_minute);
	tcase_add_test(all, over_udp_a_failure_is_repeated_from_t1_to_t2_until_64_t1);
	tcase_add_test(all, over_tcp_a_failure_is_sent_once_and_waited_for_64_t1);
	tcase_add_test(all, the_ack_of_a_failure_ends_its_repetition_and_is_told);
	tcase_add_test(all, over_tcp_nothing_lingers_after_the_ack);
	tcase_add_test(all, a_failure_goes_on_after_its_user_went);
	tcase_add_test(all, a_2xx_of_our_own_is_repeated_until_its_ack);
	tcase_add_test(all, a_2xx_of_our_own_is_repeated_over_tcp_too);
	tcase_add_test(all, a_2xx_of_our_own_is_repeated_by_a_proxy_too);
	tcase_add_test(all, a_2xx_never_acknowledged_is_told_lost);
	tcase_add_test(all, the_ack_of_a_2xx_is_a_request_of_its_own);
	tcase_add_test(all, cancel_is_answered_and_told_and_the_invite_goes_on);
	tcase_add_test(all, cancel_of_nothing_is_a_request);
	tcase_add_test(all, an_unanswered_request_gets_500);
	tcase_add_test(all, a_bye_is_answered_again_for_64_t1);
	tcase_add_test(all, over_tcp_a_bye_is_forgotten_at_once);
	tcase_add_test(all, nothing_provisional_and_no_408_is_said_to_a_bye);
	tcase_add_test(all, record_route_is_answered_in_the_order_received);
	tcase_add_test(all,
		       a_connection_closed_while_it_rings_is_opened_again_to_the_via);
	tcase_add_test(all, answers_go_where_rfc_3261_18_2_2_and_rfc_3581_say);
	tcase_add_test(all, who_frees_the_uas_when_it_hears_is_fine);
	suite_add_tcase(suite, all);
	return suite;
}
