/* SPDX-License-Identifier: MIT */
/* The control socket: its answers, and clients of every kind. */
#include "ctl/client.h"
#include "ctl/ctl.h"

#include "base/clock.h"

#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ROWS = 10000, BULKS = 20, ANSWER_ROOM = 1024 * 1024, TURNS_MAX = 100000 };

static char directory[64], path[96];
static char heard[ANSWER_ROOM];
static struct ctl *ctl;
static struct fault fault;
static int clients[512];
static size_t client_count;
static int parts;	/* of the list that were written */

/* Commands of a daemon that does nothing --------------------------------------------- */

static void echo(void *context, const struct request *request, struct answer *answer)
{
	(void)context;
	answer_row_begin(answer);
	answer_text(answer, "text", request_text(request, "text"));
	answer_number(answer, "number", request_number(request, "number", -1));
	answer_flag(answer, "flag", request_flag(request, "flag"));
	answer_list_begin(answer, "list");
	answer_number(answer, NULL, 1);
	answer_object_begin(answer, NULL);
	answer_text(answer, "a", "b");
	answer_object_end(answer);
	answer_list_end(answer);
	answer_row_end(answer);
}

static bool write_part(void *state, struct answer *answer)
{
	int *row = state;

	parts++;
	for (int i = 0; i < 100; i++) {
		answer_row_begin(answer);
		answer_number(answer, "row", (*row)++);
		answer_row_end(answer);
	}
	return *row < ROWS;
}

static void list(void *context, const struct request *request, struct answer *answer)
{
	(void)context;
	(void)request;
	answer_continue(answer, write_part,
			arena_alloc(answer_arena(answer), sizeof(int)));
}

/* Parts of 800 KB, which no socket takes at once. */
static bool write_bulk(void *state, struct answer *answer)
{
	static char text[8 * 1024];
	int *part = state;

	memset(text, 'x', sizeof text - 1);
	for (int i = 0; i < 100; i++) {
		answer_row_begin(answer);
		answer_text(answer, "text", text);
		answer_row_end(answer);
	}
	return ++*part < BULKS;
}

static void bulk(void *context, const struct request *request, struct answer *answer)
{
	(void)context;
	(void)request;
	answer_continue(answer, write_bulk,
			arena_alloc(answer_arena(answer), sizeof(int)));
}

static void refuse(void *context, const struct request *request, struct answer *answer)
{
	(void)context;
	(void)request;
	answer_refuse(answer, "no \"%s\"", "such\nthing");
}

static const struct ctl_command commands[] = {
	{ "echo", echo },
	{ "list", list },
	{ "bulk", bulk },
	{ "refuse", refuse },
	{ NULL, NULL },
};

/* Tools ------------------------------------------------------------------------------ */

static void set_up(void)
{
	clock_set(0, 0);
	parts = 0;
	client_count = 0;
	strcpy(directory, "/tmp/ctl_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/control", directory);
	ck_assert_msg(ctl_open(path, commands, NULL, &ctl, &fault) == 0, "%s",
		      fault.text);
}

static void tear_down(void)
{
	while (client_count)
		close(clients[--client_count]);
	ctl_close(ctl);
	ctl = NULL;
	unlink(path);
	rmdir(directory);
	clock_set(-1, -1);
}

static bool has_work(void)
{
	struct pollfd wait = { .fd = ctl_fd(ctl), .events = POLLIN };

	return poll(&wait, 1, 0) == 1;
}

static void settle(void)
{
	for (int turn = 0; has_work(); turn++) {
		ck_assert_int_lt(turn, TURNS_MAX);
		ctl_ready(ctl);
	}
}

static int client(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(fd, 0);
	strcpy(address.sun_path, path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	clients[client_count++] = fd;
	settle();
	return fd;
}

static void say(int fd, const char *text)
{
	ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL),
			 (ssize_t)strlen(text));
	settle();
}

/* Reads FD until the daemon sends no more; whether the daemon closed the connection. */
static bool hear(int fd)
{
	size_t length = 0;
	ssize_t got;

	while ((got = recv(fd, heard + length, sizeof heard - 1 - length, 0)) > 0) {
		length += (size_t)got;
		settle();
	}
	heard[length] = '\0';
	return got == 0;
}

#define assert_hears(fd, text)                 \
	do {                                   \
		ck_assert(hear(fd));           \
		ck_assert_str_eq(heard, text); \
	} while (0)

#define assert_refused(fd, words)                                                       \
	do {                                                                            \
		ck_assert(hear(fd));                                                    \
		ck_assert_msg(strstr(heard, "{\"done\":1,\"fault\":\"") == heard, "%s", \
			      heard);                                                   \
		ck_assert_msg(strstr(heard, words), "%s", heard);                       \
	} while (0)

static void assert_serves(void)
{
	int fd = client();

	say(fd, "{\"command\":\"refuse\"}\n");
	assert_refused(fd, "such");
}

/* Answers ---------------------------------------------------------------------------- */

START_TEST(a_request_is_answered_and_the_client_dismissed)
{
	int fd = client();

	say(fd, "{\"command\":\"echo\",\"text\":\"hello\",\"number\":7,\"flag\":true}\n");
	assert_hears(fd, "{\"row\":{\"text\":\"hello\",\"number\":7,\"flag\":true,"
			 "\"list\":[1,{\"a\":\"b\"}]}}\n{\"done\":0}\n");
}
END_TEST

START_TEST(text_is_escaped_and_made_utf8)
{
	struct answer answer = { 0 };

	answer_row_begin(&answer);
	answer_text(&answer, "t",
		    "a\"\\\n\x01\x7f\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
	answer_text(&answer, "bad", "\xff\xc0\xaf\xed\xa0\x80\xf5\xe2\x82");
	answer_text(&answer, "none", NULL);
	answer_row_end(&answer);
	ck_assert_mem_eq(
		answer.text,
		"{\"row\":{\"t\":\"a\\\"\\\\\\u000a\\u0001\\u007f\xc3\xa9 \xe2\x82\xac "
		"\xf0\x9f\x98\x80\","
		"\"bad\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}}\n",
		answer.length);
	answer_clear(&answer);
}
END_TEST

START_TEST(a_request_may_come_byte_by_byte)
{
	const char *request = "{\"command\":\"refuse\"}\n";
	int fd = client();

	for (; *request; request++)
		say(fd, (char[]){ *request, '\0' });
	assert_refused(fd, "no \\\"such\\u000athing\\\"");
}
END_TEST

START_TEST(nonsense_is_refused_with_a_sentence)
{
	static const char *const requests[][2] = {
		{ "\n", "not JSON" },
		{ "hello\n", "not JSON" },
		{ "GET / HTTP/1.1\r\n\r\n", "not JSON" },
		{ "{\"command\":\"echo\"\n", "not JSON" },
		{ "{\"command\":\"\xff\"}\n", "not JSON" },
		{ "[\"command\"]\n", "names no command" },
		{ "{\"command\":7}\n", "names no command" },
		{ "{\"command\":\"nothing\"}\n", "no command \\\"nothing\\\"" },
		{ "{\"command\":\"echo\",\"command\":\"list\"}\n", "not JSON" },
	};

	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		int fd = client();

		say(fd, requests[i][0]);
		assert_refused(fd, requests[i][1]);
	}
	assert_serves();
}
END_TEST

START_TEST(deep_nonsense_is_refused)
{
	char deep[REQUEST_MAX];
	int fd = client();

	memset(deep, '[', sizeof deep);
	memcpy(deep + sizeof deep - 2, "\n", 2);
	say(fd, deep);
	assert_refused(fd, "not JSON");
}
END_TEST

START_TEST(a_nul_in_a_request_is_refused)
{
	int fd = client();

	ck_assert_int_eq(send(fd, "{}\0{}\n", 6, 0), 6);
	settle();
	assert_refused(fd, "NUL");
}
END_TEST

START_TEST(a_request_of_a_megabyte_is_refused)
{
	char block[4096];
	int fd = client();

	memset(block, 'x', sizeof block);
	for (int sent = 0; sent < 1024 * 1024; sent += (int)sizeof block) {
		ck_assert_int_eq(send(fd, block, sizeof block, MSG_NOSIGNAL),
				 sizeof block);
		settle();
	}
	recv(fd, heard, sizeof heard, 0);
	ck_assert_ptr_nonnull(strstr(heard, "too long"));
	assert_serves();
}
END_TEST

START_TEST(a_long_list_comes_whole_and_in_order)
{
	const char *at;
	int fd = client(), row = 0;
	char line[64];

	say(fd, "{\"command\":\"list\"}\n");
	ck_assert(hear(fd));
	for (at = heard; row < ROWS; row++) {
		int length = snprintf(line, sizeof line, "{\"row\":{\"row\":%d}}\n", row);

		ck_assert_int_eq(strncmp(at, line, (size_t)length), 0);
		at += length;
	}
	ck_assert_str_eq(at, "{\"done\":0}\n");
}
END_TEST

START_TEST(one_turn_writes_no_more_than_a_part)
{
	int fd = client();
	const char *request = "{\"command\":\"list\"}\n";

	ck_assert_int_eq(send(fd, request, strlen(request), 0), (ssize_t)strlen(request));
	for (int turns = 1; turns < 50; turns++) {
		ctl_ready(ctl);
		ck_assert_int_le(parts, turns);
	}
}
END_TEST

/* Clients that misbehave ------------------------------------------------------------- */

START_TEST(who_never_reads_gets_no_more_than_a_bufferful)
{
	int fd = client(), before;

	say(fd, "{\"command\":\"list\"}\n");
	before = parts;
	ck_assert_int_lt(before, ROWS / 100);
	settle();
	ck_assert_int_eq(parts, before);
	assert_serves();
	ck_assert(hear(fd));
	ck_assert_ptr_nonnull(strstr(heard, "{\"done\":0}\n"));
}
END_TEST

START_TEST(who_reads_slowly_gets_everything)
{
	int fd = client();
	size_t length = 0;
	ssize_t got;

	say(fd, "{\"command\":\"bulk\"}\n");
	while ((got = recv(fd, heard, 64 * 1024, 0)) > 0) {
		length += (size_t)got;
		heard[got] = '\0';
		ctl_ready(ctl);
		ctl_ready(ctl);
	}
	ck_assert_int_eq(got, 0);
	ck_assert_uint_gt(length, BULKS * 800 * 1024);
	ck_assert_ptr_nonnull(strstr(heard, "{\"done\":0}\n"));
}
END_TEST

START_TEST(who_hangs_up_in_the_middle_is_forgotten)
{
	int fd = client();

	say(fd, "{\"command\":\"list\"}\n");
	ck_assert_uint_eq(ctl_clients(ctl), 1);
	close(clients[--client_count]);
	settle();
	ck_assert_uint_eq(ctl_clients(ctl), 0);
	(void)fd;
}
END_TEST

START_TEST(who_stops_sending_after_the_request_is_answered)
{
	int fd = client();
	const char *request = "{\"command\":\"list\"}\n";

	ck_assert_int_eq(send(fd, request, strlen(request), 0), (ssize_t)strlen(request));
	shutdown(fd, SHUT_WR);
	settle();
	ck_assert(hear(fd));
	ck_assert_ptr_nonnull(strstr(heard, "{\"done\":0}\n"));
}
END_TEST

START_TEST(two_hundred_silent_clients_do_not_block_others)
{
	for (int i = 0; i < 200; i++)
		client();
	ck_assert_uint_eq(ctl_clients(ctl), CTL_CLIENTS);
	assert_serves();
	ck_assert(hear(clients[0]));		/* the first ones were dropped ... */
	ck_assert(!hear(clients[190]));		/* ... for the last ones */
}
END_TEST

START_TEST(silence_is_endured_for_a_time)
{
	int fd = client();

	say(fd, "{\"comm");
	clock_set(0, CTL_PATIENCE_MS - 1);
	ctl_ready(ctl);
	ck_assert_uint_eq(ctl_clients(ctl), 1);
	clock_set(0, CTL_PATIENCE_MS);
	ctl_ready(ctl);
	ck_assert_uint_eq(ctl_clients(ctl), 0);
	assert_hears(fd, "");
}
END_TEST

START_TEST(who_reads_nothing_is_dropped_after_a_time)
{
	int fd = client();

	say(fd, "{\"command\":\"list\"}\n");
	clock_set(0, CTL_PATIENCE_MS);
	ctl_ready(ctl);
	ck_assert_uint_eq(ctl_clients(ctl), 0);
	ck_assert(hear(fd));
	ck_assert_ptr_null(strstr(heard, "done"));
}
END_TEST

START_TEST(an_idle_socket_has_nothing_to_do)
{
	assert_serves();
	close(clients[--client_count]);
	settle();
	ck_assert_uint_eq(ctl_clients(ctl), 0);
	ck_assert(!has_work());
}
END_TEST

/* Our own client --------------------------------------------------------------------- */

START_TEST(the_client_tells_that_no_daemon_listens)
{
	struct client_question *question = client_question_new("echo");
	struct client_link *link = NULL;

	ctl_close(ctl);
	ctl = NULL;
	ck_assert_int_eq(client_ask(path, question, &link, &fault), -ENOENT);
	ck_assert_ptr_null(link);
	ck_assert_msg(strstr(fault.text, path), "%s", fault.text);
	client_question_free(question);
}
END_TEST

START_TEST(the_client_reads_rows_and_how_it_ended)
{
	struct client_question *question = client_question_new("echo");
	struct client_link *link = NULL;
	struct client_row row;
	char buffer[DATUM_TEXT];
	int status;

	client_question_text(question, "text", "x y");
	client_question_number(question, "number", 12);
	ck_assert_int_eq(client_ask(path, question, &link, &fault), 0);
	settle();
	ck_assert_int_eq(client_next(link, &row, &status, &fault), 1);
	ck_assert_str_eq(datum_text(datum_get(row.datum, "text"), buffer), "x y");
	ck_assert_str_eq(datum_text(datum_get(row.datum, "number"), buffer), "12");
	ck_assert_str_eq(datum_text(datum_get(row.datum, "flag"), buffer), "no");
	ck_assert_uint_eq(datum_count(datum_get(row.datum, "list")), 2);
	ck_assert_int_eq(client_next(link, &row, &status, &fault), 0);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(fault.text, "");
	client_free(link);
	client_question_free(question);
}
END_TEST

START_TEST(the_client_notices_a_daemon_that_goes_away)
{
	struct client_question *question = client_question_new("list");
	struct client_link *link = NULL;
	struct client_row row;
	int status;

	ck_assert_int_eq(client_ask(path, question, &link, &fault), 0);
	ctl_ready(ctl);
	ctl_close(ctl);
	ctl = NULL;
	while (client_next(link, &row, &status, &fault) == 1)
		continue;
	ck_assert_int_lt(client_next(link, &row, &status, &fault), 0);
	client_free(link);
	client_question_free(question);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("ctl");
	TCase *tcase = tcase_create("ctl");

	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, a_request_is_answered_and_the_client_dismissed);
	tcase_add_test(tcase, text_is_escaped_and_made_utf8);
	tcase_add_test(tcase, a_request_may_come_byte_by_byte);
	tcase_add_test(tcase, nonsense_is_refused_with_a_sentence);
	tcase_add_test(tcase, deep_nonsense_is_refused);
	tcase_add_test(tcase, a_nul_in_a_request_is_refused);
	tcase_add_test(tcase, a_request_of_a_megabyte_is_refused);
	tcase_add_test(tcase, a_long_list_comes_whole_and_in_order);
	tcase_add_test(tcase, one_turn_writes_no_more_than_a_part);
	tcase_add_test(tcase, who_never_reads_gets_no_more_than_a_bufferful);
	tcase_add_test(tcase, who_reads_slowly_gets_everything);
	tcase_add_test(tcase, who_hangs_up_in_the_middle_is_forgotten);
	tcase_add_test(tcase, who_stops_sending_after_the_request_is_answered);
	tcase_add_test(tcase, two_hundred_silent_clients_do_not_block_others);
	tcase_add_test(tcase, silence_is_endured_for_a_time);
	tcase_add_test(tcase, who_reads_nothing_is_dropped_after_a_time);
	tcase_add_test(tcase, an_idle_socket_has_nothing_to_do);
	tcase_add_test(tcase, the_client_tells_that_no_daemon_listens);
	tcase_add_test(tcase, the_client_reads_rows_and_how_it_ended);
	tcase_add_test(tcase, the_client_notices_a_daemon_that_goes_away);
	return suite;
}
