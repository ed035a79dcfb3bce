/* SPDX-License-Identifier: MIT */
/* What a watch remembers has a bound, and what it is given may be anything. */
#include "watch_peer.h"

#include "unit.h"
#include "watch/specimen.h"
#include "watch/trail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned told;
static char last[64];

static void note(void *context, const struct watch_finding *finding)
{
	(void)context;
	told++;
	snprintf(last, sizeof last, "%s", finding->name);
}

static struct watch *open_watch(size_t memory)
{
	const struct watch_settings settings = { .memory = memory };

	told = 0;
	*last = '\0';
	return watch_new(&settings, note, NULL);
}

static struct wire_frame frame_of(const char *bytes, bool is_out)
{
	static const struct sockaddr_storage far_end = { .ss_family = AF_INET };

	return (struct wire_frame){
		.bytes = bytes,
		.length = strlen(bytes),
		.far_end = &far_end,
		.is_out = is_out,
	};
}

static const char invite[] = "INVITE sip:2001@example.com SIP/2.0\r\n%s"
			     "Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK-%d\r\n"
			     "Max-Forwards: %d\r\nFrom: <sip:1001@example.com>;tag=a\r\n"
			     "To: <sip:2001@example.com>;tag=b\r\nCall-ID: c%d\r\n"
			     "CSeq: 1 INVITE\r\n\r\n";

/* INVITE number I goes out. */
static void goes_out(struct watch *watch, int i)
{
	char text[1000];
	struct wire_frame frame;

	snprintf(text, sizeof text, invite, "", i, 70, i);
	frame = frame_of(text, true);
	watch_see(watch, WATCH_CM, &frame);
}

/* INVITE number I comes in again, with no hop counted. */
static void comes_in(struct watch *watch, int i)
{
	char text[1000];
	struct wire_frame frame;

	snprintf(text, sizeof text, invite,
		 "Via: SIP/2.0/UDP 192.0.2.5;branch=z9hG4bK-x\r\n", i, 70, i);
	frame = frame_of(text, false);
	watch_see(watch, WATCH_CM, &frame);
}

START_TEST(the_oldest_call_is_forgotten_for_the_newest)
{
	struct watch *watch = open_watch(64 * 1024);

	for (int i = 0; i < 10000; i++)
		goes_out(watch, i);
	comes_in(watch, 0);
	ck_assert_uint_eq(told, 0);
	comes_in(watch, 9999);
	ck_assert_uint_eq(told, 1);
	ck_assert_str_eq(last, "max-forwards");
	watch_free(watch);
}
END_TEST

START_TEST(memory_stays_within_its_limit)
{
	struct specimen specimen;
	struct memory memory;
	char text[1000];

	trail_init(&memory, 16 * 1024);
	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof text, invite, "", i, 70, i % 700);
		ck_assert(specimen_read(&specimen, text, strlen(text)));
		ck_assert_ptr_nonnull(trail_keep(
			&memory, trail_of(&memory, specimen.call_id), &specimen));
		ck_assert_uint_le(memory.used, memory.limit);
	}
	trail_clear(&memory);
	ck_assert_uint_eq(memory.used, 0);
}
END_TEST

START_TEST(one_call_keeps_its_newest_messages_alone)
{
	struct specimen specimen;
	struct memory memory;
	struct trail *trail = NULL;
	char text[1000];

	trail_init(&memory, 1024 * 1024);
	for (int i = 0; i < 3 * TRAIL_MESSAGES; i++) {
		snprintf(text, sizeof text, invite, "", i, i % 70, 1);
		ck_assert(specimen_read(&specimen, text, strlen(text)));
		trail = trail_of(&memory, specimen.call_id);
		trail_keep(&memory, trail, &specimen);
	}
	ck_assert_uint_eq(trail->count, TRAIL_MESSAGES);
	trail_clear(&memory);
}
END_TEST

START_TEST(a_message_larger_than_the_memory_is_not_kept)
{
	struct watch *watch = open_watch(1024);
	char text[4000] = "";
	struct wire_frame frame;

	snprintf(text, sizeof text, invite, "", 1, 70, 1);
	memset(text + strlen(text), 'x', 3000);
	frame = frame_of(text, true);
	watch_see(watch, WATCH_CM, &frame);
	comes_in(watch, 1);
	ck_assert_uint_eq(told, 0);
	watch_free(watch);
}
END_TEST

START_TEST(a_finding_is_told_once_for_each_call)
{
	struct watch *watch = open_watch(64 * 1024);

	goes_out(watch, 1);
	comes_in(watch, 1);
	comes_in(watch, 1);
	goes_out(watch, 2);
	comes_in(watch, 2);
	ck_assert_uint_eq(told, 2);
	watch_free(watch);
}
END_TEST

START_TEST(a_branch_that_another_request_had_is_a_finding)
{
	struct watch *watch = open_watch(64 * 1024);
	char text[1000];
	struct wire_frame frame;

	snprintf(text, sizeof text, invite, "", 1, 70, 1);
	frame = frame_of(text, false);
	watch_reused(watch, WATCH_CM, &frame);
	ck_assert_uint_eq(told, 1);
	ck_assert_str_eq(last, "via");
	watch_free(watch);
}
END_TEST

/* Every prefix of a message, and every message with one byte changed. */
START_TEST(what_is_no_sip_is_borne)
{
	struct watch *watch = open_watch(64 * 1024);
	char text[1000], *bytes;
	size_t length;
	struct wire_frame frame;

	snprintf(text, sizeof text, invite,
		 "Route: <sip:a;lr;phase=imsorig>, \"x\\\" <sip:b>\r\n", 1, 70, 1);
	length = strlen(text);
	for (size_t i = 0; i <= length; i++) {
		bytes = malloc(i + 1);		/* so that reading past its end is seen */
		memcpy(bytes, text, i);
		frame = frame_of("", i % 2);
		frame.bytes = bytes;
		frame.length = i;
		watch_see(watch, WATCH_CM, &frame);
		bytes = realloc(bytes, length ? length : 1);
		memcpy(bytes, text, length);
		bytes[i < length ? i : 0] = "\"<>;,=\r\n: \0\xff"[i % 12];
		frame.bytes = bytes;
		frame.length = length;
		watch_see(watch, WATCH_PHONE, &frame);
		free(bytes);
	}
	watch_until(watch, INT64_MAX / 2);
	watch_free(watch);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("watch_memory");
	TCase *one = tcase_create("one");

	tcase_add_test(one, the_oldest_call_is_forgotten_for_the_newest);
	tcase_add_test(one, memory_stays_within_its_limit);
	tcase_add_test(one, one_call_keeps_its_newest_messages_alone);
	tcase_add_test(one, a_message_larger_than_the_memory_is_not_kept);
	tcase_add_test(one, a_finding_is_told_once_for_each_call);
	tcase_add_test(one, a_branch_that_another_request_had_is_a_finding);
	tcase_add_test(one, what_is_no_sip_is_borne);
	suite_add_tcase(suite, one);
	return suite;
}
