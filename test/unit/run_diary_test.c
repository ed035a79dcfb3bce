/* SPDX-License-Identifier: MIT */
/* The journal's file as it grows, and the configuration of a case as it is written. */
#include "run/diary.h"
#include "run/outline.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];
static struct diary *diary;

static void setup(void)
{
	int fd;

	strcpy(path, "/tmp/run-diary-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	diary = diary_open(path);
}

static void teardown(void)
{
	diary_close(diary);
	unlink(path);
}

static void add(const char *text)
{
	FILE *file = fopen(path, "a");

	fputs(text, file);
	fclose(file);
	diary_read(diary);
}

static void value_is(size_t i, const char *key, const char *wanted)
{
	ck_assert_pstr_eq(diary_value(diary_event(diary, i), key), wanted);
}

START_TEST(events_are_read_when_their_line_is_complete)
{
	diary_read(diary);
	ck_assert_uint_eq(diary_count(diary), 0);
	add("{\"t\":\"x\",\"seq\":1,\"event\":\"pass\"}\n{\"seq\":2,");
	ck_assert_uint_eq(diary_count(diary), 1);
	value_is(0, "event", "pass");
	value_is(0, "seq", "1");
	value_is(0, "rule", NULL);
	add("\"event\":\"reject\",\"status\":403}\n");
	ck_assert_uint_eq(diary_count(diary), 2);
	value_is(1, "status", "403");
	ck_assert_str_eq(diary_text(diary_event(diary, 0)),
			 "{\"t\":\"x\",\"seq\":1,\"event\":\"pass\"}");
}
END_TEST

START_TEST(escapes_are_read)
{
	add("{ \"reason\": \"a \\\"b\\\" \\\\ \\u00e4\\u20ac\\u0041\\n,}\" , \"to\":\"\"}\n");
	value_is(0, "reason",
		 "a \"b\" \\ \xc3\xa4\xe2\x82\xac"
		 "A\n,}");
	value_is(0, "to", "");
}
END_TEST

START_TEST(what_is_no_event_is_no_harm)
{
	add("\n{\n\"\n{\"a\n{\"a\":\n{\"a\":\"\\\n{\"a\":\"\\u12\n");
	ck_assert_uint_eq(diary_count(diary), 7);
	value_is(0, "a", NULL);
}
END_TEST

START_TEST(settings_are_grouped_and_the_last_counts)
{
	struct outline *outline = outline_new();
	char text[256] = "";
	FILE *file;

	outline_set(outline, "domain", "\"example.com\"");
	outline_set(outline, "call.model", "\"b2bua\"");
	outline_set(outline, "journal.ring", "7");
	outline_set(outline, "call.chained", "true");
	outline_set(outline, "call.model", "\"proxy\"");
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(outline_write(outline, path, NULL), 0);
	outline_free(outline);
	file = fopen(path, "r");
	ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
	fclose(file);
	ck_assert_str_eq(text, "domain = \"example.com\";\n"
			       "call = {\n\tmodel = \"proxy\";\n\tchained = true;\n};\n"
			       "journal = {\n\tring = 7;\n};\n");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("run diary");
	TCase *files = tcase_create("files");

	tcase_add_checked_fixture(files, setup, teardown);
	tcase_add_test(files, events_are_read_when_their_line_is_complete);
	tcase_add_test(files, escapes_are_read);
	tcase_add_test(files, what_is_no_event_is_no_harm);
	tcase_add_test(files, settings_are_grouped_and_the_last_counts);
	suite_add_tcase(suite, files);
	return suite;
}
