/* SPDX-License-Identifier: MIT */
/* TCP: bounds of messages and connections, and what far ends do to hurt. */
#include "wire_peer_raw.h"

#include "wire/endpoint.h"

#include "unit.h"
#include "wire/listener.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct raw *raw;

enum { TCP = 1 };			/* the listener */

static void setup(void)
{
	raw = calloc(1, sizeof *raw);
}

static void teardown(void)
{
	raw_close(raw);
	free(raw);
}

static size_t connections(void)
{
	struct transport_statistics statistics;

	transport_statistics(raw->transport, &statistics);
	return statistics.connections;
}

static unsigned descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void put(int fd, const void *bytes, size_t length)
{
	ck_assert_int_eq(send(fd, bytes, length, MSG_NOSIGNAL), (ssize_t)length);
}

static const char head[] = "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\n"
			   "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK1\r\n"
			   "From: <sip:b@127.0.0.1>;tag=1\r\n"
			   "To: <sip:a@127.0.0.1>\r\n"
			   "Call-ID: 1@127.0.0.1\r\n"
			   "CSeq: 1 OPTIONS\r\n";

/* Sends the head with LINES behind it; the connection must be closed with nothing told. */
static void refuse(const char *lines)
{
	char text[2000];
	int fd = raw_connect(raw, TCP);

	snprintf(text, sizeof text, "%s%s\r\n", head, lines);
	put(fd, text, strlen(text));
	ck_assert_msg(raw_is_closed(raw, fd), "still open after: %s", lines);
	ck_assert_uint_eq(raw->packet_count, 0);
	close(fd);
	loop_advance(raw->loop, 2000);
	ck_assert_uint_eq(connections(), 0);
}

START_TEST(a_message_whose_end_is_unclear_is_the_last_of_its_connection)
{
	raw_open(raw, "127.0.0.1");
	refuse("");
	refuse("Content-Length: 5\r\nContent-Length: 6\r\n");
	refuse("Content-Length: 5\r\nl: 6\r\n");
	refuse("Content-Length: -1\r\n");
	refuse("Content-Length: +1\r\n");
	refuse("Content-Length: 99999999999999999999\r\n");
	refuse("Content-Length: 70000\r\n");
	refuse("Content-Length:\r\n");
	refuse("Content-Length: 1x\r\n");
	refuse("Content-Length: 0, 0\r\n");
	refuse("Content-Length: 0\r\nX: a\rContent-Length: 5\r\n");
}
END_TEST

START_TEST(a_message_whose_end_is_unclear_is_answered_400)
{
	char text[2000], heard[2000];
	int fd;

	raw_open(raw, "127.0.0.1");
	fd = raw_connect(raw, TCP);
	snprintf(text, sizeof text, "%sContent-Length: 5x\r\n\r\n", head);
	put(fd, text, strlen(text));
	raw_read(raw, fd, heard, sizeof heard - 1);
	ck_assert_ptr_nonnull(strstr(heard, "SIP/2.0 400 Bad Content-Length\r\n"));
	ck_assert_ptr_nonnull(strstr(heard, "Call-ID: 1@127.0.0.1\r\n"));
	close(fd);
	/* A response is not answered, nor is an ACK. */
	fd = raw_connect(raw, TCP);
	snprintf(text, sizeof text, "SIP/2.0 200 OK%sContent-Length: 5x\r\n\r\n",
		 strstr(head, "\r\n"));
	put(fd, text, strlen(text));
	ck_assert_uint_eq(raw_read(raw, fd, heard, sizeof heard - 1), 0);
	close(fd);
}
END_TEST

START_TEST(strangers_are_refused_by_every_way_at_a_bounded_rate)
{
	char text[2000], heard[2000];
	unsigned answers = 0, port;
	int fd, length;

	raw->settings.strangers = WIRE_STRANGERS_REFUSE;
	raw_open(raw, "127.0.0.1");
	fd = raw_socket(SOCK_DGRAM, "127.0.0.1", &port);
	length = snprintf(text, sizeof text,
			  "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP "
			  "198.51.100.1:%u;maddr=198.51.100.2;branch=z9hG4bK1\r\n"
			  "From: <sip:b>;tag=1\r\nTo: <sip:a>\r\nCall-ID: 1\r\n"
			  "CSeq: 1 OPTIONS\r\n\r\n",
			  port);
	for (int i = 0; i < 100; i++)
		raw_sendto(raw, fd, 0, text, (size_t)length);
	raw_run(raw);
	while (recv(fd, heard, sizeof heard - 1, MSG_DONTWAIT) > 0) {
		ck_assert_ptr_nonnull(strstr(heard, "SIP/2.0 403 Forbidden\r\n"));
		ck_assert_ptr_nonnull(strstr(heard, ";received=127.0.0.1\r\n"));
		answers++;
	}
	ck_assert_uint_eq(answers, 20);
	/* What is refused is seen, too. */
	ck_assert_uint_eq(raw->seen_in, 100);
	ck_assert_uint_eq(raw->seen_out, 20);
	ck_assert_uint_eq(raw->stranger_count, 100);
	ck_assert_uint_eq(raw->refused_count, 20);
	ck_assert_int_eq(raw->refused_status, 403);
	ck_assert_uint_eq(raw->packet_count, 0);
	close(fd);
	loop_advance(raw->loop, 1000);
	fd = raw_connect(raw, TCP);
	snprintf(text, sizeof text, "%sContent-Length: 0\r\n\r\n", head);
	put(fd, text, strlen(text));
	ck_assert_uint_gt(raw_read(raw, fd, heard, 200), 100);
	ck_assert_ptr_nonnull(strstr(heard, "SIP/2.0 403 Forbidden\r\n"));
	ck_assert_uint_eq(raw->packet_count, 0);
	close(fd);
}
END_TEST

START_TEST(content_length_may_be_short_folded_padded_and_said_twice)
{
	static const char *const lines[] = { "l: 2\r\n", "L : 2 \r\n",
					     "content-LENGTH:\r\n 2\r\n",
					     "Content-Length: 002\r\nl: 2\r\n" };
	char text[2000];
	int fd;

	raw_open(raw, "127.0.0.1");
	fd = raw_connect(raw, TCP);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		snprintf(text, sizeof text, "%s%s\r\nxy", head, lines[i]);
		put(fd, text, strlen(text));
		ck_assert_msg(raw_wait(raw, i + 1), "not told: %s", lines[i]);
		ck_assert_uint_eq(raw->packets[i].length, strlen(text));
	}
	close(fd);
}
END_TEST

START_TEST(a_message_that_does_not_end_is_given_up_in_bytes_and_in_time)
{
	char *text = malloc(70000);
	int fd;

	memset(text, 'x', 70000);
	raw_open(raw, "127.0.0.1");
	fd = raw_connect(raw, TCP);
	put(fd, text, 65000);
	raw_run(raw);
	ck_assert_uint_eq(connections(), 1);
	put(fd, text, 1000);
	ck_assert(raw_is_closed(raw, fd));
	close(fd);
	loop_advance(raw->loop, 2000);

	fd = raw_connect(raw, TCP);
	put(fd, head, sizeof head - 1);
	raw_run(raw);
	/* A byte now and then does not keep it. */
	for (int i = 0; i < 4; i++) {
		loop_advance(raw->loop, 1200);
		ck_assert_uint_eq(connections(), 1);
		put(fd, "x", 1);
		raw_run(raw);
	}
	loop_advance(raw->loop, 300);
	ck_assert_uint_eq(connections(), 0);
	ck_assert_uint_eq(raw->packet_count, 0);
	free(text);
	close(fd);
}
END_TEST

START_TEST(silent_and_idle_connections_are_closed)
{
	char text[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	int silent, idle;

	raw_open(raw, "127.0.0.1");
	silent = raw_connect(raw, TCP);
	idle = raw_connect(raw, TCP);
	put(idle, text, length);
	ck_assert(raw_wait(raw, 1));
	loop_advance(raw->loop, 9000);
	ck_assert_uint_eq(connections(), 2);
	/* Blank lines are no message. */
	put(silent, "\r\n\r\n", 4);
	loop_advance(raw->loop, 2000);
	ck_assert_uint_eq(connections(), 1);
	loop_advance(raw->loop, 160000);
	ck_assert_uint_eq(connections(), 1);
	loop_advance(raw->loop, 20000);
	ck_assert_uint_eq(connections(), 0);
	close(silent);
	close(idle);
}
END_TEST

START_TEST(connections_are_bounded_and_some_are_kept_for_peers)
{
	static const char *const from[] = { "127.0.0.3", "127.0.0.4", "127.0.0.2",
					    "127.0.0.2" };
	struct sockaddr_storage to;
	struct transport_statistics statistics;
	int fds[12], fd;

	raw->settings.limits.connections = 8;
	raw->settings.limits.reserved_connections = 3;
	raw->settings.limits.address_connections = 4;
	raw->peers[0] = (struct wire_peer){ "sm", { "127.0.0.2", 5060, "tcp" } };
	raw->settings.peer_count = 1;
	raw_open(raw, "127.0.0.1");
	for (int i = 0; i < 12; i++)
		fds[i] = raw_connect(raw, TCP);
	raw_run(raw);
	ck_assert_uint_eq(connections(), 4);
	for (int i = 0; i < 12; i++) {
		close(fds[i]);
		fds[i] = raw_socket(SOCK_STREAM, from[i / 3], NULL);
	}
	raw_run(raw);
	ck_assert_uint_eq(connections(), 0);
	to = *listener_endpoint(transport_listener(raw->transport, TCP));
	for (int i = 0; i < 12; i++) {
		ck_assert_int_eq(
			connect(fds[i], (struct sockaddr *)&to, endpoint_size(&to)), 0);
		raw_run(raw);
		ck_assert_uint_eq(connections(), i < 5	 ? i + 1
						 : i < 6 ? 5
						 : i < 9 ? i
							 : 8);
	}
	/* Five of two strangers, and three of the peer, which is at the bound of all. */
	ck_assert_uint_eq(connections(), 8);
	transport_statistics(raw->transport, &statistics);
	ck_assert_uint_eq(statistics.refused_connections, 8 + 1 + 3);
	fd = raw_connect(raw, TCP);
	ck_assert(raw_is_closed(raw, fd));
	close(fd);
	for (int i = 0; i < 12; i++)
		close(fds[i]);
}
END_TEST

START_TEST(thousands_of_resets_leave_nothing)
{
	struct linger hard = { 1, 0 };
	unsigned before;
	char text[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);

	raw_open(raw, "127.0.0.1");
	before = descriptors();
	for (int i = 0; i < 3000; i++) {
		int fd = raw_connect(raw, TCP);

		if (i % 3)
			put(fd, text, i % 3 == 1 ? length : length / 2);
		if (i % 2)
			loop_step(raw->loop, 0);
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
		close(fd);
		if (i % 10 == 0)
			loop_step(raw->loop, 0);
	}
	raw_run(raw);
	loop_advance(raw->loop, 33000);
	ck_assert_uint_eq(connections(), 0);
	ck_assert_uint_eq(descriptors(), before);
}
END_TEST

static unsigned rounds;

static bool count_round(struct loop_hook *hook)
{
	(void)hook;
	rounds++;
	return false;
}

START_TEST(at_the_descriptor_limit_nothing_spins_and_it_goes_on_afterwards)
{
	struct rlimit limit;
	struct loop_hook hook = { .run = count_round };
	int fds[200], fd, count = 0;
	char text[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	struct transport_statistics statistics;
	int64_t end_ms;

	raw_open(raw, "127.0.0.1");
	loop_before_sleep(raw->loop, &hook);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = 100;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	while (count < 200 && (fds[count] = dup(fd)) >= 0)
		count++;
	ck_assert_int_eq(connect(fd,
				 (const struct sockaddr *)listener_endpoint(
					 transport_listener(raw->transport, TCP)),
				 sizeof(struct sockaddr_in)),
			 0);
	rounds = 0;
	end_ms = raw_now_ms() + 300;
	while (raw_now_ms() < end_ms)
		loop_step(raw->loop, 50);
	ck_assert_uint_le(rounds, 30);
	transport_statistics(raw->transport, &statistics);
	ck_assert_uint_eq(statistics.refused_connections, 1);
	ck_assert_uint_eq(statistics.connections, 0);
	while (count)
		close(fds[--count]);
	close(fd);
	fd = raw_connect(raw, TCP);
	put(fd, text, length);
	ck_assert(raw_wait(raw, 1));
	close(fd);
	loop_hook_remove(&hook);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_bounds");
	TCase *tcase = tcase_create("bounds");

	tcase_set_timeout(tcase, 20);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase,
		       a_message_whose_end_is_unclear_is_the_last_of_its_connection);
	tcase_add_test(tcase, a_message_whose_end_is_unclear_is_answered_400);
	tcase_add_test(tcase, strangers_are_refused_by_every_way_at_a_bounded_rate);
	tcase_add_test(tcase, content_length_may_be_short_folded_padded_and_said_twice);
	tcase_add_test(tcase,
		       a_message_that_does_not_end_is_given_up_in_bytes_and_in_time);
	tcase_add_test(tcase, silent_and_idle_connections_are_closed);
	tcase_add_test(tcase, connections_are_bounded_and_some_are_kept_for_peers);
	tcase_add_test(tcase, thousands_of_resets_leave_nothing);
	tcase_add_test(tcase,
		       at_the_descriptor_limit_nothing_spins_and_it_goes_on_afterwards);
	suite_add_tcase(suite, tcase);
	return suite;
}
