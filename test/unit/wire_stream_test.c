/* SPDX-License-Identifier: MIT */
/* TCP: framing, connections and their limits, and messages on a connection that
 * breaks. */
#include "wire_peer_raw.h"

#include "wire/endpoint.h"

#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static struct transport_target target_of(unsigned port)
{
	struct transport_target target = {
		.listener = transport_listener(raw->transport, TCP), .transport = WAY_TCP
	};

	ck_assert_int_eq(endpoint_read("127.0.0.1", port, &target.to), 0);
	return target;
}

static int send_options(const struct transport_target *target, unsigned cseq,
			uint64_t token)
{
	char text[1000];
	size_t length = raw_options(text, sizeof text, cseq, 0);

	return transport_send(raw->transport, target, text, length, token);
}

/* Opens a far end that accepts connections at *PORT. */
static int listener_of(unsigned *port)
{
	int fd = raw_socket(SOCK_STREAM, "127.0.0.1", port);

	ck_assert_int_eq(listen(fd, 16), 0);
	return fd;
}

static int accept_one(int listener)
{
	struct timeval limit = { 2, 0 };
	int fd;

	setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	fd = accept(listener, NULL, NULL);
	ck_assert_int_ge(fd, 0);
	return fd;
}

static size_t connections(void)
{
	struct transport_statistics statistics;

	transport_statistics(raw->transport, &statistics);
	return statistics.connections;
}

static void put(int fd, const void *bytes, size_t length)
{
	ck_assert_int_eq(send(fd, bytes, length, MSG_NOSIGNAL), (ssize_t)length);
}

START_TEST(messages_are_cut_wherever_the_segments_end)
{
	char text[4000];
	size_t used = 0, lengths[3];
	int fd;

	for (unsigned i = 0; i < 3; i++) {
		lengths[i] = raw_options(text + used, sizeof text - used, i, 100 * i);
		used += lengths[i];
	}
	raw_open(raw, "127.0.0.1");
	for (size_t step = 1; step < used; step += step < 10 ? 1 : 97) {
		raw->packet_count = 0;
		fd = raw_connect(raw, TCP);
		for (size_t at = 0; at < used; at += step) {
			put(fd, text + at, at + step < used ? step : used - at);
			loop_step(raw->loop, 0);
		}
		ck_assert(raw_wait(raw, 3));
		for (int i = 0; i < 3; i++)
			ck_assert_uint_eq(raw->packets[i].length, lengths[i]);
		ck_assert_uint_eq(raw->packets[0].connection, raw->packets[2].connection);
		close(fd);
		raw_run(raw);
	}
	/* These requests may still be answered, but not for ever. */
	ck_assert_uint_le(connections(), 64);
	loop_advance(raw->loop, 33000);
	ck_assert_uint_eq(connections(), 0);
}
END_TEST

START_TEST(an_answer_goes_by_the_connection_of_its_request)
{
	struct transport_target target;
	char text[1000], heard[1000];
	size_t length = raw_options(text, sizeof text, 1, 10);
	int fd;

	raw_open(raw, "127.0.0.1");
	fd = raw_connect(raw, TCP);
	put(fd, text, length);
	ck_assert(raw_wait(raw, 1));
	target = target_of(1);
	target.connection = raw->packets[0].connection;
	ck_assert_int_eq(transport_send(raw->transport, &target, text, length, 0), 0);
	ck_assert_uint_eq(raw_read(raw, fd, heard, length), length);
	ck_assert_str_eq(heard, text);
	close(fd);
}
END_TEST

START_TEST(ipv6_does_the_same_both_ways)
{
	struct transport_target target = { .transport = WAY_TCP };
	char text[1000], heard[1000];
	size_t length = raw_options(text, sizeof text, 1, 10);
	unsigned port;
	int fd, listener;

	raw_open(raw, "::1");
	fd = raw_connect(raw, TCP);
	put(fd, text, length);
	ck_assert(raw_wait(raw, 1));
	target.listener = transport_listener(raw->transport, TCP);
	target.to = raw->packets[0].from;
	target.connection = raw->packets[0].connection;
	ck_assert_int_eq(transport_send(raw->transport, &target, text, length, 0), 0);
	ck_assert_uint_eq(raw_read(raw, fd, heard, length), length);
	close(fd);
	listener = raw_socket(SOCK_STREAM, "::1", &port);
	ck_assert_int_eq(listen(listener, 4), 0);
	ck_assert_int_eq(endpoint_read("::1", port, &target.to), 0);
	target.connection = 0;
	ck_assert_int_eq(transport_send(raw->transport, &target, text, length, 0), 0);
	raw_run(raw);
	fd = accept_one(listener);
	ck_assert_uint_eq(raw_read(raw, fd, heard, length), length);
	ck_assert_int_eq(endpoint_read("127.0.0.1", port, &target.to), 0);
	ck_assert_int_eq(transport_send(raw->transport, &target, text, length, 0),
			 -EAFNOSUPPORT);
	close(fd);
	close(listener);
}
END_TEST

START_TEST(requests_to_one_destination_share_a_connection)
{
	struct transport_target target;
	char heard[4000];
	size_t length;
	unsigned port;
	int listener, fd;

	raw_open(raw, "127.0.0.1");
	listener = listener_of(&port);
	target = target_of(port);
	length = raw_options(heard, sizeof heard, 1, 0);
	for (unsigned i = 1; i <= 3; i++)
		ck_assert_int_eq(send_options(&target, i, i), 0);
	raw_run(raw);
	fd = accept_one(listener);
	ck_assert_uint_eq(raw_read(raw, fd, heard, 3 * length), 3 * length);
	ck_assert_int_eq(send_options(&target, 4, 4), 0);
	ck_assert_uint_eq(raw_read(raw, fd, heard, length), length);
	ck_assert_uint_eq(connections(), 1);
	ck_assert_uint_eq(raw->failed_count, 0);
	/* The response comes by the same connection. */
	length = raw_options(heard, sizeof heard, 9, 0);
	put(fd, heard, length);
	ck_assert(raw_wait(raw, 1));
	close(fd);
	close(listener);
}
END_TEST

START_TEST(a_request_does_not_go_by_a_connection_that_the_far_end_opened)
{
	struct transport_target target;
	char text[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	unsigned port;
	int fd, closed, err;

	raw_open(raw, "127.0.0.1");
	fd = raw_connect(raw, TCP);
	put(fd, text, length);
	ck_assert(raw_wait(raw, 1));
	closed = raw_socket(SOCK_STREAM, "127.0.0.1", &port);
	target = target_of(port);
	err = send_options(&target, 2, 2);
	ck_assert(err == -ECONNREFUSED || (err == 0 && raw_wait_failed(raw, 1)));
	close(closed);
	close(fd);
}
END_TEST

/* RFC 3261 section 18: nothing can listen at the port that the connection comes from. */
START_TEST(a_request_to_the_very_port_a_connection_comes_from_goes_by_it)
{
	struct transport_target target;
	struct sockaddr_storage own;
	socklen_t size = sizeof own;
	char text[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	int fd;

	raw_open(raw, "127.0.0.1");
	fd = raw_connect(raw, TCP);
	put(fd, text, length);
	ck_assert(raw_wait(raw, 1));
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&own, &size), 0);
	target = target_of(endpoint_port(&own));
	ck_assert_int_eq(send_options(&target, 2, 2), 0);
	raw_run(raw);
	ck_assert_int_gt(recv(fd, text, sizeof text, 0), 0);
	ck_assert_int_eq(strncmp(text, "OPTIONS", 7), 0);
	close(fd);
}
END_TEST

START_TEST(a_refused_connection_is_told_for_each_message_in_it)
{
	struct transport_target target;
	unsigned port;
	int listener = listener_of(&port), refused = 0;

	raw_open(raw, "127.0.0.1");
	close(listener);
	target = target_of(port);
	for (unsigned i = 1; i <= 3; i++)
		refused += send_options(&target, i, i) == -ECONNREFUSED;
	if (refused < 3)
		ck_assert(raw_wait_failed(raw, 3u - (unsigned)refused));
	for (size_t i = 0; i < raw->failed_count; i++)
		ck_assert_int_eq(raw->errors[i], ECONNREFUSED);
	ck_assert_uint_eq(connections(), 0);
}
END_TEST

/* Opens a listener whose queue is full, so that the kernel drops further connections. */
static int full_listener(unsigned *port, int fillers[4])
{
	int fd = raw_socket(SOCK_STREAM, "127.0.0.1", port);
	struct sockaddr_storage to;

	ck_assert_int_eq(listen(fd, 0), 0);
	ck_assert_int_eq(endpoint_read("127.0.0.1", *port, &to), 0);
	for (int i = 0; i < 4; i++) {
		fillers[i] =
			socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		connect(fillers[i], (struct sockaddr *)&to, endpoint_size(&to));
	}
	return fd;
}

START_TEST(a_connection_that_is_not_answered_is_given_up_in_time)
{
	struct transport_target target;
	int fillers[4];
	unsigned port;
	int listener = full_listener(&port, fillers);

	raw_open(raw, "127.0.0.1");
	target = target_of(port);
	ck_assert_int_eq(send_options(&target, 1, 1), 0);
	ck_assert_int_eq(send_options(&target, 2, 2), 0);
	loop_advance(raw->loop, 1900);
	ck_assert_uint_eq(raw->failed_count, 0);
	loop_advance(raw->loop, 200);
	ck_assert_uint_eq(raw->failed_count, 2);
	ck_assert_int_eq(raw->errors[0], ETIMEDOUT);
	ck_assert_uint_eq(connections(), 0);
	for (int i = 0; i < 4; i++)
		close(fillers[i]);
	close(listener);
}
END_TEST

START_TEST(what_waits_for_a_connection_is_bounded)
{
	struct transport_target target;
	int fillers[4], err = 0;
	unsigned port, count;
	int listener = full_listener(&port, fillers);

	raw->settings.limits.queue_bytes = 10000;
	raw_open(raw, "127.0.0.1");
	target = target_of(port);
	for (count = 0; count < 100 && err == 0; count++)
		err = send_options(&target, count, 1 + count);
	ck_assert_int_eq(err, -ENOBUFS);
	ck_assert_uint_lt(count, 60);
	loop_advance(raw->loop, 2100);
	ck_assert_uint_eq(raw->failed_count, count - 1);
	for (int i = 0; i < 4; i++)
		close(fillers[i]);
	close(listener);
}
END_TEST

START_TEST(a_far_end_that_does_not_read_is_closed)
{
	struct transport_target target;
	char *text = malloc(60000);
	size_t length = raw_options(text, 60000, 1, 50000);
	unsigned port;
	int listener = listener_of(&port), fd, err = 0;

	raw_open(raw, "127.0.0.1");
	target = target_of(port);
	ck_assert_int_eq(send_options(&target, 1, 1), 0);
	raw_run(raw);
	fd = accept_one(listener);
	for (unsigned i = 0; i < 2000 && err == 0; i++) {
		err = transport_send(raw->transport, &target, text, length, 2);
		loop_step(raw->loop, 0);
	}
	ck_assert_int_eq(err, -ENOBUFS);
	ck_assert(raw_wait_failed(raw, 1));
	ck_assert_uint_eq(connections(), 0);
	free(text);
	close(fd);
	close(listener);
}
END_TEST

START_TEST(a_far_end_that_takes_a_little_and_no_more_is_closed_in_time)
{
	struct transport_target target;
	char *text = malloc(60000);
	size_t length = raw_options(text, 60000, 1, 50000);
	struct transport_statistics statistics;
	unsigned port;
	int listener, fd;

	raw->settings.limits.queue_bytes = 16 << 20;
	raw_open(raw, "127.0.0.1");
	listener = listener_of(&port);
	target = target_of(port);
	ck_assert_int_eq(send_options(&target, 1, 1), 0);
	raw_run(raw);
	fd = accept_one(listener);
	for (unsigned i = 0; i < 250; i++)
		ck_assert_int_eq(transport_send(raw->transport, &target, text, length, 2),
				 0);
	raw_run(raw);
	loop_advance(raw->loop, 9000);
	ck_assert_uint_eq(connections(), 1);
	loop_advance(raw->loop, 2000);
	ck_assert_uint_eq(connections(), 0);
	transport_statistics(raw->transport, &statistics);
	ck_assert_int_eq(raw->errors[raw->failed_count - 1], ENOBUFS);
	free(text);
	close(fd);
	close(listener);
}
END_TEST

START_TEST(a_stream_that_breaks_later_tells_what_it_took)
{
	struct transport_target target;
	struct linger hard = { 1, 0 };
	unsigned port;
	int listener, fd;

	raw_open(raw, "127.0.0.1");
	listener = listener_of(&port);
	target = target_of(port);
	ck_assert_int_eq(send_options(&target, 1, 11), 0);
	raw_run(raw);
	fd = accept_one(listener);
	raw_run(raw);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	close(fd);
	ck_assert(raw_wait_failed(raw, 1));
	ck_assert_uint_eq(raw->failed[0], 11);
	ck_assert_int_eq(raw->errors[0], ECONNRESET);
	/* A failure is not reported for a message that was sent long ago. */
	ck_assert_int_eq(send_options(&target, 2, 12), 0);
	raw_run(raw);
	fd = accept_one(listener);
	loop_advance(raw->loop, 40000);
	ck_assert_uint_eq(connections(), 1);
	close(fd);
	raw_run(raw);
	ck_assert_uint_eq(connections(), 0);
	ck_assert_uint_eq(raw->failed_count, 1);
	close(listener);
}
END_TEST

START_TEST(an_answer_whose_connection_is_gone_goes_by_a_new_one)
{
	struct transport_target target;
	char text[1000], heard[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	unsigned port;
	int listener, fd;

	raw_open(raw, "127.0.0.1");
	listener = listener_of(&port);
	fd = raw_connect(raw, TCP);
	put(fd, text, length);
	ck_assert(raw_wait(raw, 1));
	close(fd);
	raw_run(raw);
	target = target_of(port);
	target.connection = raw->packets[0].connection;
	ck_assert_int_eq(transport_send(raw->transport, &target, text, length, 1), 0);
	raw_run(raw);
	fd = accept_one(listener);
	ck_assert_uint_eq(raw_read(raw, fd, heard, length), length);
	close(fd);
	close(listener);
}
END_TEST

START_TEST(who_only_stopped_sending_still_gets_its_answer)
{
	struct transport_target target;
	char text[1000], heard[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	unsigned port;
	int listener = listener_of(&port), fd;

	raw_open(raw, "127.0.0.1");
	close(listener);		/* it cannot be connected to */
	fd = raw_connect(raw, TCP);
	put(fd, text, length);
	shutdown(fd, SHUT_WR);
	ck_assert(raw_wait(raw, 1));
	raw_run(raw);
	ck_assert_uint_eq(connections(), 1);
	target = target_of(port);
	target.connection = raw->packets[0].connection;
	ck_assert_int_eq(transport_send(raw->transport, &target, text, length, 1), 0);
	ck_assert_uint_eq(raw_read(raw, fd, heard, length), length);
	ck_assert_uint_eq(raw->failed_count, 0);
	loop_advance(raw->loop, 33000);
	ck_assert_uint_eq(connections(), 0);
	close(fd);
}
END_TEST

START_TEST(a_double_crlf_is_answered_and_blanks_are_skipped)
{
	char text[1000], heard[10];
	size_t length = raw_options(text, sizeof text, 1, 0);
	int fd;

	raw_open(raw, "127.0.0.1");
	fd = raw_connect(raw, TCP);
	put(fd, "\r\n\r\n", 4);
	ck_assert_uint_eq(raw_read(raw, fd, heard, 2), 2);
	ck_assert_str_eq(heard, "\r\n");
	put(fd, "\r\n", 2);
	raw_run(raw);
	put(fd, "\r\n", 2);
	ck_assert_uint_eq(raw_read(raw, fd, heard, 2), 2);
	put(fd, "\r\n", 2);
	raw_run(raw);
	put(fd, text, length);
	put(fd, "\r\n", 2);
	ck_assert(raw_wait(raw, 1));
	raw_run(raw);
	ck_assert_uint_eq(raw->packets[0].length, length);
	ck_assert_int_lt(recv(fd, heard, 2, MSG_DONTWAIT), 0);
	close(fd);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_stream");
	TCase *tcase = tcase_create("stream");

	tcase_set_timeout(tcase, 20);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, messages_are_cut_wherever_the_segments_end);
	tcase_add_test(tcase, an_answer_goes_by_the_connection_of_its_request);
	tcase_add_test(tcase, ipv6_does_the_same_both_ways);
	tcase_add_test(tcase, requests_to_one_destination_share_a_connection);
	tcase_add_test(tcase,
		       a_request_does_not_go_by_a_connection_that_the_far_end_opened);
	tcase_add_test(tcase,
		       a_request_to_the_very_port_a_connection_comes_from_goes_by_it);
	tcase_add_test(tcase, a_refused_connection_is_told_for_each_message_in_it);
	tcase_add_test(tcase, a_connection_that_is_not_answered_is_given_up_in_time);
	tcase_add_test(tcase, what_waits_for_a_connection_is_bounded);
	tcase_add_test(tcase, a_far_end_that_does_not_read_is_closed);
	tcase_add_test(tcase,
		       a_far_end_that_takes_a_little_and_no_more_is_closed_in_time);
	tcase_add_test(tcase, a_stream_that_breaks_later_tells_what_it_took);
	tcase_add_test(tcase, an_answer_whose_connection_is_gone_goes_by_a_new_one);
	tcase_add_test(tcase, who_only_stopped_sending_still_gets_its_answer);
	tcase_add_test(tcase, a_double_crlf_is_answered_and_blanks_are_skipped);
	suite_add_tcase(suite, tcase);
	return suite;
}
