/* SPDX-License-Identifier: MIT */
/* Telephones call each other over the built-in proxy, without CM. */
#include "lab_peer.h"

#include "unit.h"

#include <string.h>

static struct stage stage;

static void dial(unsigned i, const char *number)
{
	stage_wait(&stage, talk_dial(stage.phones[i],
				     &(struct dialling){ .number = number }, NULL, NULL));
}

/* 1001 and 1002 talk. */
static void call(void)
{
	dial(0, "1002");
	stage_hear(&stage, 1, 0, "INVITE");
	stage_wait(&stage, talk_progress(stage.phones[1], 0, 180, false, NULL, NULL));
	stage_hear(&stage, 0, 180, "INVITE");
	stage_wait(&stage, talk_answer(stage.phones[1], 0, false, NULL, NULL));
	stage_hear(&stage, 0, 200, "INVITE");
	ck_assert(phone_is_talking(stage.phones[0], 0, stage.phones[1], 0));
}

static void hang_up(unsigned i, unsigned other)
{
	ck_assert_int_eq(stage_wait(&stage, talk_hang_up(stage.phones[i], 0, NULL, NULL)),
			 200);
	stage_hear(&stage, other, 0, "BYE");
}

static void is_over(void)
{
	stage_hears_nothing(&stage, 50);
	for (unsigned i = 0; i < STAGE_PHONES; i++) {
		const char *left = phone_what_is_left(stage.phones[i]);

		ck_assert_msg(!left, "%s: %s", phone_name(stage.phones[i]), left);
	}
	ck_assert_uint_eq(sm_count(stage.sm), 0);
	stage_close(&stage);
}

START_TEST(a_call_is_answered_and_hung_up)
{
	stage_open(&stage, NULL, _i ? "tcp" : "udp");
	call();
	ck_assert(!phone_is_idle(stage.phones[0], 0));
	ck_assert(!phone_is_talking(stage.phones[0], 0, stage.phones[2], 0));
	hang_up(_i, !_i);
	is_over();
}
END_TEST

START_TEST(a_caller_gives_up)
{
	stage_open(&stage, NULL, "udp");
	dial(0, "1002");
	stage_hear(&stage, 1, 0, "INVITE");
	talk_progress(stage.phones[1], 0, 180, false, NULL, NULL);
	stage_hear(&stage, 0, 180, "INVITE");
	ck_assert_int_eq(stage_wait(&stage, talk_cancel(stage.phones[0], 0, NULL, NULL)),
			 487);
	stage_hear(&stage, 1, 0, "CANCEL");
	is_over();
}
END_TEST

START_TEST(a_failure_goes_back_and_is_acknowledged)
{
	static const struct extra_header header = { "Reason", "Q.850;cause=17" };
	const struct extra extra = { .headers = &header, .count = 1 };
	const struct mail *mail;

	stage_open(&stage, NULL, "udp");
	dial(0, "1002");
	stage_hear(&stage, 1, 0, "INVITE");
	stage_wait(&stage, talk_reject(stage.phones[1], 0, 486, NULL, &extra, NULL));
	mail = stage_hear(&stage, 0, 486, "INVITE");
	ck_assert_ptr_nonnull(strstr(mail->bytes, "\r\nReason: Q.850;cause=17\r\n"));
	is_over();
}
END_TEST

START_TEST(an_unregistered_user_is_480_and_an_unknown_number_404)
{
	const struct enrolment none = { .has_expires = true };

	stage_open(&stage, NULL, "udp");
	stage_wait(&stage, enrol(stage.phones[2], &none, NULL, NULL));
	dial(0, "1003");
	stage_hear(&stage, 0, 480, "INVITE");
	dial(0, "7777");
	stage_hear(&stage, 0, 404, "INVITE");
	is_over();
}
END_TEST

START_TEST(a_challenge_is_answered_once_and_a_wrong_password_refused)
{
	stage_open(&stage, "INVITE", "udp");
	call();
	hang_up(0, 1);
	ck_assert_int_eq(
		stage_wait(&stage, talk_dial(stage.phones[0],
					     &(struct dialling){ .number = "1002",
								 .without_auth = true,
								 .wants_final = true },
					     NULL, NULL)),
		407);
	stage_close(&stage);
	stage_open(&stage, "REGISTER", "udp");
	ck_assert_int_eq(
		stage_wait(&stage,
			   enrol(stage.phones[0],
				 &(struct enrolment){ .password = "wrong" }, NULL, NULL)),
		403);
	is_over();
}
END_TEST

START_TEST(a_reliable_183_waits_for_its_prack)
{
	const struct errand *errand;

	stage_open(&stage, NULL, "udp");
	dial(0, "1002");
	stage_hear(&stage, 1, 0, "INVITE");
	errand = talk_progress(stage.phones[1], 0, 183, true, NULL, NULL);
	ck_assert(!errand->is_done);
	stage_wait(&stage, errand);
	ck_assert_str_eq(errand->mail->method, "PRACK");
	stage_hear(&stage, 0, 183, "INVITE");
	stage_wait(&stage, talk_answer(stage.phones[1], 0, false, NULL, NULL));
	stage_hear(&stage, 0, 200, "INVITE");
	hang_up(1, 0);
	is_over();
}
END_TEST

START_TEST(hold_and_update_are_answered_inside_the_call)
{
	stage_open(&stage, NULL, "udp");
	call();
	ck_assert_int_eq(stage_wait(&stage, talk_reinvite(stage.phones[0], 0, TALK_HOLD,
							  NULL, NULL)),
			 200);
	ck_assert_ptr_nonnull(
		strstr(stage_hear(&stage, 1, 0, "INVITE")->bytes, "a=sendonly"));
	ck_assert(phone_is_talking(stage.phones[1], 0, stage.phones[0], 0));
	ck_assert_int_eq(
		stage_wait(&stage, talk_send(stage.phones[1], 0, "UPDATE", NULL, NULL)),
		200);
	stage_hear(&stage, 0, 0, "UPDATE");
	hang_up(0, 1);
	is_over();
}
END_TEST

START_TEST(re_invites_that_cross_are_refused)
{
	const struct errand *one, *two;

	stage_open(&stage, NULL, "udp");
	call();
	one = talk_reinvite(stage.phones[0], 0, TALK_HOLD, NULL, NULL);
	two = talk_reinvite(stage.phones[1], 0, TALK_HOLD, NULL, NULL);
	ck_assert_int_eq(stage_wait(&stage, one), 491);
	ck_assert_int_eq(stage_wait(&stage, two), 491);
	stage_hear(&stage, 0, 0, "INVITE");
	stage_hear(&stage, 1, 0, "INVITE");
	hang_up(0, 1);
	is_over();
}
END_TEST

START_TEST(a_transfer_is_a_call_of_its_own_and_is_reported)
{
	stage_open(&stage, NULL, "udp");
	call();
	ck_assert_int_eq(stage_wait(&stage, talk_transfer(stage.phones[1], 0, "1003", 0,
							  NULL, NULL)),
			 202);
	stage_hear(&stage, 0, 0, "REFER");
	dial(0, "1003");
	ck_assert_ptr_nonnull(
		strstr(stage_hear(&stage, 1, 0, "NOTIFY")->bytes, "\r\n\r\nSIP/2.0 100"));
	ck_assert_ptr_nonnull(strstr(stage_hear(&stage, 2, 0, "INVITE")->bytes,
				     "Referred-By: <sip:1002@example.com>"));
	stage_wait(&stage, talk_answer(stage.phones[2], 0, false, NULL, NULL));
	stage_hear(&stage, 0, 200, "INVITE");
	ck_assert_ptr_nonnull(
		strstr(stage_hear(&stage, 1, 0, "NOTIFY")->bytes, "\r\n\r\nSIP/2.0 200"));
	hang_up(1, 0);
	hang_up(2, 0);
	is_over();
}
END_TEST

START_TEST(an_answer_that_crosses_the_cancel_is_hung_up_on)
{
	const struct rule answers = { .method = "CANCEL", .deed = RULE_ANSWERS };

	stage_open(&stage, NULL, "udp");
	phone_on(stage.phones[1], &answers);
	dial(0, "1002");
	stage_hear(&stage, 1, 0, "INVITE");
	talk_progress(stage.phones[1], 0, 180, false, NULL, NULL);
	stage_hear(&stage, 0, 180, "INVITE");
	ck_assert_int_eq(stage_wait(&stage, talk_cancel(stage.phones[0], 0, NULL, NULL)),
			 200);
	stage_hear(&stage, 1, 0, "CANCEL");
	stage_hear(&stage, 1, 0, "BYE");
	is_over();
}
END_TEST

START_TEST(a_rule_cancels_and_the_final_answer_is_queued)
{
	const struct rule cancels = { .status = 180, .deed = RULE_CANCELS };

	stage_open(&stage, NULL, "udp");
	phone_on(stage.phones[0], &cancels);
	dial(0, "1002");
	stage_hear(&stage, 1, 0, "INVITE");
	talk_progress(stage.phones[1], 0, 180, false, NULL, NULL);
	stage_hear(&stage, 0, 180, "INVITE");
	stage_hear(&stage, 1, 0, "CANCEL");
	stage_hear(&stage, 0, 487, "INVITE");
	is_over();
}
END_TEST

START_TEST(a_lamp_is_dark_without_a_publication)
{
	struct lamp *lamp;

	stage_open(&stage, NULL, "udp");
	ck_assert_int_eq(stage_wait(&stage, lamp_watch(stage.phones[0], "1002", NULL)),
			 200);
	stage_hears_nothing(&stage, 50);
	lamp = lamp_find(stage.phones[0], "1002");
	ck_assert(lamp_is_known(lamp));
	ck_assert(!lamp_is_lit(lamp));
	ck_assert_uint_eq(lamp_count(lamp), 0);
	is_over();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lab calls");
	TCase *calls = tcase_create("calls");

	tcase_add_loop_test(calls, a_call_is_answered_and_hung_up, 0, 2);
	tcase_add_test(calls, a_caller_gives_up);
	tcase_add_test(calls, a_failure_goes_back_and_is_acknowledged);
	tcase_add_test(calls, an_unregistered_user_is_480_and_an_unknown_number_404);
	tcase_add_test(calls, a_challenge_is_answered_once_and_a_wrong_password_refused);
	tcase_add_test(calls, a_reliable_183_waits_for_its_prack);
	tcase_add_test(calls, hold_and_update_are_answered_inside_the_call);
	tcase_add_test(calls, re_invites_that_cross_are_refused);
	tcase_add_test(calls, a_transfer_is_a_call_of_its_own_and_is_reported);
	tcase_add_test(calls, an_answer_that_crosses_the_cancel_is_hung_up_on);
	tcase_add_test(calls, a_rule_cancels_and_the_final_answer_is_queued);
	tcase_add_test(calls, a_lamp_is_dark_without_a_publication);
	suite_add_tcase(suite, calls);
	return suite;
}
