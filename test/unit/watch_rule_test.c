/* SPDX-License-Identifier: MIT */
/* Each rule: a proxy that breaks it gives its finding and no other, one that does not gives none. */
#include "watch_peer.h"

#include "unit.h"

#include <string.h>

static const struct scene *const scenes[] = {
	&chain_scene, &cancel_scene, &phone_scene,    &trunk_scene, &event_scene,
	&forks_scene, &trying_scene, &recorded_scene, &passed_scene
};

START_TEST(a_proxy_that_does_all_right_gives_no_finding)
{
	const struct scene *scene = scenes[_i];
	const char *told = watch_peer_play(scene, NULL, NULL);

	ck_assert_msg(*told == '\0', "%s: %s: %s", scene->name, told, watch_peer_said);
}
END_TEST

#define ROUTE_TERM "Route: <sip:192.0.2.10:5062;lr;phase=imsterm;seq=explicit>\n"
#define VIA_ORIG "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-orig\n"

/* clang-format off */
static const struct wrong {
	const struct scene *scene;
	const char *finding;
	struct change change;
} wrongs[] = {
	{ &chain_scene, "route-lost", { 4, "Route: <sip:192.0.2.5:5060;lr;odi=7f3a>\n", "" } },
	{ &recorded_scene, "route-lost", { 2, "Route: <sip:192.0.2.10:5062;lr>\n", "" } },
	{ &chain_scene, "phase-order", { 4, "phase=imsterm", "phase=imsorig" } },
	{ &chain_scene, "phase-order", { 0, "phase=imsorig", "phase=origdone" } },
	{ &chain_scene, "phase-order", { 0, "phase=imsorig", "phase=sideways" } },
	{ &chain_scene, "phase-order", { 0, "phase=imsorig", "phase=imsorig;phase=imsterm" } },
	{ &chain_scene, "phase-lost", { 4, "phase=imsterm;", "" } },
	{ &forks_scene, "phase-lost", { 0, "phase=termdone", "phase=origdone" } },
	{ &phone_scene, "phase-leaked",
	  { 5, "Record-Route: <sip:192.0.2.5:5060;lr>", "Record-Route: <sip:192.0.2.5:5060;lr;phase=termdone>" } },
	{ &phone_scene, "phase-leaked", { 5, "sip:2001@192.0.2.45", "sip:2001@192.0.2.45;phase=termdone" } },
	{ &chain_scene, "seq-lost", { 4, ";seq=explicit", "" } },
	{ &trunk_scene, "wrong-half", { 2, "phase=imsterm", "phase=imsorig" } },
	{ &trunk_scene, "wrong-half", { 3, "busy today", "there is no station 2001 here" } },
	{ &phone_scene, "wrong-half", { 2, "phase=imsorig", "phase=imsterm" } },
	{ &chain_scene, "max-forwards", { 4, "Max-Forwards: 68", "Max-Forwards: 69" } },
	{ &chain_scene, "max-forwards", { 4, "Max-Forwards: 68\n", "" } },
	{ &chain_scene, "via", { 0, "z9hG4bK-sm1", "sm1" } },
	{ &chain_scene, "via", { 4, VIA_ORIG, "" } },
	{ &chain_scene, "via", { 14, VIA_ORIG, VIA_ORIG "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK-x\n" } },
	{ &chain_scene, "record-route", { 4, "sip:192.0.2.5:5060;lr>\n", "sip:192.0.2.5:5060>\n" } },
	{ &chain_scene, "record-route", { 14, "Record-Route: <sip:192.0.2.5:5060;lr>\n", "" } },
	{ &chain_scene, "header-lost", { 4, "Subject: Lunch, today\n", "" } },
	{ &chain_scene, "header-lost", { 14, "Warning: 399 x \"y\"\n", "" } },
	{ &chain_scene, "header-changed", { 4, "Subject: Lunch, today", "Subject: Lunch, tomorrow" } },
	{ &chain_scene, "header-changed", { 14, "Server: Phone/2", "Server: Proxy/3" } },
	{ &phone_scene, "header-changed", { 2, ";avaya-cm-fnu=x", "" } },
	{ &chain_scene, "body-changed", { 4, "v=0\n", "v=1\n" } },
	{ &chain_scene, "body-changed", { 4, "v=0\n", "v=0\ns=-\n" } },
	{ &chain_scene, "body-changed", { 4, "application/sdp", "text/plain" } },
	{ &chain_scene, "history-shortened", { 4, ",\n <sip:2001@example.com>;index=1.1", "" } },
	{ &chain_scene, "history-shortened", { 4, "index=1.1", "index=1.2" } },
	{ &chain_scene, "identity-changed", { 4, "P-Asserted-Identity: \"Alice\"", "P-Asserted-Identity: \"Bob\"" } },
	{ &chain_scene, "identity-changed", { 4, "To: <sip:2001@", "To: <sip:2002@" } },
	{ &chain_scene, "credentials-passed", { 0, "Subject", "Proxy-Authorization: Digest username=\"1001\"\nSubject" } },
	{ &chain_scene, "tag-changed", { 4, ";tag=b1", ";tag=b9" } },
	{ &chain_scene, "tag-changed", { 21, ";tag=b2", ";tag=b9" } },
	{ &chain_scene, "contact-changed", { 4, "sip:1001@192.0.2.10:5062>", "sip:1001@192.0.2.5>" } },
	{ &chain_scene, "contact-changed", { 14, "sip:2001@192.0.2.10>", "sip:2001@192.0.2.5>" } },
	{ &chain_scene, "cseq", { 21, "CSeq: 2 BYE", "CSeq: 3 BYE" } },
	{ &chain_scene, "cseq", { 0, "CSeq: 1 INVITE", "CSeq: 1 INFO" } },
	{ &chain_scene, "cseq", { 23, "CSeq: 2 BYE", "CSeq: 3 BYE" } },
	{ &trying_scene, "100-missing", { 1 } },
	{ &trying_scene, "100-missing", { 1, .late_ms = 600 } },
	{ &chain_scene, "retransmission", { 4, .copy_ms = 110 } },
	{ &chain_scene, "retransmission", { 14, .copy_ms = 500 } },
	{ &chain_scene, "retransmission", { 21, .copy_ms = 500 } },
	{ &cancel_scene, "cancel-ignored", { .end = 11, .line = 99 } },
	{ &cancel_scene, "cancel-ignored", { 10, "200 OK", "481 Unknown", .end = 11 } },
	{ &cancel_scene, "ack-lost", { 14 } },
	{ &chain_scene, "ack-lost", { 18 } },
	{ &cancel_scene, "prack-lost", { 6 } },
	{ &cancel_scene, "prack-lost", { 8 } },
	{ &chain_scene, "2xx-lost", { 14 } },
	{ &forks_scene, "2xx-lost", { 7 } },
	{ &event_scene, "publish-refused", { 1, "200 OK", "489 Bad Event" } },
	{ &event_scene, "notify-late", { 4 } },
	{ &event_scene, "notify-order", { 5, "version=\"1\" state", "version=\"0\" state" } },
	{ &event_scene, "notify-order", { 5, "CSeq: 2", "CSeq: 1" } },
	{ &chain_scene, "shortcut-ignored", { 4, "Accept-Contact: *;atrp=shortcut\n", "" } },
	{ &chain_scene, "unknown-peer", { 0, "Subject", "X-Stranger: yes\nSubject" } },
};

/* What a proxy may do. */
static const struct wrong rights[] = {
	{ &chain_scene, "", { 4, "User-Agent: Phone/1", "User-Agent: Phone/1 SM/2" } },
	{ &chain_scene, "", { 4, "Subject: Lunch, today", "s:  Lunch,\n today" } },
	{ &chain_scene, "", { 4, "Max-Forwards: 68", "Max-Forwards: 60" } },
	{ &chain_scene, "", { 4, "Subject", "X-New: 1\nSubject" } },
	{ &chain_scene, "", { 4, ROUTE_TERM, ROUTE_TERM "Route: <sip:192.0.2.7;lr>\n" } },
	{ &chain_scene, "", { 4, ";index=1.1", ";index=1.1, <sip:2001@192.0.2.45>;index=1.1.1" } },
	{ &chain_scene, "", { 4, "Record-Route: ", "Record-Route: <sip:192.0.2.6;lr>\nRecord-Route: " } },
	{ &chain_scene, "", { 4, .copy_ms = 90 } },
	{ &chain_scene, "", { 12, .copy_ms = 10 } },
	{ &event_scene, "", { 1, "200 OK", "412 Conditional Request Failed" } },
	{ &event_scene, "", { 1, "200 OK", "423 Interval Too Brief" } },
	{ &event_scene, "", { 5, "version=\"1\" state", "version=\"3\" state" } },
	{ &trying_scene, "", { 1, .late_ms = 200 } },
	{ &trying_scene, "", { 99, .end = 1 } },	/* it is down */
	{ &cancel_scene, "", { 13, "487 Request Terminated", "480 Gone" } },
};
/* clang-format on */

static void play(const struct wrong *wrong)
{
	const char *told = watch_peer_play(wrong->scene, &wrong->change, NULL);

	ck_assert_msg(strcmp(told, wrong->finding) == 0,
		      "%s, line %u, %s -> %s: expected <%s>, told <%s>: %s",
		      wrong->scene->name, wrong->change.line,
		      wrong->change.old ? wrong->change.old : "-",
		      wrong->change.with ? wrong->change.with : "-", wrong->finding, told,
		      watch_peer_said);
}

START_TEST(a_proxy_that_breaks_a_rule_gives_its_finding_alone)
{
	play(&wrongs[_i]);
}
END_TEST

START_TEST(what_a_proxy_may_do_gives_no_finding)
{
	play(&rights[_i]);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("watch_rule");
	TCase *one = tcase_create("one");

	tcase_add_loop_test(one, a_proxy_that_does_all_right_gives_no_finding, 0,
			    sizeof scenes / sizeof *scenes);
	tcase_add_loop_test(one, a_proxy_that_breaks_a_rule_gives_its_finding_alone, 0,
			    sizeof wrongs / sizeof *wrongs);
	tcase_add_loop_test(one, what_a_proxy_may_do_gives_no_finding, 0,
			    sizeof rights / sizeof *rights);
	suite_add_tcase(suite, one);
	return suite;
}
