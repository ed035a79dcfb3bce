/* SPDX-License-Identifier: MIT */
/* A user with two telephones: which answer goes back, and who is cancelled. */
#include "lab_peer.h"

#include "unit.h"

#include <string.h>

static struct stage stage;

static void ring_both(void)
{
	stage_open_fork(&stage);
	stage_wait(&stage, talk_dial(stage.phones[0],
				     &(struct dialling){ .number = "1002" }, NULL, NULL));
	for (unsigned i = 1; i < 3; i++) {
		stage_hear(&stage, i, 0, "INVITE");
		talk_progress(stage.phones[i], 0, 180, false, NULL, NULL);
		stage_hear(&stage, 0, 180, "INVITE");
	}
}

static void reject(unsigned i, int code)
{
	stage_wait(&stage, talk_reject(stage.phones[i], 0, code, NULL, NULL, NULL));
}

static void is_over(void)
{
	stage_hears_nothing(&stage, 50);
	for (unsigned i = 0; i < STAGE_PHONES; i++)
		ck_assert_ptr_null(phone_what_is_left(stage.phones[i]));
	ck_assert_uint_eq(sm_count(stage.sm), 0);
	stage_close(&stage);
}

START_TEST(the_first_answer_cancels_the_other_with_the_reason)
{
	const struct mail *mail;

	ring_both();
	stage_wait(&stage, talk_answer(stage.phones[2], 0, false, NULL, NULL));
	mail = stage_hear(&stage, 1, 0, "CANCEL");
	ck_assert_ptr_nonnull(strstr(mail->bytes, "Reason: SIP;cause=200"));
	stage_hear(&stage, 0, 200, "INVITE");
	ck_assert(phone_is_talking(stage.phones[0], 0, stage.phones[2], 0));
	ck_assert(phone_is_idle(stage.phones[1], 0));
	talk_hang_up(stage.phones[0], 0, NULL, NULL);
	stage_hear(&stage, 2, 0, "BYE");
	is_over();
}
END_TEST

START_TEST(the_caller_s_cancel_reaches_both)
{
	static const struct extra_header reason = { "Reason", "SIP;cause=487" };
	const struct extra extra = { .headers = &reason, .count = 1 };

	ring_both();
	ck_assert_int_eq(
		stage_wait(&stage, talk_cancel(stage.phones[0], 0, &extra, NULL)), 487);
	for (unsigned i = 1; i < 3; i++)
		ck_assert_ptr_nonnull(strstr(stage_hear(&stage, i, 0, "CANCEL")->bytes,
					     "Reason: SIP;cause=487"));
	is_over();
}
END_TEST

static const struct {
	int first, second, best;
} failures[] = {
	{ 486, 480, 480 }, { 480, 486, 480 }, { 503, 486, 486 }, { 486, 503, 486 },
	{ 302, 404, 302 }, { 500, 404, 404 }, { 503, 503, 503 },
};

START_TEST(of_failures_the_best_goes_back)
{
	ring_both();
	reject(1, failures[_i].first);
	reject(2, failures[_i].second);
	stage_hear(&stage, 0, failures[_i].best, "INVITE");
	is_over();
}
END_TEST

START_TEST(a_6xx_ends_all)
{
	ring_both();
	reject(1, 603);
	stage_hear(&stage, 2, 0, "CANCEL");
	stage_hear(&stage, 0, 603, "INVITE");
	is_over();
}
END_TEST

START_TEST(a_dead_telephone_is_no_harm)
{
	stage_open_fork(&stage);
	phone_die(stage.phones[1]);
	stage_wait(&stage, talk_dial(stage.phones[0],
				     &(struct dialling){ .number = "1002" }, NULL, NULL));
	stage_hear(&stage, 2, 0, "INVITE");
	stage_wait(&stage, talk_answer(stage.phones[2], 0, false, NULL, NULL));
	stage_hear(&stage, 0, 200, "INVITE");
	ck_assert_int_eq(phone_revive(stage.phones[1], NULL), 0);
	talk_hang_up(stage.phones[2], 0, NULL, NULL);
	stage_hear(&stage, 0, 0, "BYE");
	is_over();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lab forks");
	TCase *forks = tcase_create("forks");

	tcase_add_test(forks, the_first_answer_cancels_the_other_with_the_reason);
	tcase_add_test(forks, the_caller_s_cancel_reaches_both);
	tcase_add_loop_test(forks, of_failures_the_best_goes_back, 0,
			    sizeof failures / sizeof *failures);
	tcase_add_test(forks, a_6xx_ends_all);
	tcase_add_test(forks, a_dead_telephone_is_no_harm);
	suite_add_tcase(suite, forks);
	return suite;
}
