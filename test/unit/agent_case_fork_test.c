/* SPDX-License-Identifier: MIT */
/*
 * Several telephones ring for one INVITE (RFC 3261 sections 12.1 and 13.2.2.4): in the b2bua model
 * each is a dialog of its own for the caller, too.  With _i & 1 the telephones use TCP.
 */
#include "agent_peer.h"
#include "base/clock.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;
static char invite[PHONE_TEXT];		/* as the callees heard it */
static char desk[512], mobile[512];	/* To of each, as the caller hears it */

static void ring_as(const char *fork, int status)
{
	strcpy(callee->request, invite);
	phone_answer_as(callee, fork, status, "", "");
}

static void hear(const char *what, char *to)
{
	phone_hear(caller, what);
	strcpy(to, text_header(caller->heard, "To", 0));
}

static void call_both(bool is_stream)
{
	stage_open_model(&stage, 0);
	if (is_stream) {
		phone_connect_tcp(caller);
		phone_listen_tcp(callee);
	}
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	ring_as("desk", 180);
	hear("180 INVITE", desk);
	ring_as("mobile", 180);
	hear("180 INVITE", mobile);
	ck_assert_str_ne(desk, mobile);
}

static void ask(const char *to, const char *method, const char *tag)
{
	char answer[32];

	strcpy(caller->remote, to);
	phone_ask(caller, method, "", "");
	phone_hear(callee, method);
	phone_has(callee, "To", tag);
	phone_answer(callee, 200, "", "");
	snprintf(answer, sizeof answer, "200 %s", method);
	phone_hear(caller, answer);
	ck_assert_str_eq(text_header(caller->heard, "To", 0), to);
}

/* FORK asks; the caller hears it from the fork that it knows as FROM. */
static void ask_as(const char *fork, unsigned cseq, const char *from)
{
	strcpy(callee->request, invite);
	snprintf(callee->local, sizeof callee->local, "%s;tag=%s",
		 text_header(invite, "To", 0), fork);
	callee->cseq = cseq - 1;
	phone_ask(callee, "UPDATE", "", "");
	phone_hear(caller, "UPDATE");
	ck_assert_str_eq(text_header(caller->heard, "From", 0), from);
	phone_answer(caller, 200, "", "");
	phone_hear(callee, "200 UPDATE");
}

static void hang_up_all(void)
{
	ring_as("desk", 404);
	phone_hear(callee, "ACK");
	phone_hear(caller, "404 INVITE");
	phone_ack_failure(caller);
}

START_TEST(each_fork_has_a_tag_of_its_own)
{
	char again[512];

	call_both(_i & 1);
	ring_as("desk", 183);
	hear("183 INVITE", again);
	ck_assert_str_eq(again, desk);
	ring_as("mobile", 183);
	hear("183 INVITE", again);
	ck_assert_str_eq(again, mobile);
	hang_up_all();
	stage_close(&stage);
}
END_TEST

START_TEST(the_first_that_answers_has_the_call)
{
	char to[512];

	call_both(_i & 1);
	ring_as(_i & 2 ? "desk" : "mobile", 200);
	hear("200 INVITE", to);
	ck_assert_str_eq(to, _i & 2 ? desk : mobile);
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_has(callee, "To", _i & 2 ? "tag=desk" : "tag=mobile");
	ask(to, "INFO", _i & 2 ? "tag=desk" : "tag=mobile");
	/* The other's early dialog is over. */
	strcpy(caller->remote, _i & 2 ? mobile : desk);
	phone_ask(caller, "INFO", "", "");
	phone_hear(caller, "481 INFO");
	strcpy(caller->remote, to);
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* One that rang never: its tag is new, too. */
START_TEST(a_third_that_answers_at_once_has_the_call)
{
	char to[512];

	call_both(_i & 1);
	ring_as("office", 200);
	hear("200 INVITE", to);
	ck_assert_str_ne(to, desk);
	ck_assert_str_ne(to, mobile);
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_has(callee, "To", "tag=office");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

START_TEST(requests_of_the_caller_reach_the_fork_they_are_for)
{
	call_both(_i & 1);
	ask(desk, "UPDATE", "tag=desk");
	ask(mobile, "UPDATE", "tag=mobile");
	ask(desk, "INFO", "tag=desk");
	hang_up_all();
	stage_close(&stage);
}
END_TEST

/* Each counts for itself. */
START_TEST(requests_of_a_fork_reach_the_caller_in_its_dialog)
{
	char from_desk[512], from_mobile[512];

	call_both(_i & 1);
	strcpy(from_desk, desk);
	strcpy(from_mobile, mobile);
	ask_as("desk", 50, from_desk);
	ask_as("mobile", 7, from_mobile);
	ask_as("desk", 51, from_desk);
	ask_as("mobile", 8, from_mobile);
	hang_up_all();
	stage_close(&stage);
}
END_TEST

/* RFC 3261 section 15: BYE ends one early dialog; the others ring on. */
START_TEST(bye_of_one_early_dialog_ends_that_alone)
{
	char to[512];

	call_both(_i & 1);
	ask(mobile, "BYE", "tag=mobile");
	ring_as("desk", 200);
	hear("200 INVITE", to);
	ck_assert_str_eq(to, desk);
	phone_ack(caller);
	phone_hear(callee, "ACK");
	strcpy(caller->remote, desk);
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* A telephone that the call has left is another dialog than the one it goes to. */
START_TEST(the_next_target_has_another_tag)
{
	char second[512];

	stage_open_model(&stage, 0);
	stage.verdict.redirect[FORWARD_BUSY] =
		(struct redirect){ .destination = "2002", .rule = "forwarding" };
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	ring_as("desk", 180);
	hear("180 INVITE", desk);
	ring_as("desk", 486);
	phone_hear(callee, "ACK");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_hear(caller, "181 INVITE");
	/* The same text from another telephone. */
	ring_as("desk", 180);
	hear("180 INVITE", second);
	ck_assert_str_ne(second, desk);
	ask(second, "UPDATE", "tag=desk");
	ring_as("desk", 200);
	hear("200 INVITE", mobile);
	ck_assert_str_eq(mobile, second);
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

/* The clock stands still unless a test moves it. */
static void stop_clock(void)
{
	clock_set(1795253400000000, 1000000);
}

static void start_clock(void)
{
	clock_set(-1, -1);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_case_fork");
	TCase *all = tcase_create("forks");

	tcase_add_checked_fixture(all, stop_clock, start_clock);
	tcase_set_timeout(all, 20);
	tcase_add_loop_test(all, each_fork_has_a_tag_of_its_own, 0, 2);
	tcase_add_loop_test(all, the_first_that_answers_has_the_call, 0, 4);
	tcase_add_loop_test(all, a_third_that_answers_at_once_has_the_call, 0, 2);
	tcase_add_loop_test(all, requests_of_the_caller_reach_the_fork_they_are_for, 0,
			    2);
	tcase_add_loop_test(all, requests_of_a_fork_reach_the_caller_in_its_dialog, 0, 2);
	tcase_add_loop_test(all, bye_of_one_early_dialog_ends_that_alone, 0, 2);
	tcase_add_test(all, the_next_target_has_another_tag);
	suite_add_tcase(suite, all);
	return suite;
}
