/* SPDX-License-Identifier: MIT */
/*
 * 2xx to the INVITE of calls between two scripted telephones: from several forks, repeated, and
 * without an ACK.  _i is the call model: 0 is the back-to-back user agent, 1 the proxy.
 */
#include "agent_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

/* The caller's INVITE arrives at the callee, which answers 180. */
static void ring(void)
{
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
}

START_TEST(second_of_two_forks_answers)
{
	stage_open_model(&stage, _i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer_as(callee, "fork-a", 180, "", "");
	phone_hear(caller, "180 INVITE");
	phone_answer_as(callee, "fork-b", 180, "", "");
	phone_hear(caller, "180 INVITE");
	phone_answer_as(callee, "fork-b", 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_has(callee, "To", "tag=fork-b");
	phone_ask(caller, "BYE", "", "");
	phone_await(callee, "BYE");
	phone_has(callee, "To", "tag=fork-b");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 BYE");
	stage_close(&stage);
}
END_TEST

/* Responses with ever new To tags must not make the agent allocate without limit. */
START_TEST(forks_without_end_end_the_call)
{
	char tag[32];

	stage_open_model(&stage, 0);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	for (int i = 0; i < 64; i++) {
		snprintf(tag, sizeof tag, "fork-%d", i);
		phone_answer_as(callee, tag, 180, "", "");
		phone_hear(caller, "180 INVITE");
	}
	phone_answer_as(callee, "fork-0", 180, "", "");
	phone_hear(caller, "180 INVITE");
	phone_answer_as(callee, "fork-64", 180, "", "");
	phone_hear(caller, "500 INVITE");
	phone_ack_failure(caller);
	phone_hear(callee, "CANCEL");
	stage_close(&stage);
}
END_TEST

START_TEST(second_answering_fork_is_acknowledged_and_ended)
{
	static char invite[PHONE_TEXT];

	stage_open_model(&stage, 0);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer_as(callee, "fork-a", 200, "", "");
	phone_hear(caller, "200 INVITE");
	if (_i) {
		phone_ack(caller);
		phone_hear(callee, "ACK");
	}
	strcpy(callee->request, invite);
	phone_answer_as(callee, "fork-b", 200, "", "");
	phone_hear(callee, "ACK");
	phone_has(callee, "To", "tag=fork-b");
	phone_hear(callee, "BYE");
	phone_has(callee, "To", "tag=fork-b");
	phone_answer(callee, 200, "", "");
	phone_hear_nothing(caller);
	if (!_i) {
		phone_ack(caller);
		phone_hear(callee, "ACK");
	}
	phone_has(callee, "To", _i ? "tag=fork-b" : "tag=fork-a");
	phone_ask(caller, "BYE", "", "");
	phone_await(callee, "BYE");
	phone_has(callee, "To", "tag=fork-a");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 BYE");
	stage_close(&stage);
}
END_TEST

START_TEST(second_answering_fork_is_relayed_by_a_proxy)
{
	static char invite[PHONE_TEXT];
	char first[sizeof caller->remote];

	stage_open_model(&stage, 1);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer_as(callee, "fork-a", 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	strcpy(first, caller->remote);
	strcpy(callee->request, invite);
	phone_answer_as(callee, "fork-b", 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_has(caller, "To", "tag=fork-b");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_has(callee, "To", "tag=fork-b");
	/* The dialog with the first fork goes on. */
	stage_hang_up(&stage, caller);
	stage_assert_halves(&stage, 1);
	strcpy(caller->remote, first);
	phone_ask(caller, "INFO", "", "");
	phone_hear(callee, "INFO");
	phone_has(callee, "To", "tag=fork-a");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INFO");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(each_copy_of_the_answer_is_passed_on_until_the_ack_comes)
{
	static char invite[PHONE_TEXT];

	stage_open_model(&stage, 0);
	ring();
	strcpy(invite, callee->request);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	stage_skip(&stage, 600);
	phone_hear_nothing(caller);
	phone_answer_to(callee, invite, 200);
	phone_hear(caller, "200 INVITE");
	phone_answer_to(callee, invite, 200);
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_skip(&stage, 2100);
	phone_hear_nothing(caller);
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* The agent's ACK is lost: the callee repeats its 2xx and must receive the ACK again. */
START_TEST(repeated_answer_of_the_callee_hears_the_ack_again)
{
	static char invite[PHONE_TEXT];

	stage_open_model(&stage, 0);
	ring();
	strcpy(invite, callee->request);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_answer_to(callee, invite, 200);	/* before the ACK: the caller may have missed it */
	phone_hear_nothing(callee);
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_answer_to(callee, invite, 200);
	phone_hear(callee, "ACK");
	phone_answer_to(callee, invite, 200);
	phone_hear(callee, "ACK");
	phone_hear_nothing(caller);
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(repeated_answer_and_ack_pass_a_proxy)
{
	static char invite[PHONE_TEXT];

	stage_open_model(&stage, 1);
	ring();
	strcpy(invite, callee->request);
	for (unsigned i = 0; i < 3; i++) {
		phone_answer_to(callee, invite, 200);
		phone_hear(caller, "200 INVITE");
		phone_ack(caller);
		phone_hear(callee, "ACK");
	}
	phone_resend(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

START_TEST(no_ack_at_all_ends_both_dialogs)
{
	stage_open_model(&stage, 0);
	ring();
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	for (unsigned i = 0; i < 9; i++)
		stage_skip(&stage, 4000);
	phone_await(callee, "ACK");
	phone_await(callee, "BYE");
	phone_answer(callee, 200, "", "");
	phone_await(caller, "BYE");
	phone_answer(caller, 200, "", "");
	stage_skip(&stage, 10);
	stage_skip(&stage, 10);
	stage_assert_halves(&stage, 0);
	stage_close(&stage);
}
END_TEST

START_TEST(late_ack_after_the_end_changes_nothing)
{
	stage_open_model(&stage, _i);
	ring();
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	stage_settle(&stage);
	phone_ack(caller);
	stage_run(&stage);
	stage_assert_halves(&stage, 0);
	phone_forget(callee);
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_answer");
	TCase *both = tcase_create("both models"), *one = tcase_create("one model");

	tcase_set_timeout(both, 20);
	tcase_set_timeout(one, 20);
	tcase_add_loop_test(both, second_of_two_forks_answers, 0, 2);
	tcase_add_loop_test(both, late_ack_after_the_end_changes_nothing, 0, 2);
	tcase_add_loop_test(one, second_answering_fork_is_acknowledged_and_ended, 0, 2);
	tcase_add_test(one, forks_without_end_end_the_call);
	tcase_add_test(one, second_answering_fork_is_relayed_by_a_proxy);
	tcase_add_test(one, each_copy_of_the_answer_is_passed_on_until_the_ack_comes);
	tcase_add_test(one, repeated_answer_of_the_callee_hears_the_ack_again);
	tcase_add_test(one, repeated_answer_and_ack_pass_a_proxy);
	tcase_add_test(one, no_ack_at_all_ends_both_dialogs);
	suite_add_tcase(suite, both);
	suite_add_tcase(suite, one);
	return suite;
}
