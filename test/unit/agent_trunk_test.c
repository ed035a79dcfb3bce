/* SPDX-License-Identifier: MIT */
/* Trunk members: how many half calls may be in progress.  Each test runs in both models. */
#include "agent_peer.h"
#include "unit.h"

#include <string.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

static void with_one_member(struct stage *s)
{
	s->members = 1;
}

static void with_one_member_as_proxy(struct stage *s)
{
	with_one_member(s);
	s->settings.wire.is_proxy = true;
}

static void open_model(int model)
{
	stage_open(&stage, model ? with_one_member_as_proxy : with_one_member);
}

static void assert_refused(void)
{
	phone_invite(caller, "", "");
	phone_hear(caller, "503 INVITE");
	phone_has(caller, "Retry-After", "5");
	phone_has(caller, "Warning", "all 1 trunk members are in use");
	phone_ack_failure(caller);
	phone_hear_nothing(callee);
}

START_TEST(call_over_the_last_member_hears_503)
{
	struct phone first;

	open_model(_i);
	stage_talk(&stage);
	first = *caller;
	assert_refused();
	assert_refused();
	*caller = first;
	stage_hang_up(&stage, caller);
	ck_assert_ptr_nonnull(strstr(stage.notes, "reject reject bye "));
	stage_talk(&stage);
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

START_TEST(call_that_is_refused_hears_why_though_no_member_is_left)
{
	struct phone first;

	open_model(_i);
	stage_talk(&stage);
	first = *caller;
	stage.verdict = (struct verdict){
		.kind = VERDICT_REJECT, .status = 403, .rule = "test", .sentence = "no"
	};
	phone_invite(caller, "", "");
	phone_hear(caller, "403 INVITE");
	phone_ack_failure(caller);
	*caller = first;
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(call_that_failed_or_was_refused_holds_no_member)
{
	open_model(_i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "486 INVITE");
	phone_ack_failure(caller);
	stage.verdict = (struct verdict){
		.kind = VERDICT_REJECT, .status = 403, .rule = "test", .sentence = "no"
	};
	phone_invite(caller, "", "");
	phone_hear(caller, "403 INVITE");
	phone_ack_failure(caller);
	stage.verdict = (struct verdict){ .kind = VERDICT_PASS, .rule = "" };
	stage_talk(&stage);
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(emergency_call_needs_no_member_but_takes_one)
{
	struct phone first[2], second[2];

	open_model(_i);
	stage_talk(&stage);
	first[0] = *caller;
	first[1] = *callee;
	stage.verdict.is_emergency = true;
	stage_talk(&stage);
	second[0] = *caller;
	second[1] = *callee;
	stage.verdict.is_emergency = false;
	stage_assert_halves(&stage, 2);
	assert_refused();
	*caller = first[0];
	*callee = first[1];
	stage_hang_up(&stage, caller);
	assert_refused();
	ck_assert_ptr_nonnull(strstr(stage.notes, "answer reject bye reject "));
	*caller = second[0];
	*callee = second[1];
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_trunk");
	TCase *both = tcase_create("both models");

	tcase_set_timeout(both, 20);
	tcase_add_loop_test(both, call_over_the_last_member_hears_503, 0, 2);
	tcase_add_loop_test(both, call_that_is_refused_hears_why_though_no_member_is_left,
			    0, 2);
	tcase_add_loop_test(both, call_that_failed_or_was_refused_holds_no_member, 0, 2);
	tcase_add_loop_test(both, emergency_call_needs_no_member_but_takes_one, 0, 2);
	suite_add_tcase(suite, both);
	return suite;
}
