/* SPDX-License-Identifier: MIT */
/*
 * Transactions and dialogs: cases that a stack is easily wrong about, against a scripted peer with a
 * moved clock.  With _i & 1 all of it goes over TCP.
 */
#include "wire_peer.h"

#include "unit.h"
#include "wire/dialog.h"
#include "wire/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct stage stage;
static struct far *const far = &stage.far;
static char asked[FAR_TEXT];

static void open_at(int variant, void (*setup)(struct stage *made))
{
	if (variant & 1)
		stage_open_tcp(&stage, setup);
	else
		stage_open(&stage, setup);
}

/* The same, and what goes to the far end takes a connection of its own. */
static void open_for_uac(int variant, void (*setup)(struct stage *made))
{
	open_at(variant, setup);
	if (variant & 1)
		far_hang_up(far);
}

static void as_proxy(struct stage *made)
{
	made->settings.is_proxy = true;
}

static void invite(void)
{
	stage_ask(&stage, SIP_METHOD_INVITE);
	far_hear(far, "INVITE");
	snprintf(asked, sizeof asked, "%s", far->heard);
}

static void answer(const char *status, const char *tag)
{
	far_answer_to(far, asked, status, tag, "");
}

/* RFC 4320 section 4.1. */
START_TEST(other_than_invite_hears_100_when_timer_e_is_t2)
{
	open_at(_i, NULL);
	far_request(far, "MESSAGE", NULL, "", "");
	far_hear_after(far, 3500, "SIP/2.0 100");
	far_lacks(far, "To", "tag=");
	stage_skip(&stage, 20000);
	far_hear_nothing(far);
	if (!(_i & 1)) {
		far_request(far, "MESSAGE", NULL, "", "");
		far_hear(far, "SIP/2.0 100");
	}
	uas_reply(stage.uas, 200, NULL);
	far_hear(far, "SIP/2.0 200");
	stage_end(&stage);
}
END_TEST

START_TEST(what_is_answered_in_time_hears_no_100)
{
	open_at(_i, NULL);
	far_request(far, "MESSAGE", NULL, "", "");
	stage_skip(&stage, 3499);
	uas_reply(stage.uas, 404, NULL);
	far_hear(far, "SIP/2.0 404");
	stage_skip(&stage, 20000);
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

/* RFC 3261 section 16.7: 101 ... 199 set timer C again, 100 does not. */
START_TEST(a_100_does_not_set_timer_c_again)
{
	open_for_uac(_i, as_proxy);
	invite();
	answer("180 Ringing", "b");
	for (unsigned i = 0; i < 3; i++) {
		stage_skip(&stage, 60000);
		answer("100 Trying", "");
	}
	far_hear_nothing(far);
	stage_skip(&stage, 1000);
	far_hear(far, "CANCEL");
	far_answer(far, "200 OK", "", "");
	answer("487 Terminated", "b");
	far_hear(far, "ACK");
	stage_noted(&stage, "180 487 ");
	stage_end(&stage);
}
END_TEST

/* RFC 6026 section 7.2: after timer M no transaction takes a 2xx, nor does a proxy pass it on. */
START_TEST(a_2xx_after_64_t1_is_dropped)
{
	open_for_uac(_i, _i & 2 ? as_proxy : NULL);
	invite();
	answer("200 OK", "b");
	stage_noted(&stage, "200 ");
	uac_free(stage.uac);
	stage.uac = NULL;
	stage_skip(&stage, 32000);
	answer("200 OK", "b");
	answer("200 OK", "c");
	far_hear_nothing(far);
	stage_noted(&stage, "");
	stage_end(&stage);
}
END_TEST

/* RFC 6026 section 7.1: an INVITE again after its 2xx begins no other. */
START_TEST(an_accepted_invite_is_absorbed_for_64_t1)
{
	open_at(_i, _i & 2 ? as_proxy : NULL);
	far_request(far, "INVITE", NULL, "", "");
	stage_noted(&stage, "INVITE ");
	uas_send(stage.uas, uas_response(stage.uas, 200, NULL));
	far_hear(far, "SIP/2.0 200");
	uas_acknowledged(stage.uas);
	uas_free(stage.uas);
	stage.uas = NULL;
	stage_skip(&stage, 31000);
	far_request(far, "INVITE", NULL, "", "");
	stage_noted(&stage, "");
	far_hear_nothing(far);
	stage_skip(&stage, 1000);
	far_request(far, "INVITE", NULL, "", "");
	stage_noted(&stage, "INVITE ");
	stage_end(&stage);
}
END_TEST

/* A request of a proxy's own has one Via, and so have its answers. */
START_TEST(the_answer_to_a_proxys_own_request_has_one_via)
{
	open_for_uac(_i, as_proxy);
	stage_ask(&stage, SIP_METHOD_OPTIONS);
	far_hear(far, "OPTIONS");
	far_answer(far, "200 OK", "b", "");
	stage_noted(&stage, "200 ");
	stage_end(&stage);
}
END_TEST

/* Two Via in the message that is forwarded. */
static void forward(sip_method_t method, const char *name)
{
	struct way way = stage_way(&stage);
	msg_t *msg = stage_request(&stage, method, name);

	message_insert(msg, (sip_header_t *)sip_via_make(
				    msg_home(msg),
				    "SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKbefore"));
	stage.uac = uac_send(stage.wire, &way, msg, stage_heard, &stage);
	ck_assert_ptr_nonnull(stage.uac);
	far_hear(far, name);
	snprintf(asked, sizeof asked, "%s", far->heard);
	ck_assert_ptr_nonnull(strstr(far_header(asked, "Via", 1), "z9hG4bKbefore"));
}

static const char *with_one_via(void)
{
	static char text[FAR_TEXT];
	const char *second = strstr(strstr(asked, "\r\nVia:") + 2, "\r\nVia:");
	const char *rest = strstr(second + 2, "\r\n");

	snprintf(text, sizeof text, "%.*s%s", (int)(second - asked), asked, rest);
	return text;
}

/* RFC 3261 section 16.7: it is dropped, and the right one is still waited for. */
START_TEST(a_response_with_our_via_alone_is_dropped_and_another_awaited)
{
	const char *one;

	open_for_uac(_i, as_proxy);
	forward(SIP_METHOD_INVITE);
	one = with_one_via();
	far_answer_to(far, one, "180 Ringing", "b", "");
	far_answer_to(far, one, "200 OK", "b", "");
	far_answer_to(far, one, "486 Busy", "b", "");
	stage_noted(&stage, "");
	far_hear_nothing(far);			/* no ACK */
	answer("486 Busy", "b");
	far_hear(far, "ACK");
	stage_noted(&stage, "486 ");
	uac_free(stage.uac);
	forward(SIP_METHOD_BYE);
	far_answer_to(far, with_one_via(), "200 OK", "b", "");
	stage_noted(&stage, "");
	answer("200 OK", "b");
	stage_noted(&stage, "200 ");
	stage_end(&stage);
}
END_TEST

/* What makes it a response is there before it is sent, to be read and to be changed. */
START_TEST(a_response_is_one_as_soon_as_it_is_made)
{
	const sip_t *sip, *request;
	msg_t *msg;

	open_at(_i, NULL);
	far_request(far, "INVITE", NULL,
		    "Record-Route: <sip:one.example.com;lr>, <sip:two.example.com;lr>\r\n"
		    "Via: SIP/2.0/UDP b.example.com;branch=z9hG4bKb, SIP/2.0/TCP c\r\n",
		    "");
	request = sip_object(uas_request(stage.uas));
	msg = uas_response(stage.uas, 180, "a-fork");
	sip = sip_object(msg);
	ck_assert_str_eq(sip->sip_to->a_tag, "a-fork");
	ck_assert_str_eq(sip->sip_from->a_tag, "a1");
	ck_assert_str_eq(sip->sip_call_id->i_id, request->sip_call_id->i_id);
	ck_assert_uint_eq(sip->sip_cseq->cs_seq, 7);
	ck_assert_str_eq(sip->sip_via->v_next->v_branch, "z9hG4bKb");
	ck_assert_str_eq(sip->sip_record_route->r_url->url_host, "one.example.com");
	uas_send(stage.uas, msg);
	far_hear(far, "SIP/2.0 180");
	far_has(far, "To", "tag=a-fork");
	ck_assert_ptr_nonnull(strstr(far_header(far->heard, "Via", 0), "z9hG4bK1"));
	ck_assert_str_eq(far_header(far->heard, "Via", 1),
			 "SIP/2.0/UDP b.example.com;branch=z9hG4bKb");
	ck_assert_str_eq(far_header(far->heard, "Via", 2), "SIP/2.0/TCP c");
	ck_assert_str_eq(far_header(far->heard, "Record-Route", 1),
			 "<sip:two.example.com;lr>");
	/* Changed, it goes out changed. */
	msg = uas_response(stage.uas, 183, NULL);
	ck_assert_str_eq(sip_object(msg)->sip_to->a_tag, uas_tag(stage.uas));
	message_set_cseq(msg, 99);
	message_set_from_tag(msg, "another");
	uas_send(stage.uas, msg);
	far_hear(far, "SIP/2.0 183");
	far_has(far, "CSeq", "99 INVITE");
	far_has(far, "From", "tag=another");
	/* A failure takes no Record-Route. */
	uas_send(stage.uas, uas_response(stage.uas, 486, "a-fork"));
	far_hear(far, "SIP/2.0 486");
	far_lacks(far, "Record-Route", "");
	stage_end(&stage);
}
END_TEST

START_TEST(the_tag_of_a_request_is_that_of_its_responses)
{
	open_at(_i, NULL);
	far_request(far, "INFO", NULL, "", "");
	uas_send(stage.uas, uas_response(stage.uas, 200, "a-fork"));
	far_hear(far, "SIP/2.0 200");
	far_has(far, "To", "tag=a-fork");
	stage_noted(&stage, "INFO ");
	far_send(
		far,
		_i & 1 ? "INFO sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP x;branch=z9hG4bK2"
			 "\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;TAG=mine\r\n"
			 "Call-ID: x\r\nCSeq: 9 INFO\r\nContent-Length: 0\r\n\r\n"
		       : "INFO sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP x;rport;branch=z9hG4bK2"
			 "\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;TAG=mine\r\n"
			 "Call-ID: x\r\nCSeq: 9 INFO\r\nContent-Length: 0\r\n\r\n");
	uas_send(stage.uas, uas_response(stage.uas, 200, "a-fork"));
	far_hear(far, "SIP/2.0 200");
	ck_assert_str_eq(far_header(far->heard, "To", 0), "<sip:c@d>;TAG=mine");
	stage_end(&stage);
}
END_TEST

/* RFC 3261 section 13.2.2.4: a new branch, the To tag of the fork, and the same for each copy. */
START_TEST(the_ack_of_a_2xx_has_a_branch_of_its_own_and_is_repeated)
{
	static char ack[FAR_TEXT];
	char branch[256];

	open_for_uac(_i, NULL);
	invite();
	snprintf(branch, sizeof branch, "%s", far_header(asked, "Via", 0));
	answer("180 Ringing", "early");
	answer("200 OK", "b");
	stage_noted(&stage, "180 200 ");
	stage_ack(&stage, "b");
	far_hear(far, "ACK");
	snprintf(ack, sizeof ack, "%s", far->heard);
	ck_assert_str_ne(far_header(ack, "Via", 0), branch);
	ck_assert_ptr_nonnull(strstr(far_header(ack, "Via", 0), "branch=z9hG4bK"));
	far_has(far, "To", "tag=b");
	for (unsigned i = 0; i < 3; i++) {
		answer("200 OK", "B");		/* tags know no case */
		far_hear(far, "ACK");
		ck_assert_str_eq(far->heard, ack);
	}
	uac_free(stage.uac);
	stage.uac = NULL;
	answer("200 OK", "b");
	far_hear(far, "ACK");
	ck_assert_str_eq(far->heard, ack);
	stage_noted(&stage, "");
	stage_end(&stage);
}
END_TEST

static msg_t *request_with_cseq(uint32_t cseq)
{
	msg_t *msg = stage_request(&stage, SIP_METHOD_INFO);

	message_set_cseq(msg, cseq);
	return msg;
}

static bool is_in_order(struct dialog *dialog, uint32_t cseq)
{
	msg_t *msg = request_with_cseq(cseq);
	bool is = dialog_is_in_order(dialog, sip_object(msg));

	msg_destroy(msg);
	return is;
}

START_TEST(a_forbidden_cseq_is_taken_and_not_remembered)
{
	su_home_t home[1] = { SU_HOME_INIT(home) };
	struct dialog *dialog;
	msg_t *msg;

	stage_open(&stage, NULL);
	msg = request_with_cseq(5);
	dialog = dialog_as_uas(home, sip_object(msg), "x");
	ck_assert(!is_in_order(dialog, 4));
	ck_assert(is_in_order(dialog, 4294967295u));
	ck_assert(is_in_order(dialog, 6));
	ck_assert(!is_in_order(dialog, 5));
	ck_assert(is_in_order(dialog, 2147483648u));
	ck_assert(is_in_order(dialog, 2147483647u));
	ck_assert(!is_in_order(dialog, 7));
	msg_destroy(msg);
	msg = request_with_cseq(4294967295u);
	dialog = dialog_as_uas(home, sip_object(msg), "x");
	ck_assert(is_in_order(dialog, 0));
	ck_assert(is_in_order(dialog, 1));
	ck_assert(!is_in_order(dialog, 0));
	msg_destroy(msg);
	su_home_deinit(home);
	stage_end(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire case transaction");
	TCase *all = tcase_create("transactions");

	tcase_add_loop_test(all, other_than_invite_hears_100_when_timer_e_is_t2, 0, 2);
	tcase_add_loop_test(all, what_is_answered_in_time_hears_no_100, 0, 2);
	tcase_add_loop_test(all, a_100_does_not_set_timer_c_again, 0, 2);
	tcase_add_loop_test(all, a_2xx_after_64_t1_is_dropped, 0, 4);
	tcase_add_loop_test(all, an_accepted_invite_is_absorbed_for_64_t1, 0, 4);
	tcase_add_loop_test(all, the_answer_to_a_proxys_own_request_has_one_via, 0, 2);
	tcase_add_loop_test(
		all, a_response_with_our_via_alone_is_dropped_and_another_awaited, 0, 2);
	tcase_add_loop_test(all, a_response_is_one_as_soon_as_it_is_made, 0, 2);
	tcase_add_loop_test(all, the_tag_of_a_request_is_that_of_its_responses, 0, 2);
	tcase_add_loop_test(all, the_ack_of_a_2xx_has_a_branch_of_its_own_and_is_repeated,
			    0, 2);
	tcase_add_test(all, a_forbidden_cseq_is_taken_and_not_remembered);
	suite_add_tcase(suite, all);
	return suite;
}
