/* SPDX-License-Identifier: MIT */
/*
 * A feature that was dialled: the agent makes the change, answers 200, and ends the dialog with BYE
 * after the ACK.  _i & 1 is the call model: 0 is the back-to-back user agent, 1 the proxy; with
 * _i & 2 the telephones use TCP.
 */
#include "agent_peer.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

static void open_model(int model)
{
	stage_open_model(&stage, model);
	stage.phase = "imsorig";
	stage.verdict = (struct verdict){
		.kind = VERDICT_FEATURE,
		.rule = "feature-code:send-all-calls-on",
		.action = ACTION_SEND_ALL_CALLS_ON,
	};
}

/* The caller receives the BYE and answers it; then nothing is left of the feature's dialog. */
static void is_released(void)
{
	phone_await(caller, "BYE");
	phone_answer(caller, 200, "", "");
	stage_skip(&stage, 10);
	stage_assert_halves(&stage, 0);
	phone_hear_nothing(callee);
	stage_close(&stage);
}

/* The INVITE has a Record-Route of a proxy, for which the callee's socket stands: the BYE must go
 * there, with TARGET as Request-URI. */
static void by_way_of_callee(const char *target)
{
	char route[96];

	snprintf(route, sizeof route, "Record-Route: <sip:127.0.0.1:%u;lr;of=proxy>\r\n",
		 callee->port);
	phone_invite(caller, route, "");
	phone_hear(caller, "200 INVITE");
	phone_has(caller, "Record-Route", "of=proxy");
	phone_ack(caller);
	phone_hear(callee, "BYE");
	phone_has(callee, "Route", "of=proxy");
	ck_assert_msg(strstr(callee->heard, target) == callee->heard + strlen("BYE "),
		      "not to %s: %.60s", target, callee->heard);
	phone_answer(callee, 200, "", "");
	phone_hear_nothing(caller);
	ck_assert_str_eq(stage.notes, "feature release ");
	stage_close(&stage);
}

START_TEST(feature_is_done_once_confirmed_and_released)
{
	char target[64];

	open_model(_i);
	snprintf(target, sizeof target, "sip:caller@127.0.0.1:%u SIP/2.0", caller->port);
	by_way_of_callee(target);
	ck_assert_uint_eq(stage.acts, 1);
}
END_TEST

START_TEST(feature_is_released_on_the_dialog_it_confirmed)
{
	open_model(_i);
	phone_invite(caller, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(caller, "BYE");
	ck_assert_ptr_nonnull(strstr(caller->heard, caller->call_id));
	is_released();
}
END_TEST

START_TEST(feature_of_a_caller_without_contact_is_released_at_its_address)
{
	open_model(_i);
	caller->contact[0] = '\0';
	by_way_of_callee("sip:1001@example.com SIP/2.0");
}
END_TEST

START_TEST(feature_without_an_ack_is_confirmed_again_and_released)
{
	unsigned heard = 1;

	open_model(_i & 1);
	if (_i & 2)
		phone_connect_tcp(caller);
	phone_invite(caller, "", "");
	phone_hear(caller, "200 INVITE");
	/* RFC 3261 section 13.3.1.4: the 200 is repeated after T1, doubled up to T2, until 64*T1 */
	stage_skip(&stage, 250);
	phone_hear_nothing(caller);
	stage_skip(&stage, 350);
	phone_hear(caller, "200 INVITE");
	stage_skip(&stage, 1000);
	phone_hear(caller, "200 INVITE");
	stage_skip(&stage, 2000);
	phone_hear(caller, "200 INVITE");
	for (; heard < 7; heard++) {
		stage_skip(&stage, 4000);
		phone_hear(caller, "200 INVITE");
	}
	stage_assert_halves(&stage, 1);
	stage_skip(&stage, 5000);
	ck_assert_uint_eq(stage.acts, 1);
	is_released();
}
END_TEST

START_TEST(feature_that_is_not_permitted_is_refused)
{
	open_model(_i);
	stage.act_error = EPERM;
	phone_invite(caller, "", "");
	phone_hear(caller, "403 INVITE");
	phone_has(caller, "Warning", "act failed");
	phone_has(caller, "Reason", "Q.850;cause=21");
	phone_ack_failure(caller);
	ck_assert_str_eq(stage.notes, "reject ");
	phone_hear_nothing(callee);
	stage_close(&stage);
}
END_TEST

START_TEST(feature_while_the_database_is_locked_hears_503_with_retry_after)
{
	open_model(_i);
	stage.act_error = EBUSY;
	phone_invite(caller, "", "");
	phone_hear(caller, "503 INVITE");
	phone_has(caller, "Warning", "act failed");
	ck_assert_str_ne(text_header(caller->heard, "Retry-After", 0), "");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(feature_that_requires_an_unknown_extension_is_refused)
{
	open_model(_i);
	phone_invite(caller, "Require: 100rel, bar, feature-ref, foo\r\n", "");
	phone_hear(caller, "420 INVITE");
	ck_assert_str_eq(text_header(caller->heard, "Unsupported", 0), "bar, foo");
	phone_has(caller, "Warning", "bar, foo");
	phone_ack_failure(caller);
	ck_assert_uint_eq(stage.acts, 0);
	stage_close(&stage);
}
END_TEST

/* Extensions that the INVITE of a call requires are for the called telephone to judge. */
START_TEST(call_may_require_any_extension)
{
	open_model(_i);
	stage.verdict = (struct verdict){ .kind = VERDICT_PASS, .rule = "" };
	phone_invite(caller, "Require: foo\r\n", "");
	phone_hear(callee, "INVITE");
	phone_has(callee, "Require", "foo");
	phone_answer(callee, 420, "Unsupported: foo\r\n", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "420 INVITE");
	ck_assert_str_eq(text_header(caller->heard, "Unsupported", 0), "foo");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(repeated_invite_of_a_feature_does_it_once)
{
	open_model(_i);
	phone_invite(caller, "", "");
	phone_hear(caller, "200 INVITE");
	phone_resend(caller);
	phone_await(caller, "200 INVITE");
	ck_assert_uint_eq(stage.acts, 1);
	phone_ack(caller);
	is_released();
}
END_TEST

START_TEST(caller_that_hangs_up_first_is_answered)
{
	open_model(_i);
	phone_invite(caller, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ask(caller, "BYE", "", "");
	phone_await(caller, "200 BYE");
	stage_skip(&stage, 10);
	stage_assert_halves(&stage, 0);
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_feature");
	TCase *both = tcase_create("both models");

	tcase_set_timeout(both, 20);
	tcase_add_loop_test(both, feature_is_done_once_confirmed_and_released, 0, 2);
	tcase_add_loop_test(both, feature_is_released_on_the_dialog_it_confirmed, 0, 2);
	tcase_add_loop_test(
		both, feature_of_a_caller_without_contact_is_released_at_its_address, 0,
		2);
	tcase_add_loop_test(both, feature_without_an_ack_is_confirmed_again_and_released,
			    0, 4);
	tcase_add_loop_test(both, feature_that_is_not_permitted_is_refused, 0, 2);
	tcase_add_loop_test(
		both, feature_while_the_database_is_locked_hears_503_with_retry_after, 0,
		2);
	tcase_add_loop_test(both, feature_that_requires_an_unknown_extension_is_refused,
			    0, 2);
	tcase_add_loop_test(both, call_may_require_any_extension, 0, 2);
	tcase_add_loop_test(both, repeated_invite_of_a_feature_does_it_once, 0, 2);
	tcase_add_loop_test(both, caller_that_hangs_up_first_is_answered, 0, 2);
	suite_add_tcase(suite, both);
	return suite;
}
