/* SPDX-License-Identifier: MIT */
/*
 * Reliable provisional responses (RFC 3262) on their way through: lost, overtaken, of several
 * forks, never acknowledged.  With _i & 1 the telephones use TCP; what is said of the proxy model
 * is a test of its own, because there RSeq and PRACK pass end to end.
 */
#include "agent_peer.h"
#include "base/clock.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;
static char invite[PHONE_TEXT];		/* as the callee heard it */
static char told[PHONE_TEXT];		/* the caller's 200 */

static void begin(int model, bool is_stream)
{
	stage_open_model(&stage, model);
	if (is_stream) {
		phone_connect_tcp(caller);
		phone_listen_tcp(callee);
	}
}

static void call(void)
{
	phone_invite(caller, "Supported: 100rel\r\n", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
}

/* The callee's FORK answers the INVITE reliably. */
static void ring_reliably(const char *fork, int status, unsigned rseq, const char *body)
{
	char headers[96];

	snprintf(headers, sizeof headers, "Require: 100rel\r\nRSeq: %u\r\n%s", rseq,
		 *body ? "Content-Type: application/sdp\r\n" : "");
	strcpy(callee->request, invite);
	phone_answer_as(callee, fork, status, headers, body);
}

static void answer_as(const char *fork, int status)
{
	strcpy(callee->request, invite);
	phone_answer_as(callee, fork, status, "", "");
}

struct heard {
	char to[512], rseq[16];
};

static struct heard hear_reliable(const char *what)
{
	struct heard heard;

	phone_hear(caller, what);
	phone_has(caller, "Require", "100rel");
	snprintf(heard.to, sizeof heard.to, "%s", text_header(caller->heard, "To", 0));
	snprintf(heard.rseq, sizeof heard.rseq, "%s",
		 text_header(caller->heard, "RSeq", 0));
	return heard;
}

/* The caller's PRACK reaches FORK with RAck WANTED. */
static void send_prack(const struct heard *heard, const char *fork, const char *wanted)
{
	char rack[64], tag[64];

	snprintf(rack, sizeof rack, "RAck: %s 1 INVITE\r\n", heard->rseq);
	snprintf(tag, sizeof tag, "tag=%s", fork);
	strcpy(caller->remote, heard->to);
	phone_ask(caller, "PRACK", rack, "");
	phone_hear(callee, "PRACK");
	phone_has(callee, "RAck", wanted);
	phone_has(callee, "To", tag);
}

static void acknowledge(const struct heard *heard, const char *fork, const char *wanted)
{
	send_prack(heard, fork, wanted);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 PRACK");
}

static bool is_silent(const struct phone *phone)
{
	char byte;

	stage_run(&stage);
	return recv(phone->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
}

static void refuse_all(void)
{
	answer_as("one", 404);
	phone_hear(callee, "ACK");
	phone_await(caller, "404 INVITE");
	phone_ack_failure(caller);
}

static void forward_without_answer(void)
{
	stage.verdict.redirect[FORWARD_NO_ANSWER] =
		(struct redirect){ .destination = "2002", .rule = "forwarding" };
	stage.verdict.ring_s = 20;
}

/* Whatever is said after it, a lost 183 is repeated until its PRACK. */
START_TEST(a_lost_183_is_repeated_while_others_follow)
{
	struct heard lost;

	begin(0, _i & 1);
	call();
	ring_reliably("one", 183, 7, "v=0\r\n");
	lost = hear_reliable("183 INVITE");
	answer_as("one", 180);
	phone_hear(caller, "180 INVITE");
	phone_lacks(caller, "Require", "100rel");
	answer_as("one", 199);
	phone_hear(caller, "199 INVITE");
	stage_skip(&stage, 400);
	ck_assert(is_silent(caller));
	stage_skip(&stage, 100);
	hear_reliable("183 INVITE");
	stage_skip(&stage, 1000);
	hear_reliable("183 INVITE");
	acknowledge(&lost, "one", "7 1 INVITE");
	stage_skip(&stage, 5000);
	ck_assert(is_silent(caller));
	refuse_all();
	stage_close(&stage);
}
END_TEST

/* The same when our own 181 follows, because the call has gone elsewhere. */
START_TEST(a_lost_183_is_repeated_while_our_181_follows)
{
	struct heard lost;
	char rack[64];

	begin(0, _i & 1);
	forward_without_answer();
	call();
	ring_reliably("one", 183, 7, "v=0\r\n");
	lost = hear_reliable("183 INVITE");
	stage_skip(&stage, 20100);
	phone_hear(callee, "CANCEL");
	phone_answer(callee, 200, "", "");
	phone_forget(caller);
	answer_as("one", 487);
	phone_hear(callee, "ACK");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer(callee, 100, "", "");
	phone_hear(caller, "181 INVITE");
	phone_lacks(caller, "Require", "100rel");
	stage_skip(&stage, 11600);		/* 500, 1500, 3500, 7500, 15500, 31500 */
	hear_reliable("183 INVITE");
	/* The telephone is gone: its PRACK is answered here. */
	snprintf(rack, sizeof rack, "RAck: %s 1 INVITE\r\n", lost.rseq);
	strcpy(caller->remote, lost.to);
	phone_ask(caller, "PRACK", rack, "");
	phone_hear(caller, "200 PRACK");
	phone_hear_nothing(callee);
	refuse_all();
	stage_close(&stage);
}
END_TEST

START_TEST(without_a_prack_both_sides_are_ended)
{
	begin(0, _i & 1);
	call();
	ring_reliably("one", 180, 7, "");
	hear_reliable("180 INVITE");
	for (unsigned i = 0; i < 15; i++)
		stage_skip(&stage, 2000);
	phone_forget(caller);
	stage_skip(&stage, 2000);
	phone_hear(caller, "500 INVITE");
	ck_assert_str_eq(stage.rule, "broken:no-prack");
	phone_ack_failure(caller);
	phone_hear(callee, "CANCEL");
	phone_answer(callee, 200, "", "");
	answer_as("one", 487);
	phone_hear(callee, "ACK");
	stage_skip(&stage, 10);
	stage_assert_halves(&stage, 0);
	stage_close(&stage);
}
END_TEST

/* Our own reliable 181, in either model (_i & 2: proxy). */
START_TEST(without_a_prack_of_our_181_both_sides_are_ended)
{
	begin(_i >> 1, _i & 1);
	stage.verdict.kind = VERDICT_FORWARD;
	stage.verdict.redirect[FORWARD_UNCONDITIONAL] =
		(struct redirect){ .destination = "2002", .rule = "forwarding" };
	phone_invite(caller, "Require: 100rel\r\n", "");
	phone_hear(callee, "INVITE");
	strcpy(invite, callee->request);
	phone_answer(callee, 100, "", "");
	hear_reliable("181 INVITE");
	for (unsigned i = 0; i < 15; i++)
		stage_skip(&stage, 2000);
	phone_forget(caller);
	stage_skip(&stage, 2000);
	phone_hear(caller, "500 INVITE");
	phone_ack_failure(caller);
	phone_hear(callee, "CANCEL");
	phone_answer(callee, 200, "", "");
	answer_as("one", 487);
	phone_hear(callee, "ACK");
	stage_skip(&stage, 10);
	stage_assert_halves(&stage, 0);
	stage_close(&stage);
}
END_TEST

START_TEST(a_200_waits_for_the_prack_of_a_183_with_sdp)
{
	struct heard first;

	begin(0, _i & 1);
	call();
	ring_reliably("one", 183, 7, "v=0\r\n");
	first = hear_reliable("183 INVITE");
	answer_as("one", 200);
	stage_skip(&stage, 400);
	ck_assert(is_silent(caller));
	stage_skip(&stage, 100);
	hear_reliable("183 INVITE");
	ck_assert(is_silent(caller));
	send_prack(&first, "one", "7 1 INVITE");
	phone_hear(caller, "200 INVITE");
	strcpy(told, caller->heard);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 PRACK");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_skip(&stage, 2000);
	ck_assert(is_silent(caller));
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(a_200_whose_prack_never_comes_is_hung_up)
{
	begin(0, _i & 1);
	call();
	ring_reliably("one", 183, 7, "v=0\r\n");
	hear_reliable("183 INVITE");
	answer_as("one", 200);
	for (unsigned i = 0; i < 15; i++)
		stage_skip(&stage, 2000);
	phone_forget(caller);
	stage_skip(&stage, 2000);
	phone_hear(caller, "500 INVITE");
	phone_ack_failure(caller);
	phone_hear(callee, "ACK");
	phone_hear(callee, "BYE");
	phone_answer(callee, 200, "", "");
	phone_hear_nothing(caller);
	stage_skip(&stage, 10);
	stage_assert_halves(&stage, 0);
	stage_close(&stage);
}
END_TEST

/* The caller gives up before it has heard of the answer. */
START_TEST(a_200_that_waits_is_hung_up_after_cancel)
{
	begin(0, _i & 1);
	call();
	ring_reliably("one", 183, 7, "v=0\r\n");
	hear_reliable("183 INVITE");
	answer_as("one", 200);
	phone_cancel(caller, "");
	phone_hear(caller, "200 CANCEL");
	phone_hear(caller, "487 INVITE");
	phone_ack_failure(caller);
	phone_hear(callee, "ACK");
	phone_hear(callee, "BYE");
	phone_answer(callee, 200, "", "");
	phone_hear_nothing(caller);
	stage_skip(&stage, 10);
	stage_assert_halves(&stage, 0);
	stage_close(&stage);
}
END_TEST

START_TEST(of_two_forks_one_is_acknowledged)
{
	struct heard one, two;

	begin(0, _i & 1);
	call();
	ring_reliably("one", 183, 5, "v=0\r\n");
	one = hear_reliable("183 INVITE");
	ring_reliably("two", 183, 5, "v=0\r\n");
	two = hear_reliable("183 INVITE");	/* each is a dialog of its own */
	ck_assert_str_ne(one.to, two.to);
	acknowledge(&one, "one", "5 1 INVITE");
	stage_skip(&stage, 500);
	ck_assert_str_eq(hear_reliable("183 INVITE").to, two.to);
	ck_assert(is_silent(caller));
	/* What is acknowledged holds nothing up. */
	answer_as("one", 200);
	phone_hear(caller, "200 INVITE");
	ck_assert_str_eq(text_header(caller->heard, "To", 0), one.to);
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_has(callee, "To", "tag=one");
	stage_skip(&stage, 5000);
	ck_assert(is_silent(caller));
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

START_TEST(of_two_forks_the_other_answers)
{
	struct heard one, two;

	begin(0, _i & 1);
	call();
	ring_reliably("one", 183, 5, "v=0\r\n");
	one = hear_reliable("183 INVITE");
	ring_reliably("two", 183, 5, "v=0\r\n");
	two = hear_reliable("183 INVITE");
	acknowledge(&one, "one", "5 1 INVITE");
	answer_as("two", 200);
	stage_skip(&stage, 400);
	ck_assert(is_silent(caller));
	send_prack(&two, "two", "5 1 INVITE");
	phone_hear(caller, "200 INVITE");
	strcpy(told, caller->heard);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 PRACK");
	ck_assert_str_eq(text_header(told, "To", 0), two.to);
	phone_ack(caller);
	phone_hear(callee, "ACK");
	phone_has(callee, "To", "tag=two");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

/* RFC 3262 section 3: the PRACK of what a final answer has overtaken is answered all the same. */
START_TEST(a_prack_after_the_failure_is_answered)
{
	struct heard one;
	char rack[64];

	begin(0, _i & 1);
	call();
	ring_reliably("one", 180, 7, "");
	one = hear_reliable("180 INVITE");
	answer_as("one", 486);
	phone_hear(callee, "ACK");
	phone_hear(caller, "486 INVITE");
	phone_ack_failure(caller);
	snprintf(rack, sizeof rack, "RAck: %s 1 INVITE\r\n", one.rseq);
	strcpy(caller->remote, one.to);
	phone_ask(caller, "PRACK", rack, "");
	phone_hear(caller, "200 PRACK");
	phone_hear_nothing(callee);
	stage_close(&stage);
}
END_TEST

START_TEST(a_prack_after_the_answer_is_answered)
{
	struct heard one;

	begin(0, _i & 1);
	call();
	ring_reliably("one", 180, 7, "");
	one = hear_reliable("180 INVITE");
	answer_as("one", 200);
	phone_hear(caller, "200 INVITE");
	acknowledge(&one, "one", "7 1 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

/* A proxy repeats none, passes each copy on, and so it does with PRACK and 200. */
START_TEST(a_proxy_passes_reliable_responses_end_to_end)
{
	struct heard first;

	begin(1, _i & 1);
	call();
	ring_reliably("one", 183, 7, "v=0\r\n");
	first = hear_reliable("183 INVITE");
	ck_assert_str_eq(first.rseq, "7");
	phone_has(caller, "To", "tag=one");
	answer_as("one", 180);
	phone_hear(caller, "180 INVITE");
	stage_skip(&stage, 5000);
	ck_assert(is_silent(caller));
	ring_reliably("one", 183, 7, "v=0\r\n");
	hear_reliable("183 INVITE");
	answer_as("one", 200);
	phone_hear(caller, "200 INVITE");
	acknowledge(&first, "one", "7 1 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, caller);
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
	Suite *suite = suite_create("agent_case_reliable");
	TCase *all = tcase_create("reliable");

	tcase_add_checked_fixture(all, stop_clock, start_clock);
	tcase_set_timeout(all, 20);
	tcase_add_loop_test(all, a_lost_183_is_repeated_while_others_follow, 0, 2);
	tcase_add_loop_test(all, a_lost_183_is_repeated_while_our_181_follows, 0, 2);
	tcase_add_loop_test(all, without_a_prack_both_sides_are_ended, 0, 2);
	tcase_add_loop_test(all, without_a_prack_of_our_181_both_sides_are_ended, 0, 4);
	tcase_add_loop_test(all, a_200_waits_for_the_prack_of_a_183_with_sdp, 0, 2);
	tcase_add_loop_test(all, a_200_whose_prack_never_comes_is_hung_up, 0, 2);
	tcase_add_loop_test(all, a_200_that_waits_is_hung_up_after_cancel, 0, 2);
	tcase_add_loop_test(all, of_two_forks_one_is_acknowledged, 0, 2);
	tcase_add_loop_test(all, of_two_forks_the_other_answers, 0, 2);
	tcase_add_loop_test(all, a_prack_after_the_failure_is_answered, 0, 2);
	tcase_add_loop_test(all, a_prack_after_the_answer_is_answered, 0, 2);
	tcase_add_loop_test(all, a_proxy_passes_reliable_responses_end_to_end, 0, 2);
	suite_add_tcase(suite, all);
	return suite;
}
