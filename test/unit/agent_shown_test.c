/* SPDX-License-Identifier: MIT */
/*
 * What telephones show of half calls, and the line appearances that half calls occupy.  _i is the
 * call model: 0 is the back-to-back user agent, 1 the proxy.
 */
#include "agent_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;
static int wanted;	/* _i of the test that runs */

static void as_wanted(struct stage *s)
{
	s->settings.wire.is_proxy = wanted;
	s->settings.invite.is_evolution = true;
}

static void open_model(int model)
{
	wanted = model;
	stage_open(&stage, as_wanted);
}

/* Asserts what was shown since the last call of this function. */
static void shows(const char *expected)
{
	stage_run(&stage);
	ck_assert_str_eq(stage.shows, expected);
	stage.shows[0] = '\0';
}

static void holds_lines(size_t lines)
{
	struct agent_statistics now;

	agent_statistics(stage.agent, &now);
	ck_assert_uint_eq(now.stock.lines, lines);
}

START_TEST(called_station_shows_a_call_the_caller_ends)
{
	open_model(_i);
	stage_talk(&stage);
	shows("2001 recipient trying; 2001 recipient early; 2001 recipient confirmed; ");
	holds_lines(1);
	stage_hang_up(&stage, caller);
	shows("2001 recipient terminated/remote-bye; ");
	holds_lines(0);
	stage_close(&stage);
}
END_TEST

START_TEST(called_station_shows_that_it_hung_up)
{
	open_model(_i);
	stage_talk(&stage);
	stage.shows[0] = '\0';
	stage_hang_up(&stage, callee);
	shows("2001 recipient terminated/local-bye; ");
	stage_close(&stage);
}
END_TEST

START_TEST(calling_station_shows_a_call_that_is_refused)
{
	open_model(_i);
	stage.phase = "imsorig";
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	shows("2001 initiator proceeding; ");
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "486 INVITE");
	phone_ack_failure(caller);
	shows("2001 initiator terminated/rejected/486; ");
	holds_lines(0);
	stage_close(&stage);
}
END_TEST

static const struct hop onward = { .why = DIVERSION_BUSY, .to = "2002" };

static void forwards_when_busy(void)
{
	stage.verdict.redirect[FORWARD_BUSY] = (struct redirect){
		.destination = onward.to,
		.rule = "forwarding:busy",
		.hops = &onward,
		.hop_count = 1,
	};
}

/* The station called first shows the end of its dialog, and its line appearance is free. */
START_TEST(forwarded_call_leaves_the_station_and_its_line)
{
	open_model(_i);
	forwards_when_busy();
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "181 INVITE");
	phone_hear(callee, "INVITE");
	shows("2001 recipient trying; 2001 recipient terminated/rejected/486; ");
	holds_lines(0);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, caller);
	shows("");
	stage_close(&stage);
}
END_TEST

/* A proxy sends the callee's INVITE to the agent as imsterm, to USER; it takes the short way. */
static void goes_short(const char *user)
{
	static char invite[PHONE_TEXT];
	static struct phone proxy;

	phone_open(&stage, &proxy, "proxy", "127.0.0.1");
	snprintf(invite, sizeof invite,
		 "INVITE sip:%s@example.com SIP/2.0\r\n"
		 "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-%u-%s\r\n"
		 "Route: <sip:127.0.0.1:%u;lr;phase=imsterm;seq=explicit>\r\n"
		 "Route: <sip:127.0.0.1:%u;lr;odi=7f3a>\r\n%s\r\n",
		 user, proxy.port, proxy.port, user, stage.udp, proxy.port,
		 text_without(callee->request, "Via:Route:Record-Route:"));
	stage.station.extension = user;
	stage.verdict.is_shortcut = true;
	for (int i = 0; i < 2; i++) {
		phone_send(&proxy, invite, strlen(invite));
		phone_hear(&proxy, "INVITE");
		phone_has(&proxy, "Route", ";phase=termdone");
	}
	phone_close(&proxy);
}

/* Station 1001 calls 2001; the origination half runs the features of both. */
static void originates(void)
{
	stage.phase = "imsorig";
	stage.station.extension = "1001";
	stage.verdict.is_shortcut = true;
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	shows("1001 initiator proceeding; ");
}

START_TEST(short_call_shows_at_both_telephones)
{
	open_model(_i);
	originates();
	goes_short("2001");
	shows("2001 recipient trying; ");
	holds_lines(2);
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	shows("1001 initiator early; 2001 recipient early; ");
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	shows("1001 initiator confirmed; 2001 recipient confirmed; ");
	stage_hang_up(&stage, caller);
	shows("1001 initiator terminated/local-bye; 2001 recipient terminated/remote-bye; ");
	holds_lines(0);
	stage_close(&stage);
}
END_TEST

START_TEST(short_call_that_is_forwarded_moves_on)
{
	open_model(_i);
	forwards_when_busy();
	originates();
	goes_short("2001");
	shows("2001 recipient trying; ");
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "181 INVITE");
	phone_hear(callee, "INVITE");
	shows("2001 recipient terminated/rejected/486; ");
	holds_lines(1);
	goes_short("2002");
	shows("2002 recipient trying; ");
	holds_lines(2);
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	shows("1001 initiator confirmed; 2002 recipient confirmed; ");
	stage_hang_up(&stage, callee);
	shows("1001 initiator terminated/remote-bye; 2002 recipient terminated/local-bye; ");
	holds_lines(0);
	stage_close(&stage);
}
END_TEST

/* The proxy does not send the INVITE back: it ignores atrp, or the callee is elsewhere. */
START_TEST(call_that_does_not_come_back_short_shows_at_the_caller_alone)
{
	open_model(_i);
	originates();
	phone_answer(callee, 180, "", "");
	phone_hear(caller, "180 INVITE");
	shows("1001 initiator early; ");
	holds_lines(1);
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "486 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

/* The INVITE that takes the short way is to another number than the one the origination sent. */
START_TEST(short_call_to_another_number_shows_nothing)
{
	open_model(_i);
	originates();
	goes_short("2009");
	shows("");
	holds_lines(1);
	phone_answer(callee, 486, "", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "486 INVITE");
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_shown");
	TCase *both = tcase_create("both models");

	tcase_set_timeout(both, 20);
	tcase_add_loop_test(both, called_station_shows_a_call_the_caller_ends, 0, 2);
	tcase_add_loop_test(both, called_station_shows_that_it_hung_up, 0, 2);
	tcase_add_loop_test(both, calling_station_shows_a_call_that_is_refused, 0, 2);
	tcase_add_loop_test(both, forwarded_call_leaves_the_station_and_its_line, 0, 2);
	tcase_add_loop_test(both, short_call_shows_at_both_telephones, 0, 2);
	tcase_add_loop_test(both, short_call_that_is_forwarded_moves_on, 0, 2);
	tcase_add_loop_test(
		both, call_that_does_not_come_back_short_shows_at_the_caller_alone, 0, 2);
	tcase_add_loop_test(both, short_call_to_another_number_shows_nothing, 0, 2);
	suite_add_tcase(suite, both);
	return suite;
}
