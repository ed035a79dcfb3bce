/* SPDX-License-Identifier: MIT */
/* Faults of the SIP rooms that test/mutate made and no other test noticed. */
#include "half/visit.h"
#include "base/log.h"
#include "agent_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NO_ACK_MS = 33000 };	/* 64*T1 and one second more (RFC 3261 section 13.3.1.4) */

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

/* Gives PHONE the Routes of a proxy that asks for PHASE. */
static void go_by(struct phone *phone, const char *phase)
{
	snprintf(phone->route, sizeof phone->route,
		 "Route: <sip:127.0.0.1:%u;lr;phase=%s>\r\n"
		 "Route: <sip:127.0.0.1:%u;lr>\r\n",
		 stage.udp, phase, callee->port);
}

/* Sets the dialog of PHONE to a new call from 1001 to URI; its next request has no To tag. */
static void begin(struct phone *phone, const char *call_id, const char *uri)
{
	snprintf(phone->call_id, sizeof phone->call_id, "%s", call_id);
	snprintf(phone->local, sizeof phone->local, "<sip:1001@example.com>;tag=%s",
		 phone->tag);
	snprintf(phone->remote, sizeof phone->remote, "<%s>", uri);
	snprintf(phone->target, sizeof phone->target, "%s", uri);
}

/* In the proxy model a request of a dialog that is unknown, as after a restart, is forwarded. */
START_TEST(a_bye_of_an_unknown_dialog_is_forwarded)
{
	static const char *const methods[] = { "INFO", "BYE" };

	stage_open_model(&stage, 1);
	for (size_t i = 0; i < 2; i++) {
		char answer[32];

		begin(caller, "unknown@example.com", "sip:2001@example.com");
		strcat(caller->remote, ";tag=theirs");
		snprintf(caller->target, sizeof caller->target, "sip:2001@127.0.0.1:%u",
			 callee->port);
		snprintf(caller->route, sizeof caller->route,
			 "Route: <sip:127.0.0.1:%u;lr>\r\n", stage.udp);
		phone_ask(caller, methods[i], "", "");
		phone_hear(callee, methods[i]);
		phone_answer(callee, 200, "", "");
		snprintf(answer, sizeof answer, "200 %s", methods[i]);
		phone_hear(caller, answer);
	}
	stage_settle(&stage);
	stage_close(&stage);
}
END_TEST

struct ids {
	char first[32], second[32];
	enum half halves[2];
	unsigned count;
};

static void take_id(void *context, const struct visit_call *call)
{
	struct ids *ids = context;

	ck_assert_uint_lt(ids->count, 2);
	snprintf(ids->count ? ids->second : ids->first, sizeof ids->first, "%s",
		 call->id);
	ids->halves[ids->count++] = call->half;
}

/* The proxy keeps the Call-ID of the origdone INVITE in the imsterm INVITE. */
START_TEST(both_halves_of_a_call_have_one_id)
{
	struct ids ids = { .count = 0 };
	struct phone proxy;

	stage_open_model(&stage, 0);
	phone_open(&stage, &proxy, "proxy", "127.0.0.1");
	stage.phase = "imsorig";
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	begin(&proxy, callee->call_id, "sip:2001@example.com");
	go_by(&proxy, "imsterm");
	phone_ask(&proxy, "INVITE", "", "");
	phone_hear(callee, "INVITE");
	visit_calls(agent_stock(stage.agent), take_id, &ids);
	ck_assert_uint_eq(ids.count, 2);
	ck_assert_int_eq(ids.halves[0], HALF_ORIG);
	ck_assert_int_eq(ids.halves[1], HALF_TERM);
	ck_assert_str_eq(ids.first, ids.second);
	ck_assert_uint_eq(strlen(ids.first), 16);
	stage_settle(&stage);
	phone_close(&proxy);
	stage_close(&stage);
}
END_TEST

/* A Call-ID that only resembles one of this program gets an id of its own. */
START_TEST(a_call_id_that_resembles_ours_has_its_own_id)
{
	static const char *const call_ids[] = { "hc-0123456789abcdef0-1@example.com",
						"hc-0123456789abcde-1@example.com",
						"hc-0123456789abcdef.1@example.com",
						"hd-0123456789abcdef-1@example.com" };

	for (size_t i = 0; i < sizeof call_ids / sizeof *call_ids; i++) {
		struct ids ids = { .count = 0 };

		stage_open_model(&stage, 0);
		begin(caller, call_ids[i], "sip:2001@example.com");
		go_by(caller, "imsterm");
		phone_ask(caller, "INVITE", "", "");
		phone_hear(callee, "INVITE");
		visit_calls(agent_stock(stage.agent), take_id, &ids);
		ck_assert_uint_eq(strlen(ids.first), 16);
		ck_assert_str_ne(ids.first, "0123456789abcdef");
		stage_settle(&stage);
		stage_close(&stage);
	}
}
END_TEST

static size_t reservations(void)
{
	struct agent_statistics now;

	agent_statistics(stage.agent, &now);
	return now.stock.reservations;
}

static void dial(const char *tag)
{
	begin(caller, "off-hook@example.com", "sip:2001@example.com");
	if (tag)
		strcat(strcat(caller->remote, ";tag="), tag);
	go_by(caller, "imsorig");
	phone_ask(caller, "INVITE", "", "");
}

/* A dialled INVITE may have the To tag of the 183 to off-hook, and no other one. */
START_TEST(a_number_dialled_with_a_foreign_to_tag_is_no_call)
{
	stage_open_model(&stage, 0);
	begin(caller, "off-hook@example.com",
	      "sip:1001@example.com;avaya-cm-fnu=off-hook");
	go_by(caller, "imsorig");
	phone_ask(caller, "INVITE", "Expires: 30\r\n", "");
	phone_hear(caller, "183 INVITE");
	ck_assert_uint_eq(reservations(), 1);
	dial("foreign");
	phone_hear(caller, "481 INVITE");
	ck_assert_uint_eq(reservations(), 1);
	stage_assert_halves(&stage, 0);
	phone_hear_nothing(callee);
	dial(NULL);
	phone_await(caller, "484 INVITE");
	phone_hear(callee, "INVITE");
	stage_settle(&stage);
	stage_close(&stage);
}
END_TEST

START_TEST(a_routed_call_leaves_without_a_phase)
{
	stage_open(&stage, NULL);
	stage.phase = "terminating";
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_has(callee, "Route", "odi=7f3a");
	phone_lacks(callee, "Route", "phase");
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_await(caller, "486 INVITE");
	phone_ack_failure(caller);
	stage_settle(&stage);
	stage_close(&stage);
}
END_TEST

/* Both sides get a BYE; the half call ends when the later response has come. */
START_TEST(a_half_ends_when_each_bye_is_answered)
{
	struct phone *const first = _i ? caller : callee, *const second =
								  _i ? callee : caller;

	stage_open_model(&stage, 0);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	stage_skip(&stage, NO_ACK_MS);
	phone_await(callee, "BYE");
	phone_await(caller, "BYE");
	phone_answer(first, 200, "", "");
	stage_skip(&stage, 0);
	stage_assert_halves(&stage, 1);
	phone_answer(second, 200, "", "");
	stage_skip(&stage, 0);
	stage_assert_halves(&stage, 0);
	stage_settle(&stage);
	stage_close(&stage);
}
END_TEST

/* 199 ends an early dialog (RFC 6228), not the INVITE. */
START_TEST(a_199_is_provisional)
{
	stage_open_model(&stage, _i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	phone_answer(callee, 199, "", "");
	phone_hear(caller, "199 INVITE");
	stage.notes[0] = '\0';
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	ck_assert_str_eq(stage.notes, "answer ");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* 32 s after the 200 nothing of the INVITE is left but its dialog (RFC 6026). */
START_TEST(a_call_that_talks_has_no_transactions)
{
	struct agent_statistics now;

	stage_open_model(&stage, _i & 1);
	stage_talk(&stage);
	if (_i & 2) {
		phone_ask(caller, "INVITE", "", "offer");
		phone_hear(callee, "INVITE");
		phone_answer(callee, 200, "", "answer");
		phone_hear(caller, "200 INVITE");
		phone_ack(caller);
		phone_hear(callee, "ACK");
	}
	stage_skip(&stage, 40000);
	agent_statistics(stage.agent, &now);
	ck_assert_uint_eq(now.wire.server_transactions, 0);
	ck_assert_uint_eq(now.wire.client_transactions, 0);
	ck_assert_uint_eq(now.stock.halves, 1);
	stage_hang_up(&stage, callee);
	stage_close(&stage);
}
END_TEST

static const char *tag_in(const char *value)
{
	return strstr(value, ";tag=") + strlen(";tag=");
}

/* _i = 0: the dialog at the caller's station, 1: at the called station. */
START_TEST(a_shown_dialog_has_its_parties)
{
	char wanted[300];

	stage_open_model(&stage, 0);
	stage.phase = _i ? "imsterm" : "imsorig";
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	if (_i) {
		ck_assert_str_eq(stage.shown_call_id, callee->call_id);
		snprintf(wanted, sizeof wanted, "%s %s Bob 1001 Alice 1", callee->tag,
			 tag_in(text_header(callee->request, "From", 0)));
	} else {
		ck_assert_str_eq(stage.shown_call_id, caller->call_id);
		snprintf(wanted, sizeof wanted, "%s %s Bob 2001  1", caller->tag,
			 tag_in(text_header(caller->heard, "To", 0)));
	}
	ck_assert_str_eq(stage.shown, wanted);
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_await(caller, "486 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(every_2xx_answers)
{
	stage_open_model(&stage, _i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 299, "", "");
	phone_hear(caller, "299 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	ck_assert_str_eq(stage.notes, "pass answer ");
	stage_hang_up(&stage, caller);
	stage_close(&stage);
}
END_TEST

/* The callee's new Contact has a transport that is not known here. */
START_TEST(an_ack_that_cannot_be_sent_breaks_the_call)
{
	stage_open_model(&stage, 0);
	stage_talk(&stage);
	snprintf(callee->contact, sizeof callee->contact,
		 "<sip:callee@127.0.0.1;transport=sctp>");
	phone_ask(caller, "INVITE", "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	stage.notes[0] = '\0';
	phone_ack(caller);
	stage_run(&stage);
	ck_assert_msg(strncmp(stage.notes, "broken ", 7) == 0, "%s", stage.notes);
	ck_assert_str_eq(stage.rule, "broken:unknown-transport");
	stage_settle(&stage);
	stage_close(&stage);
}
END_TEST

/* The same after the callee has changed its Contact itself. */
START_TEST(a_request_that_cannot_be_sent_is_answered_500)
{
	stage_open_model(&stage, 0);
	stage_talk(&stage);
	snprintf(callee->contact, sizeof callee->contact,
		 "<sip:callee@127.0.0.1;transport=sctp>");
	phone_ask(callee, "UPDATE", "", "");
	phone_hear(caller, "UPDATE");
	phone_answer(caller, 200, "", "");
	phone_hear(callee, "200 UPDATE");
	phone_ask(caller, "INFO", "", "");
	phone_hear(caller, "500 INFO");
	phone_hear_nothing(callee);
	stage_assert_halves(&stage, 1);
	stage_settle(&stage);
	phone_ask(callee, "BYE", "", "");
	phone_hear(callee, "200 BYE");
	stage_settle(&stage);
	stage_close(&stage);
}
END_TEST

/* The first target was left, and no dialog with the next one exists yet. */
START_TEST(a_request_between_two_targets_is_answered_500)
{
	stage_open_model(&stage, 0);
	stage.verdict.redirect[FORWARD_BUSY] = (struct redirect){
		.destination = "2002",
		.rule = "forwarding:busy",
	};
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 183, "", "");
	phone_hear(caller, "183 INVITE");
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(callee, "INVITE");
	phone_hear(caller, "181 INVITE");
	phone_ask(caller, "INFO", "", "");
	phone_hear(caller, "500 INFO");
	stage_assert_halves(&stage, 1);
	stage_settle(&stage);
	stage_close(&stage);
}
END_TEST

START_TEST(members_are_counted)
{
	struct phone other;

	stage_open_model(&stage, _i);
	ck_assert_uint_eq(stock_members(agent_stock(stage.agent)), 0);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	ck_assert_uint_eq(stock_members(agent_stock(stage.agent)), 1);
	phone_open(&stage, &other, "other", "127.0.0.1");
	phone_invite(&other, "", "");
	phone_hear(callee, "INVITE");
	ck_assert_uint_eq(stock_members(agent_stock(stage.agent)), 2);
	stage_settle(&stage);
	ck_assert_uint_eq(stock_members(agent_stock(stage.agent)), 0);
	phone_close(&other);
	stage_close(&stage);
}
END_TEST

/* In the proxy model, a request of an unknown dialog that has no answer yet. */
START_TEST(an_agent_ends_with_requests_under_way)
{
	stage_open_model(&stage, 1);
	begin(caller, "unknown@example.com", "sip:2001@example.com");
	strcat(caller->remote, ";tag=theirs");
	snprintf(caller->target, sizeof caller->target, "sip:2001@127.0.0.1:%u",
		 callee->port);
	snprintf(caller->route, sizeof caller->route, "Route: <sip:127.0.0.1:%u;lr>\r\n",
		 stage.udp);
	phone_ask(caller, "INFO", "", "");
	phone_hear(callee, "INFO");
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	agent_free(stage.agent);
	loop_free(stage.loop);
	phone_close(caller);
	phone_close(callee);
}
END_TEST

/* The info line of a finished call is an interface (halfcalld(8)). */
START_TEST(a_finished_call_is_logged)
{
	static char text[2000];
	char line[200];
	int ends[2], before = dup(STDERR_FILENO);
	ssize_t length;
	const char *found;

	stage_open_model(&stage, _i);
	log_set_level(LOG_INFO);
	stage.verdict.rule = "some:rule";
	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	stage_talk(&stage);
	stage_hang_up(&stage, caller);
	stage_settle(&stage);
	dup2(before, STDERR_FILENO);
	close(before);
	length = read(ends[0], text, sizeof text - 1);
	close(ends[0]);
	text[length > 0 ? length : 0] = '\0';
	snprintf(line, sizeof line,
		 " half=term from=1001 to=2001 status=200 rule=some:rule total=");
	found = strstr(text, line);
	ck_assert_msg(strstr(text, "call=") && found && strstr(found, " talked="), "%s",
		      text);
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_survivor");
	TCase *tests = tcase_create("survivor");

	tcase_add_test(tests, a_bye_of_an_unknown_dialog_is_forwarded);
	tcase_add_test(tests, both_halves_of_a_call_have_one_id);
	tcase_add_test(tests, a_call_id_that_resembles_ours_has_its_own_id);
	tcase_add_test(tests, a_number_dialled_with_a_foreign_to_tag_is_no_call);
	tcase_add_test(tests, a_routed_call_leaves_without_a_phase);
	tcase_add_loop_test(tests, a_half_ends_when_each_bye_is_answered, 0, 2);
	tcase_add_loop_test(tests, a_199_is_provisional, 0, 2);
	tcase_add_loop_test(tests, a_call_that_talks_has_no_transactions, 0, 4);
	tcase_add_loop_test(tests, a_shown_dialog_has_its_parties, 0, 2);
	tcase_add_loop_test(tests, every_2xx_answers, 0, 2);
	tcase_add_test(tests, an_ack_that_cannot_be_sent_breaks_the_call);
	tcase_add_test(tests, a_request_that_cannot_be_sent_is_answered_500);
	tcase_add_test(tests, a_request_between_two_targets_is_answered_500);
	tcase_add_loop_test(tests, members_are_counted, 0, 2);
	tcase_add_test(tests, an_agent_ends_with_requests_under_way);
	tcase_add_loop_test(tests, a_finished_call_is_logged, 0, 2);
	suite_add_tcase(suite, tests);
	return suite;
}
