/* SPDX-License-Identifier: MIT */
/* Room base: memory, clocks, sentences, lists, log lines. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/list.h"
#include "base/log.h"

#include "unit.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool holds_only(const unsigned char *bytes, size_t size, unsigned char byte)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != byte)
			return false;
	return true;
}

START_TEST(an_arena_gives_zeroed_aligned_memory_of_any_size)
{
	static const size_t sizes[] = { 0, 1, 3, 2000, 16, 2016, 2017, 1 << 20, 1, 8 };
	struct arena arena = { 0 };
	unsigned char *parts[sizeof sizes / sizeof *sizes];

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		parts[i] = arena_alloc(&arena, sizes[i]);
		ck_assert_uint_eq((uintptr_t)parts[i] % alignof(max_align_t), 0);
		ck_assert(holds_only(parts[i], sizes[i], 0));
		memset(parts[i], (int)i + 1, sizes[i]);
	}
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		ck_assert(holds_only(parts[i], sizes[i], (unsigned char)(i + 1)));
	arena_clear(&arena);
	ck_assert_ptr_null(arena.chunk);
	arena_clear(&arena);
	ck_assert_str_eq(arena_strdup(&arena, "usable again"), "usable again");
	arena_clear(&arena);
}
END_TEST

START_TEST(an_arena_copies_and_prints_text)
{
	struct arena arena = { 0 };
	char *longer = arena_printf(&arena, "%05000d", 7);

	ck_assert_uint_eq(strlen(longer), 5000);
	ck_assert_str_eq(arena_strndup(&arena, "abcdef", 3), "abc");
	ck_assert_str_eq(arena_strndup(&arena, "", 0), "");
	ck_assert_ptr_null(arena_strdup(&arena, NULL));
	ck_assert_str_eq(arena_printf(&arena, "%s=%d", "a", 1), "a=1");
	arena_clear(&arena);
}
END_TEST

START_TEST(a_calendar_time_is_written_as_rfc_3339)
{
	char text[CLOCK_RFC3339];

	ck_assert_str_eq(clock_rfc3339(text, 0), "1970-01-01T00:00:00.000000Z");
	ck_assert_str_eq(clock_rfc3339(text, 1795253400000001),
			 "2026-11-21T09:30:00.000001Z");
	ck_assert_str_eq(clock_rfc3339(text, 951782399999999),
			 "2000-02-28T23:59:59.999999Z");
	ck_assert_str_eq(clock_rfc3339(text, 951782400000000),
			 "2000-02-29T00:00:00.000000Z");
}
END_TEST

static int64_t read_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static int64_t asleep_us(void)
{
	return read_us(CLOCK_BOOTTIME) - read_us(CLOCK_MONOTONIC);
}

START_TEST(clocks_stop_and_go)
{
	int64_t before, now;

	clock_set(5, 7);
	ck_assert_int_eq(clock_wall_us(), 5);
	ck_assert_int_eq(clock_mono_us(), 7000);
	ck_assert_int_eq(clock_mono_ms(), 7);
	clock_set(-1, -1);
	before = read_us(CLOCK_MONOTONIC);
	now = clock_mono_us();
	ck_assert(before <= now && now <= read_us(CLOCK_MONOTONIC));
	before = read_us(CLOCK_MONOTONIC) / 1000;
	now = clock_mono_ms();
	ck_assert(before <= now && now <= read_us(CLOCK_MONOTONIC) / 1000);
	/* The wall clock may be set meanwhile, by a little. */
	before = read_us(CLOCK_REALTIME);
	now = clock_wall_us();
	ck_assert_int_le(llabs(now - before), 60000000);
	clock_set_asleep(9);
	ck_assert_int_eq(clock_asleep_us(), 9);
	clock_set_asleep(-1);
	ck_assert_int_le(llabs(clock_asleep_us() - asleep_us()), 60000000);
}
END_TEST

START_TEST(a_fault_is_a_sentence_and_an_error)
{
	struct fault fault;

	ck_assert_int_eq(fault_say(&fault, ENOENT, "%s:%d: no", "a.conf", 3), -ENOENT);
	ck_assert_str_eq(fault.text, "a.conf:3: no");
	ck_assert_int_eq(fault_say(NULL, EIO, "not connected"), -EIO);
	fault_say(&fault, EIO, "%01000d", 1);
	ck_assert_uint_eq(strlen(fault.text), sizeof fault.text - 1);
}
END_TEST

struct item {
	int value;
	struct list node;
};

START_TEST(a_list_keeps_order_and_forgives_a_second_removal)
{
	struct item a = { .value = 1 }, b = { .value = 2 };
	struct list head;

	list_init(&head);
	list_init(&a.node);
	list_remove(&a.node);
	ck_assert(list_is_empty(&head));
	list_append(&head, &a.node);
	list_append(&head, &b.node);
	ck_assert_int_eq(container_of(head.next, struct item, node)->value, 1);
	ck_assert_int_eq(container_of(head.prev, struct item, node)->value, 2);
	list_remove(&a.node);
	list_remove(&a.node);
	ck_assert_int_eq(container_of(head.next, struct item, node)->value, 2);
	list_remove(&b.node);
	ck_assert(list_is_empty(&head));
}
END_TEST

/* What log_line() writes for TEXT; borrowed until the next call. */
static const char *logged(enum log_level level, const char *text)
{
	static char line[4096];
	int ends[2], kept = dup(STDERR_FILENO);
	ssize_t length;

	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	log_line(level, "%s", text);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(ends[1]);
	length = read(ends[0], line, sizeof line - 1);
	close(ends[0]);
	line[length > 0 ? length : 0] = '\0';
	return line;
}

START_TEST(a_log_line_is_one_line_whatever_is_in_it)
{
	static char flood[5000];
	const char *line;

	ck_assert_str_eq(logged(LOG_INFO, "call=1 ended"), "info: call=1 ended\n");
	ck_assert_str_eq(logged(LOG_ERROR, "a\nerror: b\r\x1b\x7f"),
			 "error: a\\x0aerror: b\\x0d\\x1b\\x7f\n");
	ck_assert_str_eq(logged(LOG_WARNING, "M\xc3\xbcller"),
			 "warning: M\xc3\xbcller\n");

	memset(flood, '\n', sizeof flood - 1);
	line = logged(LOG_INFO, flood);
	ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
	ck_assert_uint_lt(strlen(line), 2048);
}
END_TEST

START_TEST(levels_have_names_and_hold_lines_back)
{
	ck_assert_int_eq(log_level_by_name("error"), LOG_ERROR);
	ck_assert_int_eq(log_level_by_name("debug"), LOG_DEBUG);
	ck_assert_int_eq(log_level_by_name("loud"), -1);
	ck_assert_str_eq(logged(LOG_DEBUG, "hidden"), "");
	log_set_level(LOG_DEBUG);
	ck_assert_str_eq(logged(LOG_DEBUG, "shown"), "debug: shown\n");
	log_set_level(LOG_ERROR);
	ck_assert(log_is_on(LOG_ERROR) && !log_is_on(LOG_WARNING));
	ck_assert_str_eq(logged(LOG_WARNING, "hidden"), "");
	log_set_level(LOG_INFO);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("base");
	TCase *all = tcase_create("base");

	tcase_add_test(all, an_arena_gives_zeroed_aligned_memory_of_any_size);
	tcase_add_test(all, an_arena_copies_and_prints_text);
	tcase_add_test(all, a_calendar_time_is_written_as_rfc_3339);
	tcase_add_test(all, clocks_stop_and_go);
	tcase_add_test(all, a_fault_is_a_sentence_and_an_error);
	tcase_add_test(all, a_list_keeps_order_and_forgives_a_second_removal);
	tcase_add_test(all, a_log_line_is_one_line_whatever_is_in_it);
	tcase_add_test(all, levels_have_names_and_hold_lines_back);
	suite_add_tcase(suite, all);
	return suite;
}
