/* SPDX-License-Identifier: MIT */
/* Datagrams: batches in and out, errors that come later, what is ignored. */
#include "wire_peer_raw.h"

#include "wire/endpoint.h"

#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct raw *raw;
static const char *host;

static void setup(void)
{
	raw = calloc(1, sizeof *raw);
	host = "127.0.0.1";
}

static void teardown(void)
{
	raw_close(raw);
	free(raw);
}

static struct transport_target target_of(const char *to, unsigned port)
{
	struct transport_target target = { .listener =
						   transport_listener(raw->transport, 0),
					   .transport = WAY_UDP };

	ck_assert_int_eq(endpoint_read(to, port, &target.to), 0);
	return target;
}

static void exchange(void)
{
	struct transport_target target;
	char text[1000], heard[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	unsigned port;
	int fd;

	raw_open(raw, host);
	fd = raw_socket(SOCK_DGRAM, host, &port);
	raw_sendto(raw, fd, 0, text, length);
	ck_assert(raw_wait(raw, 1));
	ck_assert_uint_eq(raw->packets[0].length, length);
	ck_assert_int_eq(memcmp(raw->packets[0].bytes, text, 100), 0);
	ck_assert_uint_eq(endpoint_port(&raw->packets[0].from), port);
	ck_assert_uint_eq(raw->packets[0].connection, 0);
	target = target_of(host, port);
	ck_assert_int_eq(transport_send(raw->transport, &target, text, length, 7), 0);
	ck_assert_uint_eq(raw_read(raw, fd, heard, length), length);
	ck_assert_str_eq(heard, text);
	ck_assert_uint_eq(raw->failed_count, 0);
	close(fd);
}

START_TEST(a_datagram_is_told_whole_and_one_leaves_whole)
{
	exchange();
}
END_TEST

START_TEST(ipv6_does_the_same)
{
	host = "::1";
	exchange();
}
END_TEST

START_TEST(a_burst_is_told_in_order_with_nothing_lost)
{
	enum { COUNT = 1500 };
	struct transport_statistics statistics;
	char text[1000];
	int fd;

	raw_open(raw, host);
	fd = raw_socket(SOCK_DGRAM, host, NULL);
	for (unsigned i = 0; i < COUNT; i++) {
		raw_sendto(raw, fd, 0, text, raw_options(text, sizeof text, i, 300));
		if (i % 64 == 63)
			loop_step(raw->loop, 0);
	}
	ck_assert(raw_wait(raw, COUNT));
	for (unsigned i = 0; i < COUNT; i++) {
		char branch[32];

		snprintf(branch, sizeof branch, "z9hG4bK%u\r\n", i);
		ck_assert_ptr_nonnull(strstr(raw->packets[i].bytes, branch));
	}
	transport_statistics(raw->transport, &statistics);
	ck_assert_uint_eq(statistics.kernel_drops, 0);
	ck_assert_uint_eq(statistics.received, COUNT);
	close(fd);
}
END_TEST

/* While the first is worked on, the rest arrives: more than the kernel keeps by default. */
static unsigned late_count;

static void send_more(struct raw *self, const struct transport_packet *packet)
{
	char text[1000];

	(void)packet;
	for (int i = 0; i < 4 && late_count < 800; i++) {
		static int fd = -1;

		if (fd < 0)
			fd = raw_socket(SOCK_DGRAM, host, NULL);
		raw_sendto(self, fd, 0, text,
			   raw_options(text, sizeof text, late_count++, 0));
	}
}

START_TEST(what_arrives_while_others_are_worked_on_is_not_lost)
{
	struct transport_statistics statistics;
	char text[1000];
	int fd;

	raw_open(raw, host);
	fd = raw_socket(SOCK_DGRAM, host, NULL);
	raw_shrink(raw, 0);
	late_count = 0;
	raw->on_packet = send_more;
	raw_sendto(raw, fd, 0, text, raw_options(text, sizeof text, 1, 0));
	ck_assert(raw_wait(raw, 801));
	transport_statistics(raw->transport, &statistics);
	ck_assert_uint_eq(statistics.kernel_drops, 0);
	ck_assert_uint_eq(statistics.receive_buffer, 212992);
	close(fd);
}
END_TEST

START_TEST(what_the_kernel_drops_is_counted)
{
	struct transport_statistics statistics;
	char text[1000];
	int fd;

	raw_open(raw, host);
	raw_shrink(raw, 0);
	fd = raw_socket(SOCK_DGRAM, host, NULL);
	for (unsigned i = 0; i < 1000; i++)
		raw_sendto(raw, fd, 0, text, raw_options(text, sizeof text, i, 300));
	raw_run(raw);
	transport_statistics(raw->transport, &statistics);
	ck_assert_uint_gt(statistics.kernel_drops, 0);
	ck_assert_uint_eq(statistics.kernel_drops + statistics.received, 1000);
	close(fd);
}
END_TEST

START_TEST(keep_alives_stun_and_nothing_are_ignored)
{
	static const unsigned char stun[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
	struct transport_statistics statistics;
	char text[1000];
	int fd;

	raw_open(raw, host);
	fd = raw_socket(SOCK_DGRAM, host, NULL);
	raw_sendto(raw, fd, 0, "", 0);
	raw_sendto(raw, fd, 0, "\r\n\r\n", 4);
	raw_sendto(raw, fd, 0, "\r\n", 2);
	raw_sendto(raw, fd, 0, "\0\0\0\0", 4);
	raw_sendto(raw, fd, 0, stun, sizeof stun);
	raw_sendto(raw, fd, 0, text, raw_options(text, sizeof text, 1, 0));
	ck_assert(raw_wait(raw, 1));
	raw_run(raw);
	ck_assert_uint_eq(raw->packet_count, 1);
	transport_statistics(raw->transport, &statistics);
	ck_assert_uint_eq(statistics.ignored, 5);
	ck_assert(recv(fd, text, sizeof text, MSG_DONTWAIT) < 0);
	close(fd);
}
END_TEST

static void refuse_one_of_two(void)
{
	struct transport_target dead, alive;
	char text[1000], heard[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	unsigned port, dead_port;
	int fd, closed;

	raw_open(raw, host);
	fd = raw_socket(SOCK_DGRAM, host, &port);
	closed = raw_socket(SOCK_DGRAM, host, &dead_port);
	close(closed);
	dead = target_of(host, dead_port);
	alive = target_of(host, port);
	for (uint64_t i = 0; i < 40; i++) {
		length = raw_options(text, sizeof text, (unsigned)i, 0);
		ck_assert_int_eq(transport_send(raw->transport, i % 2 ? &alive : &dead,
						text, length, 100 + i),
				 0);
	}
	/* The kernel limits how many ICMP errors all of the machine sends at once. */
	raw_wait_failed(raw, 20);
	ck_assert_uint_ge(raw->failed_count, 1);
	for (size_t i = 0; i < raw->failed_count; i++) {
		ck_assert_uint_eq(raw->failed[i] % 2, 0);
		ck_assert_int_eq(raw->errors[i], ECONNREFUSED);
	}
	for (unsigned i = 1; i < 40; i += 2) {
		length = raw_options(text, sizeof text, i, 0);
		ck_assert_uint_eq(raw_read(raw, fd, heard, length), length);
		ck_assert_str_eq(heard, text);
	}
	ck_assert_uint_le(raw->failed_count, 20);
	close(fd);
}

START_TEST(icmp_names_the_message_it_is_about_and_the_others_are_sent)
{
	refuse_one_of_two();
}
END_TEST

START_TEST(icmpv6_does_the_same)
{
	host = "::1";
	refuse_one_of_two();
}
END_TEST

START_TEST(the_error_of_one_datagram_does_not_stop_the_next)
{
	struct transport_target dead, alive;
	char text[1000], heard[1000];
	unsigned port, dead_port;
	int fd, closed;

	raw_open(raw, host);
	fd = raw_socket(SOCK_DGRAM, host, &port);
	closed = raw_socket(SOCK_DGRAM, host, &dead_port);
	close(closed);
	dead = target_of(host, dead_port);
	alive = target_of(host, port);
	for (unsigned i = 0; i < 20; i++) {
		size_t length = raw_options(text, sizeof text, i, 0);

		/* The socket knows of the error when the second is sent, and says so. */
		transport_send(raw->transport, &dead, text, length, 100);
		transport_flush(raw->transport);
		transport_send(raw->transport, &alive, text, length, 200);
		transport_flush(raw->transport);
		ck_assert_int_eq(recv(fd, heard, sizeof heard, MSG_DONTWAIT),
				 (ssize_t)length);
	}
	ck_assert(raw_wait_failed(raw, 20));
	for (size_t i = 0; i < raw->failed_count; i++)
		ck_assert_uint_eq(raw->failed[i], 100);
	close(fd);
}
END_TEST

START_TEST(what_the_kernel_refuses_is_told_and_the_rest_is_sent)
{
	struct transport_target nowhere, alive;
	char text[1000], heard[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	unsigned port;
	int fd;

	raw_open(raw, host);
	fd = raw_socket(SOCK_DGRAM, host, &port);
	alive = target_of(host, port);
	/* A socket on 127.0.0.1 cannot send beyond this machine. */
	nowhere = target_of("192.0.2.1", 5060);
	ck_assert_int_eq(transport_send(raw->transport, &nowhere, text, length, 1), 0);
	ck_assert_int_eq(transport_send(raw->transport, &alive, text, length, 2), 0);
	ck_assert_uint_eq(raw_read(raw, fd, heard, length), length);
	ck_assert(raw_wait_failed(raw, 1));
	ck_assert_uint_eq(raw->failed[0], 1);
	ck_assert_uint_eq(raw->failed_count, 1);
	nowhere = target_of("::1", 5060);
	ck_assert_int_eq(transport_send(raw->transport, &nowhere, text, length, 3),
			 -EAFNOSUPPORT);
	close(fd);
}
END_TEST

START_TEST(a_large_datagram_goes_in_fragments)
{
	enum { SIZE = 60000 };
	struct transport_target target;
	char *text = malloc(SIZE + 1000), *heard = malloc(SIZE + 1000);
	size_t length = raw_options(text, SIZE + 1000, 1, SIZE);
	unsigned port;
	int fd;

	raw_open(raw, host);
	fd = raw_socket(SOCK_DGRAM, host, &port);
	target = target_of(host, port);
	ck_assert_int_eq(transport_send(raw->transport, &target, text, length, 1), 0);
	ck_assert_uint_eq(raw_read(raw, fd, heard, length), length);
	raw_sendto(raw, fd, 0, text, length);
	ck_assert(raw_wait(raw, 1));
	ck_assert_uint_eq(raw->packets[0].length, length);
	ck_assert_uint_eq(raw->failed_count, 0);
	free(text);
	free(heard);
	close(fd);
}
END_TEST

START_TEST(many_are_collected_and_leave_in_order)
{
	enum { COUNT = 500 };
	struct transport_target target;
	char text[1000], heard[1000];
	unsigned port;
	int fd;

	raw_open(raw, host);
	fd = raw_socket(SOCK_DGRAM, host, &port);
	target = target_of(host, port);
	for (unsigned i = 0; i < COUNT; i++) {
		size_t length = raw_options(text, sizeof text, i, 0);

		ck_assert_int_eq(transport_send(raw->transport, &target, text, length, 1),
				 0);
		if (i % 50 == 49)
			for (unsigned k = i - 49; k <= i; k++) {
				length = raw_options(text, sizeof text, k, 0);
				ck_assert_uint_eq(raw_read(raw, fd, heard, length),
						  length);
				ck_assert_str_eq(heard, text);
			}
	}
	close(fd);
}
END_TEST

START_TEST(the_configured_peer_is_known_by_its_address)
{
	char text[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	int fd, stranger;

	raw->peers[0] = (struct wire_peer){ "sm", { "127.0.0.2", 5060, "udp" } };
	raw->settings.peer_count = 1;
	raw_open(raw, host);
	fd = raw_socket(SOCK_DGRAM, "127.0.0.2", NULL);
	stranger = raw_socket(SOCK_DGRAM, "127.0.0.3", NULL);
	raw_sendto(raw, fd, 0, text, length);
	raw_sendto(raw, stranger, 0, text, length);
	ck_assert(raw_wait(raw, 2));
	ck_assert_str_eq(raw->packets[0].peer->name, "sm");
	ck_assert_ptr_null(raw->packets[1].peer);
	close(fd);
	close(stranger);
}
END_TEST

/* Whether a wire can listen there; the sentence is in raw->fault. */
static bool may_listen(const char *at, unsigned port, const char *transport)
{
	static const struct transport_events none;
	struct wire_address listen = { at, port, transport };
	struct wire_settings settings = { .listen = &listen, .listen_count = 1 };
	struct transport *transport_too = NULL;
	int err = transport_open(raw->loop, &settings, &none, NULL, &transport_too,
				 &raw->fault);

	transport_close(transport_too);
	return err == 0;
}

START_TEST(a_second_listener_on_the_same_port_is_refused)
{
	raw_open(raw, host);
	ck_assert(!may_listen(host, raw_port(raw, 0), "udp"));
	ck_assert_ptr_nonnull(strstr(raw->fault.text, "cannot listen on 127.0.0.1:"));
	ck_assert(!may_listen(host, raw_port(raw, 1), "tcp"));
	ck_assert(may_listen(host, 0, "udp"));
}
END_TEST

START_TEST(an_address_that_names_no_one_place_is_refused)
{
	raw_open(raw, host);
	ck_assert(!may_listen("0.0.0.0", 0, "udp"));
	ck_assert(!may_listen("::", 0, "tcp"));
	ck_assert_ptr_nonnull(strstr(raw->fault.text, "must name one address"));
	ck_assert(!may_listen("localhost", 0, "udp"));
	ck_assert_ptr_nonnull(strstr(raw->fault.text, "no IP address"));
	ck_assert(!may_listen("fe80::1%nosuchzone", 0, "udp"));
	ck_assert(!may_listen("127.0.0.1", 0, "sctp"));
	ck_assert(may_listen("[::1]", 0, "udp"));
}
END_TEST

START_TEST(a_link_local_address_reaches_its_own_link)
{
	static const struct {
		const char *a, *b;
		bool may_reach;
	} cases[] = {
		{ "192.0.2.1", "198.51.100.1", true },
		{ "192.0.2.1", "2001:db8::1", false },
		{ "2001:db8::1", "192.0.2.1", false },
		{ "2001:db8::1", "::1", true },
		{ "fe80::1%1", "2001:db8::1", false },
		{ "2001:db8::1", "fe80::1%1", false },
		{ "fe80::1%1", "fe80::2%1", true },
		{ "fe80::1%1", "fe80::2%2", false },
		{ "fe80::1%1", "fe80::2", true },
	};
	struct sockaddr_storage a, b;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ck_assert_int_eq(endpoint_read(cases[i].a, 5060, &a), 0);
		ck_assert_int_eq(endpoint_read(cases[i].b, 5060, &b), 0);
		ck_assert_msg(endpoint_may_reach(&a, &b) == cases[i].may_reach,
			      "from %s to %s", cases[i].a, cases[i].b);
	}
}
END_TEST

START_TEST(endpoints_are_compared_as_addresses)
{
	struct sockaddr_storage a, b;
	char text[ENDPOINT_TEXT];

	ck_assert_int_eq(endpoint_read("::ffff:192.0.2.1", 5060, &a), 0);
	ck_assert_int_eq(endpoint_read("192.0.2.1", 5061, &b), 0);
	ck_assert(endpoint_is_same_host(&a, &b));
	ck_assert(!endpoint_is_same(&a, &b));
	ck_assert_uint_eq(endpoint_hash(&a), endpoint_hash(&b));
	ck_assert_str_eq(endpoint_text(&a, text), "192.0.2.1:5060");
	ck_assert_int_eq(endpoint_read("2001:DB8:0:0::1", 5060, &a), 0);
	ck_assert_int_eq(endpoint_read("[2001:db8::1]", 5060, &b), 0);
	ck_assert(endpoint_is_same(&a, &b));
	ck_assert_str_eq(endpoint_text(&a, text), "[2001:db8::1]:5060");
	ck_assert_int_eq(endpoint_read("fe80::1%lo", 5060, &a), 0);
	ck_assert_str_eq(endpoint_host(&a, text), "[fe80::1]");
	ck_assert_int_eq(endpoint_read("192.0.2.1", 65536, &a), -EINVAL);
	ck_assert_int_eq(endpoint_read("", 1, &a), -EINVAL);
	ck_assert_int_eq(endpoint_read("1.2.3", 1, &a), -EINVAL);
	raw_open(raw, host);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_udp");
	TCase *tcase = tcase_create("udp");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_datagram_is_told_whole_and_one_leaves_whole);
	tcase_add_test(tcase, ipv6_does_the_same);
	tcase_add_test(tcase, a_burst_is_told_in_order_with_nothing_lost);
	tcase_add_test(tcase, what_arrives_while_others_are_worked_on_is_not_lost);
	tcase_add_test(tcase, what_the_kernel_drops_is_counted);
	tcase_add_test(tcase, keep_alives_stun_and_nothing_are_ignored);
	tcase_add_test(tcase, icmp_names_the_message_it_is_about_and_the_others_are_sent);
	tcase_add_test(tcase, icmpv6_does_the_same);
	tcase_add_test(tcase, the_error_of_one_datagram_does_not_stop_the_next);
	tcase_add_test(tcase, what_the_kernel_refuses_is_told_and_the_rest_is_sent);
	tcase_add_test(tcase, a_large_datagram_goes_in_fragments);
	tcase_add_test(tcase, many_are_collected_and_leave_in_order);
	tcase_add_test(tcase, the_configured_peer_is_known_by_its_address);
	tcase_add_test(tcase, a_second_listener_on_the_same_port_is_refused);
	tcase_add_test(tcase, an_address_that_names_no_one_place_is_refused);
	tcase_add_test(tcase, a_link_local_address_reaches_its_own_link);
	tcase_add_test(tcase, endpoints_are_compared_as_addresses);
	suite_add_tcase(suite, tcase);
	return suite;
}
