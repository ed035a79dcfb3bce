/* SPDX-License-Identifier: MIT */
/* An application in the caller's sequence: it passes calls on, or answers them itself. */
#include "lab_peer.h"

#include "unit.h"
#include "wire/loop.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct phone *rec;
static struct sm_app app = { "rec", NULL };

static void setup(void)
{
	static const char *const apps[] = { "rec" };
	static char uri[64], host[32];
	const char *last;
	struct phone_settings settings = { .role = PHONE_APP,
					   .name = "rec",
					   .user = "rec",
					   .host = host,
					   .port = 5060,
					   .transport = "udp",
					   .supported = "replaces" };

	stage_open(&stage, NULL, "udp");
	last = strrchr(stage.sm_is.host, '.');
	snprintf(host, sizeof host, "%.*s.9", (int)(last - stage.sm_is.host),
		 stage.sm_is.host);
	snprintf(uri, sizeof uri, "sip:%s:5060;transport=udp", host);
	ck_assert_int_eq(phone_open(stage.lab, &settings, &rec, NULL), 0);
	app.uri = uri;
	stage.sm_is.apps = &app;
	stage.sm_is.app_count = 1;
	stage.sequences[0] = (struct sm_sequence){ "1001", true, apps, 1 };
}

static void teardown(void)
{
	phone_free(rec);
	stage_close(&stage);
}

/* The application hears METHOD. */
static void rec_hears(const char *method)
{
	struct mail *mail = NULL;

	for (unsigned ms = 0; ms < 2000 && !mail; ms++) {
		loop_step(stage.loop, 1);
		mail = phone_head(rec, 0);
	}
	ck_assert_ptr_nonnull(mail);
	ck_assert_str_eq(mail->method, method);
	phone_take(mail);
}

static void dial(void)
{
	stage_wait(&stage, talk_dial(stage.phones[0],
				     &(struct dialling){ .number = "1002" }, NULL, NULL));
	rec_hears("INVITE");
}

static void is_over(void)
{
	stage_hears_nothing(&stage, 50);
	ck_assert_ptr_null(phone_head(rec, 0));
	ck_assert_ptr_null(phone_what_is_left(rec));
	for (unsigned i = 0; i < STAGE_PHONES; i++)
		ck_assert_ptr_null(phone_what_is_left(stage.phones[i]));
	ck_assert_uint_eq(sm_count(stage.sm), 0);
}

START_TEST(what_it_passes_goes_by_it_to_the_end)
{
	unsigned byes = 0;

	dial();
	stage_wait(&stage, talk_pass(rec, 0, NULL));
	stage_hear(&stage, 1, 0, "INVITE");
	talk_progress(stage.phones[1], 0, 180, false, NULL, NULL);
	stage_hear(&stage, 0, 180, "INVITE");
	stage_wait(&stage, talk_answer(stage.phones[1], 0, false, NULL, NULL));
	stage_hear(&stage, 0, 200, "INVITE");
	ck_assert(phone_is_talking(stage.phones[0], 0, stage.phones[1], 0));
	stage_wait(&stage, talk_hang_up(stage.phones[1], 0, NULL, NULL));
	stage_hear(&stage, 0, 0, "BYE");
	for (size_t i = 0; i < lab_frame_count(stage.lab); i++) {
		const struct lab_frame *frame = lab_frame(stage.lab, i);

		byes += strcmp(frame->player, "rec") == 0 && frame->is_out &&
			strncmp(frame->bytes, "BYE ", 4) == 0;
	}
	ck_assert_uint_eq(byes, 1);
	is_over();
}
END_TEST

START_TEST(a_cancel_goes_through_it)
{
	dial();
	stage_wait(&stage, talk_pass(rec, 0, NULL));
	stage_hear(&stage, 1, 0, "INVITE");
	talk_progress(stage.phones[1], 0, 180, false, NULL, NULL);
	stage_hear(&stage, 0, 180, "INVITE");
	ck_assert_int_eq(stage_wait(&stage, talk_cancel(stage.phones[0], 0, NULL, NULL)),
			 487);
	stage_hear(&stage, 1, 0, "CANCEL");
	is_over();
}
END_TEST

START_TEST(it_may_answer_itself_or_refuse)
{
	dial();
	stage_wait(&stage, talk_answer(rec, 0, false, NULL, NULL));
	stage_hear(&stage, 0, 200, "INVITE");
	ck_assert(phone_is_talking(stage.phones[0], 0, rec, 0));
	stage_wait(&stage, talk_hang_up(stage.phones[0], 0, NULL, NULL));
	rec_hears("BYE");
	dial();
	stage_wait(&stage, talk_reject(rec, 0, 403, NULL, NULL, NULL));
	stage_hear(&stage, 0, 403, "INVITE");
	is_over();
}
END_TEST

START_TEST(a_rule_refuses_what_comes_inside_a_call)
{
	const struct rule refuses = { .method = "INFO",
				      .deed = RULE_REJECTS,
				      .code = 488 };

	dial();
	stage_wait(&stage, talk_pass(rec, 0, NULL));
	stage_hear(&stage, 1, 0, "INVITE");
	stage_wait(&stage, talk_answer(stage.phones[1], 0, false, NULL, NULL));
	stage_hear(&stage, 0, 200, "INVITE");
	phone_on(stage.phones[1], &refuses);
	ck_assert_int_eq(
		stage_wait(&stage, talk_send(stage.phones[0], 0, "INFO", NULL, NULL)),
		488);
	ck_assert_int_eq(
		stage_wait(&stage, talk_send(stage.phones[0], 0, "INFO", NULL, NULL)),
		200);
	stage_hear(&stage, 1, 0, "INFO");
	stage_hear(&stage, 1, 0, "INFO");
	stage_wait(&stage, talk_hang_up(stage.phones[0], 0, NULL, NULL));
	stage_hear(&stage, 1, 0, "BYE");
	is_over();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lab applications");
	TCase *apps = tcase_create("applications");

	tcase_add_checked_fixture(apps, setup, teardown);
	tcase_add_test(apps, what_it_passes_goes_by_it_to_the_end);
	tcase_add_test(apps, a_cancel_goes_through_it);
	tcase_add_test(apps, it_may_answer_itself_or_refuse);
	tcase_add_test(apps, a_rule_refuses_what_comes_inside_a_call);
	suite_add_tcase(suite, apps);
	return suite;
}
