/* SPDX-License-Identifier: MIT */
/* A whole emulator: how it starts, what signals do to it, and what it publishes. */
#include "server_peer.h"
#include "unit.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATUS_REFUSED = 1 };

static const char quiet[] = "publish = { enabled = false; };";

static void expect_refused(const char *words)
{
	peer_start();
	ck_assert_int_eq(peer_ended(), STATUS_REFUSED);
	ck_assert_msg(strstr(peer_log(), words) != NULL, "no \"%s\" in %s", words,
		      peer_log());
}

START_TEST(what_cannot_be_opened_is_said_and_nothing_starts)
{
	peer_configure("journal = { file = \"/no/such/directory/journal\"; };");
	expect_refused("/no/such/directory/journal cannot be opened");
	peer_configure(quiet);
	ck_assert_int_eq(unlink(peer.database), 0);
	expect_refused("users.db");
}
END_TEST

START_TEST(an_address_in_use_is_said_and_nothing_starts)
{
	char text[256];
	FILE *out = fopen(peer.conf, "a");

	fprintf(out, "%s\n", quiet);
	fclose(out);
	snprintf(text, sizeof text, "sed -i 's/127.0.0.1:0/127.0.0.1:%u/' %s",
		 peer.proxy_port, peer.conf);
	ck_assert_int_eq(system(text), 0);
	snprintf(text, sizeof text, "127.0.0.1:%u", peer.proxy_port);
	expect_refused(text);
}
END_TEST

START_TEST(without_a_socket_for_halfcall_calls_go_on)
{
	ck_assert_int_eq(mkdir(peer.control, 0700), 0);
	peer_configure(quiet);
	peer_start();
	ck_assert_ptr_nonnull(
		strstr(peer_log(), "warning: halfcall(1) cannot reach this process: "));
	peer_send("INVITE", "one", "imsterm", "sip:2002@example.com", "");
	peer_hear("INVITE");
}
END_TEST

START_TEST(it_drains_and_ends_with_the_last_call)
{
	static char invite[PEER_TEXT];

	peer_configure(quiet);
	peer_start();
	peer_send("INVITE", "one", "imsterm", "sip:2002@example.com", "");
	peer_hear("INVITE");
	strcpy(invite, peer.heard);
	kill(peer.pid, SIGTERM);
	peer_await_log("info: draining calls=1\n", 1);
	peer_ask("status", NULL);
	peer_says("\"is_draining\":true");
	peer_send("INVITE", "two", "imsterm", "sip:2002@example.com", "");
	peer_hear("SIP/2.0 503");
	peer_send("OPTIONS", "three", "imsterm", "sip:127.0.0.1", "");
	peer_hear("SIP/2.0 503");
	strcpy(peer.heard, invite);
	peer_reply("486 Busy Here", "");
	ck_assert_int_eq(peer_ended(), 0);
	ck_assert_ptr_nonnull(strstr(peer_log(), "stopped calls=1 left=0 "));
	ck_assert_ptr_nonnull(strstr(peer_log(), " journal_lost=0\n"));
}
END_TEST

START_TEST(without_calls_it_ends_at_once)
{
	peer_configure(quiet);
	peer_start();
	kill(peer.pid, SIGINT);
	ck_assert_int_eq(peer_ended(), 0);
	ck_assert_ptr_nonnull(strstr(peer_log(), "info: draining calls=0\n"));
	ck_assert_ptr_null(strstr(peer_log(), "stopping at once"));
	ck_assert_int_ne(access(peer.control, F_OK), 0);
}
END_TEST

START_TEST(told_twice_it_ends_at_once)
{
	peer_configure(quiet);
	peer_start();
	peer_send("INVITE", "one", "imsterm", "sip:2002@example.com", "");
	peer_hear("INVITE");
	kill(peer.pid, SIGTERM);
	peer_await_log("draining", 1);
	kill(peer.pid, SIGTERM);
	ck_assert_int_eq(peer_ended(), 0);
	ck_assert_ptr_nonnull(strstr(peer_log(), "info: stopping at once\n"));
}
END_TEST

START_TEST(a_reload_counts_from_the_next_call_on)
{
	peer_configure(quiet);
	peer_start();
	peer_send("INVITE", "one", "imsterm", "sip:5999@example.com", "");
	peer_hear("SIP/2.0 404");
	peer_configure("denial = { unknown = 604; }; log = { level = \"warning\"; };");
	kill(peer.pid, SIGHUP);
	peer_await("journal show", "status\":404");
	for (int i = 0; i < 1000 && !strstr(peer.answer, "status\":604"); i++) {
		char call_id[16];

		snprintf(call_id, sizeof call_id, "again-%d", i);
		peer_send("INVITE", call_id, "imsterm", "sip:5999@example.com", "");
		poll(NULL, 0, 50);
		peer_ask("journal show", NULL);
	}
	peer_says("status\":604");
	/* log.level has changed too, so that this info line is not logged. */
	ck_assert_ptr_null(strstr(peer_log(), "reloaded"));
	kill(peer.pid, SIGTERM);
	ck_assert_int_eq(peer_ended(), 0);
}
END_TEST

START_TEST(all_that_needs_a_restart_is_told)
{
	char text[1024];

	peer_configure(quiet);
	peer_start();
	kill(peer.pid, SIGHUP);
	peer_await_log("info: reloaded", 1);
	ck_assert_ptr_null(strstr(peer_log(), "warning"));
	snprintf(text, sizeof text,
		 "sed -i -e 's/users.db/other.db/' -e 's/example.com/example.net/' %s",
		 peer.conf);
	ck_assert_int_eq(system(text), 0);
	kill(peer.pid, SIGHUP);
	peer_await_log("info: reloaded", 2);
	snprintf(text, sizeof text,
		 "warning: %s: a change of domain needs a restart\n"
		 "warning: %s: a change of database needs a restart\n"
		 "info: reloaded %s\n",
		 peer.conf, peer.conf, peer.conf);
	ck_assert_ptr_nonnull(strstr(peer_log(), text));
}
END_TEST

START_TEST(a_journal_that_cannot_be_changes_nothing)
{
	peer_configure(quiet);
	peer_start();
	peer_configure("journal = { file = \"/no/such/directory/journal\"; };"
		       "denial = { unknown = 604; };");
	kill(peer.pid, SIGHUP);
	peer_await_log("stays in force", 1);
	ck_assert_ptr_nonnull(strstr(peer_log(), "/no/such/directory/journal cannot"));
	peer_send("INVITE", "one", "imsterm", "sip:5999@example.com", "");
	peer_hear("SIP/2.0 404");
	peer_ask("status", NULL);
	ck_assert_ptr_null(strstr(peer.answer, "journal_file"));
}
END_TEST

/* 1001 goes off-hook; the PUBLISH of that is in peer.heard. */
static void go_off_hook(const char *call_id)
{
	peer_send("INVITE", call_id, "imsorig",
		  "sip:1001@example.com;avaya-cm-fnu=off-hook", "");
	peer_hear("PUBLISH sip:1001@example.com ");
}

START_TEST(what_a_telephone_shows_is_published)
{
	peer_configure("publish = { expires = 77; linger = 0; };");
	peer_start();
	go_off_hook("one");
	ck_assert_str_eq(peer_header("Expires"), "77");
	ck_assert_str_eq(peer_header("Event"), "dialog");
	ck_assert_str_eq(peer_header("SIP-If-Match"), "");
	ck_assert_ptr_nonnull(strstr(peer.heard, "<state>trying</state>"));
	peer_reply("200 OK", "SIP-ETag: e1\r\nExpires: 77\r\n");
	kill(peer.pid, SIGTERM);
	peer_await_log("draining", 1);
	kill(peer.pid, SIGTERM);
	ck_assert_int_eq(peer_ended(), 0);
	peer_start();
	peer_hear("PUBLISH sip:1001@example.com ");
	ck_assert_str_eq(peer_header("Expires"), "0");
	ck_assert_str_eq(peer_header("SIP-If-Match"), "e1");
}
END_TEST

START_TEST(a_proxy_that_wants_no_publications_is_noted)
{
	peer_configure("publish = { };");
	peer_start();
	go_off_hook("one");
	peer_reply("489 Bad Event", "");
	peer_await("journal show", "\"event\":\"publish-stopped\"");
	peer_says("\"event\":\"publish-stopped\",\"extension\":\"1001\",\"status\":489");
	peer_await_log("warning: publish-stopped extension=1001 status=489", 1);
}
END_TEST

START_TEST(publications_may_be_turned_off_and_on)
{
	peer_configure("publish = { enabled = true; linger = 60; };");
	peer_start();
	go_off_hook("one");
	peer_reply("200 OK", "SIP-ETag: e1\r\nExpires: 3600\r\n");
	peer_configure(quiet);
	kill(peer.pid, SIGHUP);
	peer_hear("PUBLISH sip:1001@example.com ");
	ck_assert_str_eq(peer_header("Expires"), "0");
	ck_assert_str_eq(peer_header("SIP-If-Match"), "e1");
	peer_reply("200 OK", "Expires: 0\r\n");
	peer_configure("publish = { enabled = true; linger = 60; expires = 99; };");
	kill(peer.pid, SIGHUP);
	peer_await_log("info: reloaded", 2);
	go_off_hook("two");
	ck_assert_str_eq(peer_header("Expires"), "99");
	ck_assert_str_eq(peer_header("SIP-If-Match"), "");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("server run");
	TCase *tests = tcase_create("run");

	tcase_add_checked_fixture(tests, peer_set_up, peer_tear_down);
	tcase_add_test(tests, what_cannot_be_opened_is_said_and_nothing_starts);
	tcase_add_test(tests, an_address_in_use_is_said_and_nothing_starts);
	tcase_add_test(tests, without_a_socket_for_halfcall_calls_go_on);
	tcase_add_test(tests, it_drains_and_ends_with_the_last_call);
	tcase_add_test(tests, without_calls_it_ends_at_once);
	tcase_add_test(tests, told_twice_it_ends_at_once);
	tcase_add_test(tests, a_reload_counts_from_the_next_call_on);
	tcase_add_test(tests, all_that_needs_a_restart_is_told);
	tcase_add_test(tests, a_journal_that_cannot_be_changes_nothing);
	tcase_add_test(tests, what_a_telephone_shows_is_published);
	tcase_add_test(tests, a_proxy_that_wants_no_publications_is_noted);
	tcase_add_test(tests, publications_may_be_turned_off_and_on);
	suite_add_tcase(suite, tests);
	return suite;
}
