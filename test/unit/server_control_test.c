/* SPDX-License-Identifier: MIT */
/* What halfcall(1) is answered: status, lists, stations, the journal, reload. */
#include "server_peer.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char *const none[] = { NULL };

static unsigned rows(void)
{
	unsigned count = 0;

	for (const char *at = peer.answer; (at = strchr(at, '\n')); at++)
		count++;
	return count;
}

/* A call of 1001's to 2002 that rings, and its other half has not come. */
static void ring(const char *call_id)
{
	peer_send("INVITE", call_id, "imsorig", "sip:2002@example.com", "");
	peer_hear("INVITE");
	peer_reply("180 Ringing", "");
	peer_hear("SIP/2.0 180");
}

START_TEST(status_tells_all_there_is)
{
	char text[256];

	peer_configure("journal = { file = \"/dev/null\"; ring = 7; };"
		       "publish = { enabled = false; };");
	peer_start();
	peer_ask("status", none);
	ck_assert_int_eq(peer.status, 0);
	ck_assert_uint_eq(rows(), 1);
	peer_says("\"version\":\"" HALFCALL_VERSION "\"");
	peer_says("\"uptime_s\":0");
	peer_says("\"model\":\"b2bua\"");
	snprintf(text, sizeof text, "\"listen\":\"sip:127.0.0.1:%u;transport=udp\"",
		 peer.port);
	peer_says(text);
	peer_says("\"is_draining\":false,\"calls\":0,\"halves\":0,\"reservations\":0,"
		  "\"lines\":0,\"server_transactions\":0,\"client_transactions\":0,"
		  "\"refused_for_load\":0,\"waiting_calls\":0,\"delay_ms\":0,"
		  "\"dialogs\":");
	peer_says(
		"\"journal_file\":\"/dev/null\",\"journal_events\":0,\"journal_lost\":0,");
	snprintf(text, sizeof text,
		 "\"database\":\"%s\",\"database_version\":", peer.database);
	peer_says(text);
	ring("one");
	peer_ask("status", none);
	peer_says("\"calls\":1,\"halves\":1,\"reservations\":0,\"lines\":1,"
		  "\"server_transactions\":1,\"client_transactions\":1,");
	ck_assert_ptr_null(strstr(peer.answer, "\"journal_events\":0"));
}
END_TEST

START_TEST(status_knows_the_other_model)
{
	peer_configure("call = { model = \"proxy\"; };");
	peer_start();
	peer_ask("status", none);
	peer_says("\"model\":\"proxy\"");
	ck_assert_ptr_null(strstr(peer.answer, "journal_file"));
}
END_TEST

START_TEST(calls_and_lines_are_listed_from_the_oldest_on)
{
	peer_start();
	peer_ask("call list", none);
	ck_assert_str_eq(peer.answer, "");
	peer_ask("line list", none);
	ck_assert_str_eq(peer.answer, "");
	ring("one");
	peer_send("INVITE", "two", "imsterm", "sip:2003@example.com", "");
	peer_hear("INVITE");
	peer_send("INVITE", "three", "imsorig",
		  "sip:1001@example.com;avaya-cm-fnu=off-hook", "");
	peer_hear("SIP/2.0 183");
	peer_ask("call list", none);
	ck_assert_int_eq(peer.status, 0);
	ck_assert_uint_eq(rows(), 2);
	ck_assert_ptr_nonnull(strstr(strchr(peer.answer, '\n'), "\"to\":\"2003\""));
	peer_says("\"half\":\"orig\",\"state\":\"RINGING\",\"from\":\"1001\","
		  "\"to\":\"2002\",\"seconds\":0,\"proxy\":\"sm-a\"}\n");
	peer_says("\"half\":\"term\",\"state\":\"TRYING\",\"from\":\"1001\","
		  "\"to\":\"2003\",\"seconds\":0,\"proxy\":\"sm-a\"}\n");
	peer_ask("line list", none);
	ck_assert_uint_eq(rows(), 3);
	peer_says(
		"{\"extension\":\"1001\",\"appearance\":2,\"state\":\"reserved\",\"call\":");
	peer_says(
		"{\"extension\":\"1001\",\"appearance\":1,\"state\":\"in-call\",\"call\":");
	peer_says(
		"{\"extension\":\"2003\",\"appearance\":1,\"state\":\"in-call\",\"call\":");
	peer_says(",\"seconds\":0}\n");
	peer_ask("station show", (const char *const[]){ "extension=1001", NULL });
	peer_says("\"lines_in_use\":2");
}
END_TEST

/* More than are written in one part. */
START_TEST(a_long_list_is_whole)
{
	peer_write("WITH RECURSIVE n(i) AS (SELECT 3000 UNION ALL SELECT i + 1 FROM n"
		   " WHERE i < 3249) INSERT INTO station (extension) SELECT i FROM n");
	peer_start();
	peer_ask("station list", none);
	ck_assert_int_eq(peer.status, 0);
	ck_assert_uint_eq(rows(), 257);
	ck_assert_str_eq(peer.sentence, "");
	peer_says("{\"extension\":\"2003\",\"name\":\"Erin\",\"cor\":3,\"appearances\":3,"
		  "\"ring_seconds\":12,\"in_service\":true}\n");
	peer_says("{\"extension\":\"3249\",\"name\":\"\",\"cor\":1,\"appearances\":3,"
		  "\"in_service\":true}\n");
	for (unsigned i = 0; i < 130; i++) {
		char call_id[16], uri[64];

		snprintf(call_id, sizeof call_id, "more-%u", i);
		snprintf(uri, sizeof uri, "sip:%u@example.com", 3001 + i);
		peer_send("INVITE", call_id, "imsterm", uri, "");
	}
	peer_await("status", "\"halves\":130,");
	peer_ask("call list", none);
	ck_assert_uint_eq(rows(), 130);
	peer_ask("line list", none);
	ck_assert_uint_eq(rows(), 130);
	peer_ask("journal show", (const char *const[]){ "last=#120", NULL });
	ck_assert_uint_eq(rows(), 120);
}
END_TEST

/* Makes the station's row one that no tool would have let in. */
static void spoil(const char *extension)
{
	char sql[512];

	snprintf(sql, sizeof sql,
		 "PRAGMA writable_schema = ON;"
		 "DELETE FROM sqlite_schema WHERE type = 'trigger';"
		 "PRAGMA writable_schema = RESET;"
		 "UPDATE station SET name = cast(x'c3' as text) WHERE extension = '%s'",
		 extension);
	peer_write(sql);
}

START_TEST(stations_that_make_no_sense_are_counted)
{
	spoil("1002");
	peer_start();
	peer_ask("station list", none);
	ck_assert_int_eq(peer.status, 1);
	ck_assert_uint_eq(rows(), 6);
	ck_assert_str_eq(peer.sentence,
			 "1 station cannot be read, the first because of table station, "
			 "row 1002: name must be UTF-8 without control "
			 "characters");
	spoil("2002");
	peer_ask("station list", none);
	ck_assert_ptr_nonnull(strstr(peer.sentence,
				     "2 stations cannot be read, the first "
				     "because of table station, row 1002"));
	peer_ask("station show", (const char *const[]){ "extension=1002", NULL });
	ck_assert_int_eq(peer.status, 1);
	ck_assert_ptr_nonnull(strstr(peer.sentence, "row 1002"));
}
END_TEST

START_TEST(a_station_is_shown_with_its_rows)
{
	peer_write("UPDATE call_forwarding SET active = 0 WHERE condition = 'busy';"
		   "UPDATE station SET send_all_calls = 1, in_service = 0"
		   " WHERE extension = '2003'");
	peer_start();
	peer_ask("station show", (const char *const[]){ "extension=2003", NULL });
	ck_assert_int_eq(peer.status, 0);
	ck_assert_uint_eq(rows(), 1);
	peer_says("{\"extension\":\"2003\",\"name\":\"Erin\",\"in_service\":false,"
		  "\"send_all_calls\":true,\"appearances\":3,\"lines_in_use\":0,"
		  "\"ring_seconds\":12,\"cor\":3,\"calling_party\":\"all-toll\","
		  "\"called_party\":\"none\",\"frl\":3,\"numbers\":[],\"forwardings\":[");
	peer_says("busy");
	peer_says("no-answer");
	peer_says("\"coverage\":[]");
	peer_ask("station show", (const char *const[]){ "extension=alice", NULL });
	peer_says("{\"extension\":\"1001\"");
	peer_says(
		"\"numbers\":[\"15550100\",\"alice\"],\"forwardings\":[],\"coverage\":[]");
	ck_assert_ptr_null(strstr(peer.answer, "ring_seconds"));
	peer_ask("station show", (const char *const[]){ "extension=1002", NULL });
	peer_says("\"coverage\":[\"");
	ck_assert_ptr_nonnull(strstr(peer.answer, "2002"));
}
END_TEST

START_TEST(a_station_that_is_none_is_refused)
{
	peer_start();
	peer_ask("station show", (const char *const[]){ "extension=5999", NULL });
	ck_assert_int_eq(peer.status, 1);
	ck_assert_str_eq(peer.sentence, "there is no station 5999");
	ck_assert_str_eq(peer.answer, "");
	peer_ask("station show", none);
	ck_assert_str_eq(peer.sentence, "there is no station ");
}
END_TEST

START_TEST(the_journal_shows_its_newest_events)
{
	char first[512];

	peer_configure("journal = { ring = 25; }; publish = { enabled = false; };");
	peer_start();
	peer_ask("journal show", none);
	ck_assert_str_eq(peer.answer, "");
	for (unsigned i = 0; i < 30; i++) {
		snprintf(first, sizeof first, "call-%u", i);
		peer_send("INVITE", first, "imsterm", "sip:5999@example.com", "");
	}
	peer_await("status", "\"journal_events\":30,");
	peer_ask("journal show", none);
	ck_assert_uint_eq(rows(), 20);
	ck_assert_int_eq(peer.status, 0);
	peer_says("\"seq\":11,");
	peer_says("\"seq\":30,");
	ck_assert_ptr_null(strstr(peer.answer, "\"seq\":10,"));
	peer_ask("journal show", (const char *const[]){ "last=#1", NULL });
	ck_assert_uint_eq(rows(), 1);
	peer_says("\"seq\":30,");
	strcpy(first, peer.answer);
	peer_ask("journal show", (const char *const[]){ "last=#0", NULL });
	ck_assert_str_eq(peer.answer, first);
	peer_ask("journal show", (const char *const[]){ "last=#1000", NULL });
	ck_assert_uint_eq(rows(), 25);
	peer_says("\"seq\":6,");
}
END_TEST

START_TEST(reload_tells_what_came_of_it)
{
	char text[256];

	peer_start();
	peer_ask("reload", none);
	ck_assert_int_eq(peer.status, 0);
	snprintf(text, sizeof text, "{\"text\":\"reloaded %s\"}\n", peer.conf);
	ck_assert_str_eq(peer.answer, text);
	peer_configure("call = { model = \"proxy\"; no_answer = 0; };");
	peer_ask("reload", none);
	ck_assert_int_eq(peer.status, 1);
	ck_assert_str_eq(peer.sentence, "the configuration before it stays in force");
	peer_says("call.no_answer must be");
	peer_says("is not taken over: the configuration before it stays in force");
	peer_configure("call = { model = \"proxy\"; no_answer = 3; };");
	peer_ask("reload", none);
	ck_assert_int_eq(peer.status, 0);
	peer_says("a change of call.model needs a restart\"}\n{\"text\":\"reloaded ");
	ck_assert_str_eq(peer.sentence, "");
	peer_ask("status", none);
	peer_says("\"model\":\"b2bua\"");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("server control");
	TCase *tests = tcase_create("control");

	tcase_add_checked_fixture(tests, peer_set_up, peer_tear_down);
	tcase_add_test(tests, status_tells_all_there_is);
	tcase_add_test(tests, status_knows_the_other_model);
	tcase_add_test(tests, calls_and_lines_are_listed_from_the_oldest_on);
	tcase_add_test(tests, a_long_list_is_whole);
	tcase_add_test(tests, stations_that_make_no_sense_are_counted);
	tcase_add_test(tests, a_station_is_shown_with_its_rows);
	tcase_add_test(tests, a_station_that_is_none_is_refused);
	tcase_add_test(tests, the_journal_shows_its_newest_events);
	tcase_add_test(tests, reload_tells_what_came_of_it);
	suite_add_tcase(suite, tests);
	return suite;
}
