/* SPDX-License-Identifier: MIT */
/*
 * The short way of the evolution server: an imsterm INVITE with atrp=shortcut is sent back at once,
 * and an imsorig INVITE gets that parameter.  With _i & 1 the model is the proxy, with _i & 2 the
 * telephones use TCP.
 */
#include "agent_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;
static int wanted;	/* _i of the test that runs */

static const char shortcut[] = "Accept-Contact: *;atrp=shortcut\r\n";

static void as_evolution(struct stage *s)
{
	s->settings.invite.is_evolution = true;
	s->settings.wire.is_proxy = wanted & 1;
}

static void open_evolution(int variant)
{
	wanted = variant;
	stage_open(&stage, as_evolution);
	stage.verdict.is_shortcut = true;
	stage.verdict.rule = "shortcut";
	if (variant & 2) {
		phone_connect_tcp(caller);
		phone_listen_tcp(callee);
	}
}

/* The agent must never hold a call, dialog or transaction for the short way. */
static void assert_nothing_held(void)
{
	struct agent_statistics now;

	stage_run(&stage);
	stage_assert_empty(&stage);
	agent_statistics(stage.agent, &now);
	ck_assert_uint_eq(now.stock.calls, 0);
}

/* Asserts that the INVITE differs from the one sent in Max-Forwards, Route and Via only. */
static void assert_unchanged(void)
{
	char call_id[128];

	snprintf(call_id, sizeof call_id, "%s", caller->call_id);
	ck_assert_str_eq(text_header(callee->heard, "Call-ID", 0), call_id);
	ck_assert_str_eq(text_header(callee->heard, "CSeq", 0), "1 INVITE");
	phone_has(callee, "From", ";tag=caller1");
	phone_has(callee, "Contact", "caller@127.0.0.1");
	phone_has(callee, "Max-Forwards", "69");
	phone_has(callee, "Route", ";phase=termdone");
	phone_has(callee, "Route", ";odi=7f3a");
	phone_lacks(callee, "Route", "imsterm");
	ck_assert_str_eq(text_header(callee->heard, "Record-Route", 0), "");
	ck_assert_str_eq(text_header(callee->heard, "Alert-Info", 0), "");
	ck_assert_str_eq(text_header(callee->heard, "History-Info", 0), "");
	ck_assert_str_eq(text_header(callee->heard, "User-Agent", 0), "Phone/1");
}

START_TEST(call_goes_straight_back_and_is_seen_no_more)
{
	char headers[256];

	open_evolution(_i);
	snprintf(
		headers, sizeof headers,
		"%sUser-Agent: Phone/1\r\nProxy-Authorization: Digest username=\"1001\"\r\n",
		shortcut);
	phone_invite(caller, headers, "v=0\r\n");
	phone_hear(callee, "INVITE");
	assert_unchanged();
	ck_assert_str_eq(text_header(callee->heard, "Proxy-Authorization", 0), "");
	ck_assert_str_eq(text_body(callee->heard), "v=0\r\n");
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	phone_answer(callee, 200, "", "v=1\r\n");
	phone_hear(caller, "200 INVITE");
	ck_assert_str_eq(text_body(caller->heard), "v=1\r\n");
	ck_assert_str_eq(text_header(caller->heard, "Via", 1), "");
	phone_answer(callee, 200, "", "v=1\r\n");
	phone_hear(caller, "200 INVITE");
	ck_assert_str_eq(stage.notes, "pass ");
	assert_nothing_held();
	stage_close(&stage);
}
END_TEST

START_TEST(repeated_invite_takes_the_same_branch)
{
	char branch[256];

	open_evolution(_i);
	phone_invite(caller, shortcut, "");
	phone_hear(callee, "INVITE");
	snprintf(branch, sizeof branch, "%s", text_header(callee->heard, "Via", 0));
	phone_resend(caller);
	phone_hear(callee, "INVITE");
	ck_assert_str_eq(text_header(callee->heard, "Via", 0), branch);
	phone_invite(caller, shortcut, "");
	phone_hear(callee, "INVITE");
	ck_assert_str_ne(text_header(callee->heard, "Via", 0), branch);
	assert_nothing_held();
	stage_close(&stage);
}
END_TEST

START_TEST(cancel_and_the_ack_of_the_failure_follow)
{
	char branch[256];

	open_evolution(_i);
	phone_invite(caller, shortcut, "");
	phone_hear(callee, "INVITE");
	snprintf(branch, sizeof branch, "%s", text_header(callee->heard, "Via", 0));
	phone_answer(callee, 100, "", "");
	phone_hear(caller, "100 INVITE");
	phone_cancel(caller, "Reason: SIP;cause=200\r\n");
	phone_hear(callee, "CANCEL");
	ck_assert_str_eq(text_header(callee->heard, "Via", 0), branch);
	phone_has(callee, "Route", ";phase=termdone");
	phone_has(callee, "Reason", "cause=200");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 CANCEL");
	phone_ack_failure(caller);
	phone_hear(callee, "ACK");
	ck_assert_str_eq(text_header(callee->heard, "Via", 0), branch);
	phone_has(callee, "Route", ";phase=termdone");
	assert_nothing_held();
	stage_close(&stage);
}
END_TEST

/* A reload with call.server = "feature" while the callee rings. */
START_TEST(cancel_follows_though_the_server_has_become_another)
{
	open_evolution(_i);
	phone_invite(caller, shortcut, "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 100, "", "");
	phone_hear(caller, "100 INVITE");
	stage.settings.invite.is_evolution = false;
	stage_reload(&stage);
	phone_cancel(caller, "");
	phone_hear(callee, "CANCEL");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 CANCEL");
	assert_nothing_held();
	stage_close(&stage);
}
END_TEST

START_TEST(cancel_of_an_origination_goes_no_short_way)
{
	open_evolution(_i);
	phone_invite(caller, shortcut, "");
	phone_hear(callee, "INVITE");
	stage.phase = "imsorig";
	phone_cancel(caller, "");
	phone_hear(caller, "481 CANCEL");
	phone_hear_nothing(callee);
	assert_nothing_held();
	stage_close(&stage);
}
END_TEST

START_TEST(short_way_takes_no_trunk_member)
{
	open_evolution(_i);
	stage.members = 1;
	for (unsigned i = 0; i < 3; i++) {
		phone_invite(caller, shortcut, "");
		phone_hear(callee, "INVITE");
	}
	stage.verdict.is_shortcut = false;
	stage_talk(&stage);
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

static const struct {
	const char *header;
	bool is_shortcut;
} spellings[] = {
	{ "Accept-Contact: *;atrp=shortcut", true },
	{ "Accept-Contact: *;atrp=\"shortcut\"", true },
	{ "Accept-Contact: *;+atrp=shortcut", true },
	{ "Accept-Contact: *;+atrp=\"ShortCut\"", true },
	{ "accept-contact: *; ATRP = ShortCut", true },
	{ "Accept-Contact: *;explicit;atrp=shortcut;require", true },
	{ "Accept-Contact: *;audio, *;atrp=shortcut", true },
	{ "Accept-Contact: *;audio\r\nAccept-Contact: *;atrp=shortcut", true },
	{ "a: *;atrp=shortcut", true },
	{ "Accept-Contact: *;atrp=shortcuts", false },
	{ "Accept-Contact: *;atrp=\"shortcut", false },
	{ "Accept-Contact: *;atrp", false },
	{ "Accept-Contact: *;patrp=shortcut", false },
	{ "Accept-Contact: *;++atrp=shortcut", false },
	{ "Reject-Contact: *;atrp=shortcut", false },
};

START_TEST(every_spelling_is_read)
{
	char header[256];

	open_evolution(0);
	snprintf(header, sizeof header, "%s\r\n", spellings[_i].header);
	phone_invite(caller, header, "");
	phone_hear(callee, "INVITE");
	if (spellings[_i].is_shortcut)
		assert_nothing_held();
	else
		stage_assert_halves(&stage, 1);
	stage_close(&stage);
}
END_TEST

START_TEST(feature_server_takes_no_notice)
{
	open_evolution(_i);
	stage.settings.invite.is_evolution = false;
	stage_reload(&stage);
	stage.verdict.is_shortcut = false;
	phone_invite(caller, shortcut, "");
	phone_hear(callee, "INVITE");
	phone_has(callee, "Accept-Contact", "*;atrp=shortcut");
	ck_assert_str_eq(stage.notes, "pass ");
	stage_assert_halves(&stage, 1);
	stage_close(&stage);
}
END_TEST

START_TEST(shortcut_to_a_number_that_is_no_station_runs_the_features)
{
	open_evolution(_i);
	stage.is_unserved = true;
	stage.verdict.is_outside = true;
	stage.verdict.is_shortcut = false;
	phone_invite(caller, shortcut, "");
	phone_hear(callee, "INVITE");
	stage_assert_halves(&stage, 1);
	ck_assert_str_eq(stage.notes, "shortcut pass ");
	ck_assert_uint_eq(stage.decisions, 1);
	stage_close(&stage);
}
END_TEST

START_TEST(short_way_of_a_call_that_is_refused_is_refused)
{
	open_evolution(_i);
	stage.is_unreadable = true;
	phone_invite(caller, shortcut, "");
	phone_hear(caller, "500 INVITE");
	phone_has(caller, "Warning", "cannot be read");
	phone_ack_failure(caller);
	ck_assert_str_eq(stage.notes, "reject ");
	stage_close(&stage);
}
END_TEST

/* The origination half. */

START_TEST(origination_says_that_both_features_were_run)
{
	open_evolution(_i);
	stage.phase = "imsorig";
	phone_invite(caller, "Accept-Contact: *;audio, *;video\r\n", "");
	phone_hear(callee, "INVITE");
	phone_has(callee, "Route", ";phase=origdone");
	ck_assert_ptr_nonnull(strstr(callee->heard, "*;audio"));
	ck_assert_ptr_nonnull(strstr(callee->heard, "*;video"));
	ck_assert_ptr_nonnull(strstr(callee->heard, "*;atrp=shortcut"));
	stage_close(&stage);
}
END_TEST

START_TEST(origination_removes_a_shortcut_that_does_not_hold)
{
	open_evolution(_i);
	stage.phase = "imsorig";
	stage.verdict.is_shortcut = false;
	phone_invite(caller, "Accept-Contact: *;audio, *;atrp=\"shortcut\", *;video\r\n",
		     "");
	phone_hear(callee, "INVITE");
	ck_assert_ptr_nonnull(strstr(callee->heard, "*;audio"));
	ck_assert_ptr_nonnull(strstr(callee->heard, "*;video"));
	ck_assert_ptr_null(strstr(callee->heard, "shortcut"));
	stage_close(&stage);
}
END_TEST

static void forward(bool is_outside)
{
	stage.phase = "imsorig";
	stage.verdict.kind = VERDICT_FORWARD;
	stage.verdict.redirect[FORWARD_UNCONDITIONAL] =
		(struct redirect){ .destination = "2002",
				   .rule = "forwarding:unconditional",
				   .is_outside = is_outside };
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_has(callee, "Route", ";phase=origdone");
	ck_assert_int_eq(strncmp(callee->heard, "INVITE sip:2002@", 16), 0);
}

START_TEST(forwarded_origination_says_that_both_features_were_run)
{
	open_evolution(_i);
	forward(false);
	phone_has(callee, "Accept-Contact", "*;atrp=shortcut");
	stage_close(&stage);
}
END_TEST

START_TEST(forwarding_as_origdone_does_not_say_so)
{
	open_evolution(_i);
	stage.settings.invite.forwards_as_origdone = true;
	stage_reload(&stage);
	forward(false);
	ck_assert_ptr_null(strstr(callee->heard, "shortcut"));
	stage_close(&stage);
}
END_TEST

START_TEST(forwarding_to_outside_does_not_say_so)
{
	open_evolution(_i);
	forward(true);
	ck_assert_ptr_null(strstr(callee->heard, "shortcut"));
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_shortcut");
	TCase *back = tcase_create("straight back"), *says = tcase_create("says so");

	tcase_set_timeout(back, 20);
	tcase_set_timeout(says, 20);
	tcase_add_loop_test(back, call_goes_straight_back_and_is_seen_no_more, 0, 4);
	tcase_add_loop_test(back, repeated_invite_takes_the_same_branch, 0, 4);
	tcase_add_loop_test(back, cancel_and_the_ack_of_the_failure_follow, 0, 4);
	tcase_add_loop_test(back, cancel_follows_though_the_server_has_become_another, 0,
			    4);
	tcase_add_loop_test(back, cancel_of_an_origination_goes_no_short_way, 0, 4);
	tcase_add_loop_test(back, short_way_takes_no_trunk_member, 0, 4);
	tcase_add_loop_test(back, every_spelling_is_read, 0, (int)COUNT(spellings));
	tcase_add_loop_test(back, feature_server_takes_no_notice, 0, 2);
	tcase_add_loop_test(
		back, shortcut_to_a_number_that_is_no_station_runs_the_features, 0, 2);
	tcase_add_loop_test(back, short_way_of_a_call_that_is_refused_is_refused, 0, 2);
	tcase_add_loop_test(says, origination_says_that_both_features_were_run, 0, 2);
	tcase_add_loop_test(says, origination_removes_a_shortcut_that_does_not_hold, 0,
			    2);
	tcase_add_loop_test(says, forwarded_origination_says_that_both_features_were_run,
			    0, 2);
	tcase_add_loop_test(says, forwarding_as_origdone_does_not_say_so, 0, 2);
	tcase_add_loop_test(says, forwarding_to_outside_does_not_say_so, 0, 2);
	suite_add_tcase(suite, back);
	suite_add_tcase(suite, says);
	return suite;
}
