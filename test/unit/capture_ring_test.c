/* SPDX-License-Identifier: MIT */
/* The ring of messages: what it remembers, what it forgets, and that it stays in its memory. */
#include "capture/capture.h"
#include "wire/sockets.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 26, LONGEST = 65535 };

static struct capture *capture;
static struct listener listener;
static char bytes[LONGEST + 1];

static void set_up(void)
{
	capture = capture_new();
	ck_assert_int_eq(endpoint_read("192.0.2.1", 5062, &listener.local), 0);
}

static void tear_down(void)
{
	capture_free(capture);
}

/* LENGTH letters, by N. */
static void take(uint64_t n, size_t length)
{
	struct sockaddr_storage far;

	ck_assert_int_eq(endpoint_read(n % 2 ? "2001:db8::1" : "192.0.2.2",
				       (unsigned)(n % 60000) + 1, &far),
			 0);
	memset(bytes, (int)('a' + n % KINDS), length);
	capture_take(capture, &(struct wire_frame){
				      .bytes = bytes,
				      .length = length,
				      .listener = &listener,
				      .far_end = &far,
				      .transport = n % 3 ? "UDP" : "TLS",
				      .is_out = n % 2,
			      });
}

/* The message N, as it was taken with LENGTH. */
static void check(const struct sighting *message, uint64_t n, size_t length)
{
	ck_assert_uint_eq(message->seq, n);
	ck_assert_uint_eq(message->length, length);
	ck_assert_int_eq(message->bytes[length], '\0');
	ck_assert_int_eq(message->bytes[0], (int)('a' + n % KINDS));
	ck_assert_int_eq(message->bytes[length - 1], (int)('a' + n % KINDS));
	ck_assert_uint_eq(endpoint_port(&message->far), n % 60000 + 1);
	ck_assert_int_eq(message->far.ss_family, n % 2 ? AF_INET6 : AF_INET);
	ck_assert_uint_eq(endpoint_port(&message->near), 5062);
	ck_assert_int_eq(message->transport, n % 3 ? WAY_UDP : WAY_TLS);
	ck_assert_int_eq(message->is_out, n % 2);
}

START_TEST(the_newest_messages_are_remembered_in_their_order)
{
	enum { TAKEN = 20000 };
	static size_t lengths[TAKEN + 1];
	struct sighting message;

	srand(7);
	ck_assert_int_eq(capture_start(capture, CAPTURE_LEAST), 0);
	for (uint64_t n = 1; n <= TAKEN; n++) {
		lengths[n] = rand() % 20 ? (size_t)(rand() % 2000) + 1
					 : (size_t)(rand() % LONGEST) + 1;
		take(n, lengths[n]);
		ck_assert_uint_eq(capture_count(capture), n);
		ck_assert_uint_lt(capture_lost(capture), n);
		/* The newest, and the oldest, and now and then all. */
		ck_assert(capture_next(capture, n - 1, &message));
		check(&message, n, lengths[n]);
		ck_assert(capture_next(capture, 0, &message));
		check(&message, capture_lost(capture) + 1, lengths[message.seq]);
		for (uint64_t at = message.seq;
		     n % 100 == 0 && capture_next(capture, at, &message); at++)
			check(&message, at + 1, lengths[at + 1]);
	}
	ck_assert(!capture_next(capture, TAKEN, &message));
	/* The memory is used: a ring that keeps but the newest few would be of no use. */
	ck_assert_uint_gt(TAKEN - capture_lost(capture), 20);
}
END_TEST

START_TEST(messages_of_one_size_fill_the_memory_to_its_end)
{
	size_t kept = 0;

	ck_assert_int_eq(capture_start(capture, CAPTURE_LEAST), 0);
	for (uint64_t n = 1; n < 5000; n++) {
		take(n, 1000);
		if (capture_lost(capture) && !kept)
			kept = n - 1;
	}
	ck_assert_uint_ge(kept, CAPTURE_LEAST / 1200);
	ck_assert_uint_ge(capture_count(capture) - capture_lost(capture), kept - 1);
}
END_TEST

START_TEST(nothing_is_taken_before_the_start_and_after_the_stop)
{
	struct sighting message;

	take(1, 100);
	ck_assert(!capture_is_on(capture));
	ck_assert_uint_eq(capture_count(capture), 0);
	ck_assert_int_eq(capture_start(capture, CAPTURE_LEAST), 0);
	take(1, 100);
	capture_stop(capture);
	take(2, 100);
	ck_assert_uint_eq(capture_count(capture), 1);
	ck_assert(capture_next(capture, 0, &message));
	ck_assert_int_eq(capture_start(capture, CAPTURE_LEAST), 0);
	ck_assert(capture_next(capture, 0, &message));
	check(&message, 1, 100);
}
END_TEST

START_TEST(another_size_forgets_all_and_numbers_go_on)
{
	struct sighting message;

	ck_assert_int_eq(capture_start(capture, CAPTURE_LEAST), 0);
	take(1, 100);
	ck_assert_int_eq(capture_start(capture, 2 * CAPTURE_LEAST), 0);
	ck_assert(!capture_next(capture, 0, &message));
	ck_assert_uint_eq(capture_lost(capture), 1);
	take(2, 100);
	ck_assert(capture_next(capture, 0, &message));
	check(&message, 2, 100);
}
END_TEST

START_TEST(the_longest_message_has_room)
{
	struct sighting message;

	ck_assert_int_eq(capture_start(capture, CAPTURE_LEAST), 0);
	for (uint64_t n = 1; n < 20; n++)
		take(n, LONGEST);
	ck_assert_uint_eq(capture_count(capture), 19);
	ck_assert(capture_next(capture, 18, &message));
	check(&message, 19, LONGEST);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("capture_ring");
	TCase *tcase = tcase_create("capture_ring");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, the_newest_messages_are_remembered_in_their_order);
	tcase_add_test(tcase, messages_of_one_size_fill_the_memory_to_its_end);
	tcase_add_test(tcase, nothing_is_taken_before_the_start_and_after_the_stop);
	tcase_add_test(tcase, another_size_forgets_all_and_numbers_go_on);
	tcase_add_test(tcase, the_longest_message_has_room);
	suite_add_tcase(suite, tcase);
	return suite;
}
