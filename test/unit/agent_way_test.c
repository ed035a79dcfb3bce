/* SPDX-License-Identifier: MIT */
/*
 * The way of a request: it is sent where its Route leads, and Via, Contact and Record-Route name the
 * socket it is sent from.  If it cannot be sent, or no response comes, the journal has the reason.
 * _i is the call model: 0 is the back-to-back user agent, 1 the proxy.
 */
#include "agent_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

static bool is_proxy;

static void with_tcp_proxy(struct stage *s)
{
	s->settings.wire.is_proxy = is_proxy;
	s->proxies[0].address.transport = "tcp";
}

static void with_tcp_alone(struct stage *s)
{
	with_tcp_proxy(s);
	s->listen[0].transport = "tcp";
	s->settings.wire.listen_count = 1;
}

static void open_with(int model, void (*setup)(struct stage *s))
{
	is_proxy = model;
	stage_open(&stage, setup);
}

/* The host of the way back is a name: the request goes to the proxy's configured address. */
static void invite_by_name(void)
{
	char routes[512];

	snprintf(routes, sizeof routes,
		 "Route: <sip:127.0.0.1:%u;transport=tcp;lr;phase=imsterm>\r\n"
		 "Route: <sip:sm.example.com;lr;odi=1>\r\n",
		 stage.tcp);
	phone_invite_by(caller, routes, "", "");
}

static void assert_tcp_throughout(void)
{
	char here[64];

	snprintf(here, sizeof here, "127.0.0.1:%u;transport=tcp", stage.tcp);
	phone_hear(callee, "INVITE");
	phone_has(callee, "Via", "SIP/2.0/TCP");
	phone_has(callee, "Route", "sm.example.com");
	phone_has(callee, is_proxy ? "Record-Route" : "Contact", here);
}

static void talk_by_tcp(void)
{
	phone_connect_tcp(caller);
	phone_listen_tcp(callee);
	invite_by_name();
	assert_tcp_throughout();
	phone_answer(callee, 200, "", "");
	phone_hear(caller, "200 INVITE");
	phone_ack(caller);
	phone_hear(callee, "ACK");
	stage_hang_up(&stage, caller);
}

START_TEST(way_back_with_a_name_leaves_by_the_only_listener)
{
	open_with(_i, with_tcp_alone);
	talk_by_tcp();
	stage_close(&stage);
}
END_TEST

START_TEST(way_back_with_a_name_names_the_listener_it_leaves_from)
{
	open_with(_i, with_tcp_proxy);
	talk_by_tcp();
	stage_close(&stage);
}
END_TEST

static void invite_back_to(const char *way_back)
{
	char routes[512];

	snprintf(routes, sizeof routes,
		 "Route: <sip:127.0.0.1:%u;lr;phase=imsterm>\r\nRoute: <%s>\r\n",
		 stage.udp, way_back);
	phone_invite_by(caller, routes, "", "");
}

static void assert_broken(const char *rule, const char *reason)
{
	phone_hear(caller, "500 INVITE");
	phone_ack_failure(caller);
	ck_assert_str_eq(stage.notes, "broken ");
	ck_assert_str_eq(stage.rule, rule);
	ck_assert_msg(strstr(stage.reason, reason) != NULL, "%s", stage.reason);
	phone_hear_nothing(callee);
}

START_TEST(way_back_that_no_listener_fits_is_told)
{
	stage_open_model(&stage, _i);
	invite_back_to("sip:[::1]:5062;lr");
	assert_broken("broken:no-listener", "sip:[::1]:5062");
	stage_close(&stage);
}
END_TEST

START_TEST(way_back_to_ourselves_is_told)
{
	char here[64];

	stage_open_model(&stage, _i);
	snprintf(here, sizeof here, "sip:127.0.0.1:%u;lr", stage.udp);
	invite_back_to(here);
	assert_broken("broken:loop", here);
	stage_close(&stage);
}
END_TEST

START_TEST(way_back_by_another_transport_is_told)
{
	stage_open_model(&stage, _i);
	invite_back_to("sip:127.0.0.1:5062;transport=sctp;lr");
	assert_broken("broken:unknown-transport", "transport=sctp");
	stage_close(&stage);
}
END_TEST

/* Ways back that lib/feature refuses; in this test they only appear as a fact. */
static const char *const senseless[] = {
	"sip:127.0.0.1:5062;transport=@x@",
	"sip:sm.example.com;lr;transport=@x@",
	"sip:127.0.0.1:5062;transport=x_x;lr",
};

START_TEST(way_back_that_cannot_be_sent_to_is_a_fact)
{
	stage_open_model(&stage, _i & 1);
	invite_back_to(senseless[_i / 2]);
	stage_run(&stage);
	ck_assert_str_eq(stage.way_back, senseless[_i / 2]);
	phone_forget(caller);
	phone_ack_failure(caller);
	stage_close(&stage);
}
END_TEST

START_TEST(next_hop_that_refuses_is_told_from_a_503_of_its_own)
{
	open_with(_i, with_tcp_proxy);
	invite_back_to("sip:127.0.0.1:1;transport=tcp;lr");
	phone_hear(caller, "503 INVITE");
	phone_has(caller, "Warning", "sip:127.0.0.1:1;transport=tcp");
	phone_ack_failure(caller);
	ck_assert_str_eq(stage.notes, "pass failure ");
	ck_assert_msg(strstr(stage.reason, "no connection to sip:127.0.0.1:1") != NULL,
		      "%s", stage.reason);
	stage_close(&stage);
}
END_TEST

START_TEST(a_503_of_the_next_hop_has_no_reason_in_the_journal)
{
	stage_open_model(&stage, _i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	phone_answer(callee, 503, "Warning: 399 far \"away\"\r\n", "");
	phone_hear(callee, "ACK");
	phone_hear(caller, "503 INVITE");
	phone_has(caller, "Warning", "far \"away\"");
	phone_ack_failure(caller);
	ck_assert_str_eq(stage.notes, "pass failure ");
	ck_assert_str_eq(stage.reason, "");
	stage_close(&stage);
}
END_TEST

START_TEST(next_hop_that_says_nothing_is_told_as_such)
{
	stage_open_model(&stage, _i);
	phone_invite(caller, "", "");
	phone_hear(callee, "INVITE");
	stage_settle(&stage);
	ck_assert_str_eq(stage.notes, "pass failure ");
	ck_assert_msg(strstr(stage.reason, "did not answer in time") != NULL, "%s",
		      stage.reason);
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_way");
	TCase *both = tcase_create("both models");

	tcase_set_timeout(both, 20);
	tcase_add_loop_test(both, way_back_with_a_name_leaves_by_the_only_listener, 0, 2);
	tcase_add_loop_test(both, way_back_with_a_name_names_the_listener_it_leaves_from,
			    0, 2);
	tcase_add_loop_test(both, way_back_that_no_listener_fits_is_told, 0, 2);
	tcase_add_loop_test(both, way_back_to_ourselves_is_told, 0, 2);
	tcase_add_loop_test(both, way_back_by_another_transport_is_told, 0, 2);
	tcase_add_loop_test(both, way_back_that_cannot_be_sent_to_is_a_fact, 0, 6);
	tcase_add_loop_test(both, next_hop_that_refuses_is_told_from_a_503_of_its_own, 0,
			    2);
	tcase_add_loop_test(both, a_503_of_the_next_hop_has_no_reason_in_the_journal, 0,
			    2);
	tcase_add_loop_test(both, next_hop_that_says_nothing_is_told_as_such, 0, 2);
	suite_add_tcase(suite, both);
	return suite;
}
