/* SPDX-License-Identifier: MIT */
/* Requests that are sent: every timer of RFC 3261 section 17.1, over UDP and TCP. */
#include "wire_peer.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct far *const far = &stage.far;

static void as_proxy(struct stage *made)
{
	made->settings.is_proxy = true;
}

/* The INVITE heard, for answers to it after other things were heard. */
static char asked[FAR_TEXT];

static void invite(void)
{
	stage_ask(&stage, SIP_METHOD_INVITE);
	far_hear(far, "INVITE sip:2001@127.0.0.1");
	snprintf(asked, sizeof asked, "%s", far->heard);
}

static void answer(const char *status, const char *tag)
{
	char contact[96];

	snprintf(contact, sizeof contact,
		 "Contact: <sip:2001@127.0.0.1:%u;transport=%s>\r\n", far->port,
		 far->is_stream ? "tcp" : "udp");
	far_answer_to(far, asked, status, tag, contact);
}

START_TEST(over_udp_an_invite_is_repeated_from_t1_until_64_t1)
{
	static const unsigned times[] = { 500, 1000, 2000, 4000, 8000, 16000 };

	stage_open(&stage, NULL);
	invite();
	for (unsigned i = 0; i < sizeof times / sizeof *times; i++) {
		far_hear_after(far, times[i], "INVITE");
		ck_assert_str_eq(far->heard, asked);
	}
	stage_skip(&stage, 499);
	stage_noted(&stage, "");
	stage_skip(&stage, 1);
	stage_noted(&stage, "made-up:408 ");
	ck_assert_int_eq(uac_failure(stage.uac), UAC_TIMEOUT);
	ck_assert_ptr_nonnull(strstr(uac_why(stage.uac), "sip:127.0.0.1:"));
	stage_end(&stage);
}
END_TEST

START_TEST(over_tcp_an_invite_is_sent_once)
{
	stage_open_tcp(&stage, NULL);
	far_hang_up(far);
	invite();
	stage_skip(&stage, 31999);
	far_hear_nothing(far);
	stage_noted(&stage, "");
	stage_skip(&stage, 1);
	stage_noted(&stage, "made-up:408 ");
	stage_end(&stage);
}
END_TEST

START_TEST(a_provisional_response_ends_the_repetition)
{
	stage_open(&stage, NULL);
	invite();
	answer("100 Trying", "");
	stage_noted(&stage, "");
	stage_skip(&stage, 40000);
	far_hear_nothing(far);
	answer("180 Ringing", "b");
	answer("180 Ringing", "b");
	stage_noted(&stage, "180 180 ");
	stage_skip(&stage, 600000);
	stage_noted(&stage, "");
	answer("486 Busy Here", "b");
	stage_noted(&stage, "486 ");
	far_hear(far, "ACK");
	stage_end(&stage);
}
END_TEST

START_TEST(a_failure_is_acknowledged_on_the_branch_of_the_invite_and_again)
{
	char via[256];

	stage_open(&stage, NULL);
	invite();
	snprintf(via, sizeof via, "%s", far_header(asked, "Via", 0));
	answer("486 Busy Here", "b");
	stage_noted(&stage, "486 ");
	far_hear(far, "ACK sip:2001@127.0.0.1");
	ck_assert_str_eq(far_header(far->heard, "Via", 0), via);
	ck_assert_str_eq(far_header(far->heard, "CSeq", 0), "1 ACK");
	ck_assert_str_eq(far_header(far->heard, "To", 0), "<sip:2001@example.com>;tag=b");
	ck_assert_str_eq(far_header(far->heard, "From", 0), far_header(asked, "From", 0));
	uac_free(stage.uac);
	stage.uac = NULL;
	stage_skip(&stage, 31000);
	answer("486 Busy Here", "b");
	far_hear(far, "ACK");
	stage_noted(&stage, "");
	/* D */
	stage_skip(&stage, 999);
	stage_counts(&stage, 0, 1);
	stage_skip(&stage, 1);
	stage_counts(&stage, 0, 0);
	answer("486 Busy Here", "b");
	far_hear_nothing(far);
	stage_noted(&stage, "");
	stage_end(&stage);
}
END_TEST

START_TEST(over_tcp_a_failure_is_forgotten_at_once)
{
	stage_open_tcp(&stage, NULL);
	far_hang_up(far);
	invite();
	answer("486 Busy Here", "b");
	far_hear(far, "ACK");
	stage_noted(&stage, "486 ");
	uac_free(stage.uac);
	stage.uac = NULL;
	stage_skip(&stage, 1);
	stage_counts(&stage, 0, 0);
	stage_end(&stage);
}
END_TEST

START_TEST(a_2xx_heard_again_is_acknowledged_again)
{
	static char ack[FAR_TEXT];

	stage_open(&stage, NULL);
	invite();
	answer("200 OK", "b");
	stage_noted(&stage, "200 ");
	answer("200 OK", "b");
	stage_noted(&stage, "");
	far_hear_nothing(far);
	stage_ack(&stage, "b");
	far_hear(far, "ACK");
	snprintf(ack, sizeof ack, "%s", far->heard);
	ck_assert_str_ne(far_header(ack, "Via", 0), far_header(asked, "Via", 0));
	uac_free(stage.uac);
	stage.uac = NULL;
	stage_skip(&stage, 31000);
	answer("200 OK", "b");
	far_hear(far, "ACK");
	ck_assert_str_eq(far->heard, ack);
	stage_noted(&stage, "");
	/* M */
	stage_skip(&stage, 999);
	stage_counts(&stage, 0, 1);
	stage_skip(&stage, 1);
	stage_counts(&stage, 0, 0);
	stage_end(&stage);
}
END_TEST

START_TEST(the_2xx_of_a_second_fork_is_acknowledged_and_ended)
{
	stage_open(&stage, NULL);
	invite();
	answer("200 OK", "b");
	stage_noted(&stage, "200 ");
	answer("200 OK", "c");
	far_hear(far, "ACK");
	far_has(far, "To", "tag=c");
	far_hear(far, "BYE");
	far_has(far, "To", "tag=c");
	far_answer(far, "200 OK", "c", "");
	answer("200 OK", "c");
	far_hear(far, "ACK");
	far_has(far, "To", "tag=c");
	stage_ack(&stage, "b");
	far_hear(far, "ACK");
	far_has(far, "To", "tag=b");
	answer("200 OK", "b");
	far_hear(far, "ACK");
	far_has(far, "To", "tag=b");
	far_hear_nothing(far);
	stage_noted(&stage, "");
	stage_end(&stage);
}
END_TEST

START_TEST(the_2xx_of_a_second_fork_is_a_proxys_to_pass_on)
{
	stage_open(&stage, as_proxy);
	invite();
	answer("200 OK", "b");
	answer("200 OK", "c");
	stage_noted(&stage, "200 stray:200 ");
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

START_TEST(a_2xx_after_its_user_went_is_acknowledged_and_ended)
{
	stage_open(&stage, NULL);
	invite();
	answer("180 Ringing", "b");
	stage_noted(&stage, "180 ");
	uac_free(stage.uac);
	stage.uac = NULL;
	answer("200 OK", "b");
	stage_noted(&stage, "");
	far_hear(far, "ACK sip:2001@127.0.0.1:");
	far_has(far, "To", "tag=b");
	far_has(far, "From", "tag=ours");
	ck_assert_str_eq(far_header(far->heard, "CSeq", 0), "1 ACK");
	far_hear(far, "BYE sip:2001@127.0.0.1:");
	ck_assert_str_eq(far_header(far->heard, "CSeq", 0), "2 BYE");
	far_answer(far, "200 OK", "b", "");
	answer("200 OK", "b");
	far_hear(far, "ACK");
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

START_TEST(a_proxy_passes_a_2xx_on_after_its_user_went)
{
	stage_open(&stage, as_proxy);
	invite();
	answer("200 OK", "b");
	stage_noted(&stage, "200 ");
	uac_free(stage.uac);
	stage.uac = NULL;
	answer("200 OK", "b");
	stage_noted(&stage, "stray:200 ");
	answer("200 OK", "c");
	stage_noted(&stage, "stray:200 ");
	/* RFC 6026: until the transaction ends. */
	stage_skip(&stage, 32000);
	answer("200 OK", "b");
	stage_noted(&stage, "");
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

START_TEST(cancel_waits_for_the_first_provisional_response)
{
	sip_reason_t *reason;
	su_home_t home[1] = { SU_HOME_INIT(home) };
	char via[256];

	stage_open(&stage, NULL);
	invite();
	snprintf(via, sizeof via, "%s", far_header(asked, "Via", 0));
	reason = sip_reason_make(home, "SIP;cause=200;text=\"Call completed elsewhere\"");
	uac_cancel(stage.uac, reason);
	su_home_deinit(home);
	far_hear_nothing(far);
	far_hear_after(far, 500, "INVITE");
	answer("100 Trying", "");
	far_hear(far, "CANCEL sip:2001@127.0.0.1");
	ck_assert_str_eq(far_header(far->heard, "Via", 0), via);
	ck_assert_str_eq(far_header(far->heard, "CSeq", 0), "1 CANCEL");
	ck_assert_str_eq(far_header(far->heard, "To", 0), far_header(asked, "To", 0));
	far_has(far, "Reason", "cause=200");
	far_hear_after(far, 500, "CANCEL");
	far_answer(far, "200 OK", "b", "");
	stage_skip(&stage, 4000);
	far_hear_nothing(far);
	answer("487 Request Terminated", "b");
	far_hear(far, "ACK");
	stage_noted(&stage, "487 ");
	stage_end(&stage);
}
END_TEST

START_TEST(over_tcp_cancel_waits_too_and_the_invite_lives)
{
	stage_open_tcp(&stage, NULL);
	far_hang_up(far);
	invite();
	uac_cancel(stage.uac, NULL);
	far_hear_nothing(far);
	answer("180 Ringing", "b");
	far_hear(far, "CANCEL");
	stage_noted(&stage, "180 ");
	far_answer(far, "200 OK", "b", "");
	answer("487 Request Terminated", "b");
	far_hear(far, "ACK");
	stage_noted(&stage, "487 ");
	stage_end(&stage);
}
END_TEST

START_TEST(an_answer_that_crosses_the_cancel_is_told)
{
	stage_open(&stage, NULL);
	invite();
	answer("180 Ringing", "b");
	uac_cancel(stage.uac, NULL);
	far_hear(far, "CANCEL");
	answer("200 OK", "b");
	stage_noted(&stage, "180 200 ");
	stage_end(&stage);
}
END_TEST

START_TEST(after_cancel_nothing_is_waited_for_longer_than_64_t1)
{
	stage_open(&stage, NULL);
	invite();
	answer("180 Ringing", "b");
	uac_cancel(stage.uac, NULL);
	far_hear(far, "CANCEL");
	far_answer(far, "200 OK", "b", "");
	stage_skip(&stage, 31999);
	stage_noted(&stage, "180 ");
	stage_skip(&stage, 1);
	stage_noted(&stage, "made-up:408 ");
	stage_end(&stage);
}
END_TEST

START_TEST(timer_c_of_a_proxy_is_set_anew_by_each_provisional_response)
{
	stage_open(&stage, as_proxy);
	invite();
	answer("180 Ringing", "b");
	stage_skip(&stage, 180999);
	answer("180 Ringing", "b");
	stage_skip(&stage, 180999);
	far_hear_nothing(far);
	stage_skip(&stage, 1);
	far_hear(far, "CANCEL");
	far_answer(far, "481 No", "b", "");
	stage_noted(&stage, "180 180 ");
	stage_skip(&stage, 32000);
	stage_noted(&stage, "made-up:408 ");
	stage_end(&stage);
}
END_TEST

START_TEST(an_invite_that_rings_after_its_user_went_is_cancelled_in_the_end)
{
	stage_open(&stage, NULL);
	invite();
	answer("180 Ringing", "b");
	uac_free(stage.uac);
	stage.uac = NULL;
	stage_skip(&stage, 180999);
	far_hear_nothing(far);
	stage_skip(&stage, 1);
	far_hear(far, "CANCEL");
	stage_noted(&stage, "180 ");
	stage_end(&stage);
}
END_TEST

START_TEST(over_udp_a_bye_is_repeated_from_t1_to_t2_until_64_t1)
{
	static const unsigned times[] = { 500,	1000, 2000, 4000, 4000,
					  4000, 4000, 4000, 4000, 4000 };

	stage_open(&stage, NULL);
	stage_ask(&stage, SIP_METHOD_BYE);
	far_hear(far, "BYE");
	for (unsigned i = 0; i < sizeof times / sizeof *times; i++)
		far_hear_after(far, times[i], "BYE");
	stage_skip(&stage, 499);
	stage_noted(&stage, "");
	stage_skip(&stage, 1);
	stage_noted(&stage, "made-up:408 ");
	stage_end(&stage);
}
END_TEST

START_TEST(a_provisional_response_to_a_bye_makes_it_rarer_and_no_longer)
{
	stage_open(&stage, NULL);
	stage_ask(&stage, SIP_METHOD_BYE);
	far_hear(far, "BYE");
	stage_skip(&stage, 400);
	far_answer(far, "100 Trying", "", "");
	far_hear_after(far, 4000, "BYE");
	far_hear_after(far, 4000, "BYE");
	stage_skip(&stage, 32000 - 8400 - 1);
	stage_noted(&stage, "");
	stage_skip(&stage, 1);
	stage_noted(&stage, "made-up:408 ");
	stage_end(&stage);
}
END_TEST

START_TEST(an_answered_bye_lingers_for_t4)
{
	stage_open(&stage, NULL);
	stage_ask(&stage, SIP_METHOD_BYE);
	far_hear(far, "BYE");
	far_answer(far, "200 OK", "b", "");
	stage_noted(&stage, "200 ");
	uac_free(stage.uac);
	stage.uac = NULL;
	stage_skip(&stage, 4999);
	far_answer(far, "200 OK", "b", "");
	stage_noted(&stage, "");
	stage_counts(&stage, 0, 1);
	stage_skip(&stage, 1);
	stage_counts(&stage, 0, 0);
	stage_end(&stage);
}
END_TEST

START_TEST(over_tcp_an_answered_bye_is_forgotten_at_once)
{
	stage_open_tcp(&stage, NULL);
	far_hang_up(far);
	stage_ask(&stage, SIP_METHOD_BYE);
	far_hear(far, "BYE");
	far_answer(far, "200 OK", "b", "");
	stage_noted(&stage, "200 ");
	uac_free(stage.uac);
	stage.uac = NULL;
	stage_skip(&stage, 1);
	stage_counts(&stage, 0, 0);
	stage_end(&stage);
}
END_TEST

START_TEST(a_uac_may_be_freed_when_it_hears)
{
	stage_open(&stage, NULL);
	stage.frees_on_heard = true;
	invite();
	answer("180 Ringing", "b");
	stage_noted(&stage, "180 ");
	answer("486 Busy Here", "b");
	far_hear(far, "ACK");
	stage_noted(&stage, "");
	stage_ask(&stage, SIP_METHOD_BYE);
	far_hear(far, "BYE");
	far_answer(far, "200 OK", "b", "");
	stage_noted(&stage, "200 ");
	stage_end(&stage);
}
END_TEST

START_TEST(what_is_no_answer_of_ours_is_dropped)
{
	struct far stranger;

	stage_open(&stage, as_proxy);
	invite();
	far_open(&stage, &stranger, "127.0.0.2");
	/* A response from a stranger's address is ignored, even if it fits. */
	far_answer_to(&stranger, asked, "200 OK", "b", "");
	stage_noted(&stage, "");
	/* A response to another method on the branch. */
	far_send(far,
		 "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx\r\n"
		 "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\n"
		 "CSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");
	stage_noted(&stage, "");
	far_answer(far, "486 Busy", "b", "");
	stage_noted(&stage, "486 ");
	far_close(&stranger);
	stage_end(&stage);
}
END_TEST

START_TEST(any_method_of_token_characters_is_sent_and_answered)
{
	stage_open(&stage, NULL);
	stage_ask(&stage, sip_method_unknown,
		  "!interesting-Method0123456789_*+`.%indeed'~");
	far_hear(far, "!interesting-Method0123456789_*+`.%indeed'~ sip:");
	far_answer(far, "501 No", "b", "");
	stage_noted(&stage, "501 ");
	stage_end(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire uac");
	TCase *all = tcase_create("uac");

	tcase_add_test(all, over_udp_an_invite_is_repeated_from_t1_until_64_t1);
	tcase_add_test(all, over_tcp_an_invite_is_sent_once);
	tcase_add_test(all, a_provisional_response_ends_the_repetition);
	tcase_add_test(all,
		       a_failure_is_acknowledged_on_the_branch_of_the_invite_and_again);
	tcase_add_test(all, over_tcp_a_failure_is_forgotten_at_once);
	tcase_add_test(all, a_2xx_heard_again_is_acknowledged_again);
	tcase_add_test(all, the_2xx_of_a_second_fork_is_acknowledged_and_ended);
	tcase_add_test(all, the_2xx_of_a_second_fork_is_a_proxys_to_pass_on);
	tcase_add_test(all, a_2xx_after_its_user_went_is_acknowledged_and_ended);
	tcase_add_test(all, a_proxy_passes_a_2xx_on_after_its_user_went);
	tcase_add_test(all, cancel_waits_for_the_first_provisional_response);
	tcase_add_test(all, over_tcp_cancel_waits_too_and_the_invite_lives);
	tcase_add_test(all, an_answer_that_crosses_the_cancel_is_told);
	tcase_add_test(all, after_cancel_nothing_is_waited_for_longer_than_64_t1);
	tcase_add_test(all, timer_c_of_a_proxy_is_set_anew_by_each_provisional_response);
	tcase_add_test(all,
		       an_invite_that_rings_after_its_user_went_is_cancelled_in_the_end);
	tcase_add_test(all, over_udp_a_bye_is_repeated_from_t1_to_t2_until_64_t1);
	tcase_add_test(all, a_provisional_response_to_a_bye_makes_it_rarer_and_no_longer);
	tcase_add_test(all, an_answered_bye_lingers_for_t4);
	tcase_add_test(all, over_tcp_an_answered_bye_is_forgotten_at_once);
	tcase_add_test(all, a_uac_may_be_freed_when_it_hears);
	tcase_add_test(all, what_is_no_answer_of_ours_is_dropped);
	tcase_add_test(all, any_method_of_token_characters_is_sent_and_answered);
	suite_add_tcase(suite, all);
	return suite;
}
