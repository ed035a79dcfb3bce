/* SPDX-License-Identifier: MIT */
/* The journal: ring, lines, and files that fail. */
#include "journal_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

START_TEST(an_event_is_one_line_with_its_keys_in_order)
{
	open_journal(path, 10);
	journal_note(journal, &(struct event){
				      .event = "reject",
				      .call = "c1",
				      .half = HALF_TERM,
				      .extension = "2001",
				      .from = "1001",
				      .to = "2001",
				      .phase_in = PHASE_IMSTERM,
				      .phase_out = PHASE_TERMDONE,
				      .rule = "called-party:inward",
				      .status = 403,
				      .reason = "no",
				      .proxy = "sm-a",
				      .sip_call_id = "a@example.com",
			      });
	ck_assert_str_eq(
		content(path), T
		"\"seq\":1,\"call\":\"c1\",\"half\":\"term\",\"event\":\"reject\","
		"\"extension\":\"2001\",\"from\":\"1001\",\"to\":\"2001\",\"phase_in\":\"imsterm\","
		"\"phase_out\":\"termdone\",\"rule\":\"called-party:inward\",\"status\":403,"
		"\"reason\":\"no\",\"proxy\":\"sm-a\",\"sip_call_id\":\"a@example.com\"}\n");
	ck_assert_str_eq(content(path), ring());
}
END_TEST

START_TEST(keys_that_do_not_apply_are_left_out)
{
	open_journal(NULL, 10);
	note("start");
	note(NULL);
	journal_note(journal,
		     &(struct event){ .event = "x", .half = HALF_LINE, .call = "" });
	ck_assert_str_eq(ring(), T
			 "\"seq\":1,\"event\":\"start\"}\n" T
			 "\"seq\":2,\"event\":\"\"}\n" T
			 "\"seq\":3,\"call\":\"\",\"half\":\"line\",\"event\":\"x\"}\n");
}
END_TEST

START_TEST(text_from_outside_forges_nothing)
{
	static const struct {
		const char *reason, *json;
	} texts[] = {
		{ "a\n{\"t\":1}", "a\\n{\\\"t\\\":1}" },
		{ "\\\"\r\t\b\f\x01\x1b[2J", "\\\\\\\"\\r\\t\\b\\f\\u0001\\u001B[2J" },
		{ "M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x93\x9e",
		  "M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x93\x9e" },
		{ "M\xfcller", "M\xef\xbf\xbdller" },
		{ "\xc3", "\xef\xbf\xbd" },			/* cut short */
		{ "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },	/* overlong */
		{ "\xe0\x9f\xbf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },	/* surrogate */
		{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" },	/* U+10FFFF, the last character */
		{ "\xf4\x90\x80\x80",
		  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\x7f", "\xef\xbf\xbd" },
		{ "\xc2\x9b"
		  "2J",
		  "\xef\xbf\xbd\xef\xbf\xbd"
		  "2J" },	/* a terminal's CSI */
		{ "\xc2\xa0", "\xc2\xa0" },
	};
	char want[256];

	open_journal(NULL, 1);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		journal_note(journal,
			     &(struct event){ .event = "x", .reason = texts[i].reason });
		snprintf(want, sizeof want,
			 T "\"seq\":%zu,\"event\":\"x\",\"reason\":\"%s\"}\n", i + 1,
			 texts[i].json);
		ck_assert_str_eq(ring(), want);
	}
}
END_TEST

START_TEST(long_text_is_cut_between_characters)
{
	char text[2048], want[2048];
	size_t kept = 0;

	/* 2-byte characters after 0 or 1 letters: cuts on and beside a boundary. */
	for (size_t letters = 0; letters < 2; letters++) {
		memset(text, 'a', letters);
		for (size_t i = letters; i + 3 < sizeof text; i += 2)
			memcpy(text + i, "\xc3\xbc", 3);
		open_journal(NULL, 1);
		journal_note(journal, &(struct event){ .event = text });
		kept = letters + (252 - letters) / 2 * 2;
		snprintf(want, sizeof want,
			 T "\"seq\":1,\"event\":\"%.*s\xe2\x80\xa6\"}\n", (int)kept,
			 text);
		ck_assert_str_eq(ring(), want);
		journal_close(journal);
		journal = NULL;
	}
}
END_TEST

START_TEST(the_worst_event_is_still_one_whole_line)
{
	char text[4096];
	const char *all = text;

	memset(text, 1, sizeof text - 1);
	text[sizeof text - 1] = '\0';
	open_journal(path, 2);
	journal_note(journal, &(struct event){
				      .event = all,
				      .call = all,
				      .half = HALF_LINE,
				      .extension = all,
				      .from = all,
				      .to = all,
				      .phase_in = PHASE_TERMINATING,
				      .phase_out = PHASE_TERMINATING,
				      .rule = all,
				      .status = -2147483647,
				      .reason = all,
				      .proxy = all,
				      .sip_call_id = all,
			      });
	ck_assert_uint_eq(journal_lost(journal), 0);
	ck_assert_uint_gt(strlen(ring()), 9 * 6 * 250);
	ck_assert_str_eq(content(path), ring());
}
END_TEST

START_TEST(the_ring_forgets_the_oldest)
{
	open_journal(NULL, 3);
	ck_assert_str_eq(ring(), "");
	note("a");
	note("b");
	ck_assert_str_eq(ring(), T "\"seq\":1,\"event\":\"a\"}\n" T
				   "\"seq\":2,\"event\":\"b\"}\n");
	note("longer than what was there");
	note("d");
	ck_assert_str_eq(ring(),
			 T "\"seq\":2,\"event\":\"b\"}\n" T
			   "\"seq\":3,\"event\":\"longer than what was there\"}\n" T
			   "\"seq\":4,\"event\":\"d\"}\n");
}
END_TEST

static bool count_to_two(void *context, const char *json)
{
	int *count = context;

	ck_assert_int_eq(*json, '{');
	return ++*count < 2;
}

START_TEST(a_visitor_may_leave)
{
	int count = 0;

	open_journal(NULL, 5);
	for (int i = 0; i < 5; i++)
		note("a");
	journal_visit(journal, count_to_two, &count);
	ck_assert_int_eq(count, 2);
}
END_TEST

START_TEST(reopening_after_a_rename_starts_a_new_file)
{
	open_journal(path, 5);
	note("old");
	ck_assert_int_eq(rename(path, moved), 0);
	note("still old");
	ck_assert_int_eq(journal_reopen(journal, &fault), 0);
	note("new");
	ck_assert_str_eq(content(moved), T "\"seq\":1,\"event\":\"old\"}\n" T
					   "\"seq\":2,\"event\":\"still old\"}\n");
	ck_assert_str_eq(content(path), T "\"seq\":3,\"event\":\"new\"}\n");
}
END_TEST

START_TEST(a_reopening_that_fails_keeps_the_old_file)
{
	open_journal(path, 5);
	ck_assert_int_eq(rename(path, moved), 0);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(journal_reopen(journal, &fault), -EISDIR);
	ck_assert_ptr_nonnull(strstr(fault.text, path));
	rmdir(path);
	note("kept");
	ck_assert_str_eq(content(moved), T "\"seq\":1,\"event\":\"kept\"}\n");
}
END_TEST

START_TEST(what_cannot_be_opened_is_said)
{
	char nowhere[160];

	snprintf(nowhere, sizeof nowhere, "%s/no/such/file", directory);
	ck_assert_int_eq(journal_open(nowhere, 5, &journal, &fault), -ENOENT);
	ck_assert_ptr_nonnull(strstr(fault.text, nowhere));
	ck_assert_int_eq(journal_open(path, 0, &journal, &fault), -EINVAL);
	ck_assert_int_eq(journal_open(path, SIZE_MAX / 8, &journal, &fault), -EINVAL);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(journal_open(path, 5, &journal, &fault), -ENXIO);
	ck_assert_ptr_null(journal);
}
END_TEST

START_TEST(an_existing_file_is_continued_on_a_line_of_its_own)
{
	FILE *out = fopen(path, "w");

	fputs("{\"t\":\"2026", out);
	fclose(out);
	open_journal(path, 5);
	note("a");
	journal_close(journal);
	open_journal(path, 5);
	note("b");
	ck_assert_str_eq(content(path),
			 "{\"t\":\"2026\n" T "\"seq\":1,\"event\":\"a\"}\n" T
			 "\"seq\":1,\"event\":\"b\"}\n");
}
END_TEST

START_TEST(a_full_disk_costs_lines_but_no_events)
{
	open_journal("/dev/full", 5);
	for (int i = 0; i < 3; i++)
		note("a");
	ck_assert_uint_eq(journal_lost(journal), 3);
	ck_assert_str_eq(ring(), T "\"seq\":1,\"event\":\"a\"}\n" T
				   "\"seq\":2,\"event\":\"a\"}\n" T
				   "\"seq\":3,\"event\":\"a\"}\n");
}
END_TEST

/* A limit on the file's size cuts a write short just as a full disk does. */
static void limit_file(rlim_t bytes)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(a_line_cut_short_is_taken_back_and_the_loss_told)
{
	static const char first[] = T "\"seq\":1,\"event\":\"a\"}\n";

	open_journal(path, 9);
	note("a");
	limit_file(sizeof first - 1 + 10);
	note("b");
	note("c");
	ck_assert_uint_eq(journal_lost(journal), 2);
	ck_assert_str_eq(content(path), first);
	limit_file(RLIM_INFINITY);
	note("d");
	ck_assert_str_eq(content(path),
			 T "\"seq\":1,\"event\":\"a\"}\n" T
			   "\"seq\":4,\"event\":\"journal-lost\","
			   "\"reason\":\"2 events could not be written to the file\"}\n" T
			   "\"seq\":5,\"event\":\"d\"}\n");
	ck_assert_str_eq(ring(), T
			 "\"seq\":1,\"event\":\"a\"}\n" T "\"seq\":2,\"event\":\"b\"}\n" T
			 "\"seq\":3,\"event\":\"c\"}\n" T
			 "\"seq\":4,\"event\":\"journal-lost\","
			 "\"reason\":\"2 events could not be written to the file\"}\n" T
			 "\"seq\":5,\"event\":\"d\"}\n");
	ck_assert_uint_eq(journal_lost(journal), 2);
}
END_TEST

START_TEST(a_loss_not_yet_told_is_told_at_the_end)
{
	open_journal(path, 5);
	limit_file(3);
	note("a");
	limit_file(RLIM_INFINITY);
	journal_close(journal);
	journal = NULL;
	ck_assert_str_eq(content(path),
			 T "\"seq\":2,\"event\":\"journal-lost\","
			   "\"reason\":\"1 event could not be written to the file\"}\n");
}
END_TEST

/* Everything that is in the pipe now. */
static const char *drain(int fd)
{
	static char text[4 * FILE_ROOM];
	ssize_t length = read(fd, text, sizeof text - 1);

	text[length > 0 ? length : 0] = '\0';
	return text;
}

START_TEST(a_reader_that_stops_reading_blocks_nothing)
{
	char reason[250];
	uint64_t noted = 0;
	const char *text;
	int fd;

	memset(reason, 1, sizeof reason - 1); /* lines above PIPE_BUF */
	reason[sizeof reason - 1] = '\0';
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	ck_assert_int_ge(fd, 0);
	open_journal(path, 2);
	for (; journal_lost(journal) == 0 && noted < 1000; noted++)
		journal_note(journal, &(struct event){ .event = "x",
						       .reason = reason,
						       .from = reason,
						       .to = reason,
						       .rule = reason });
	ck_assert_uint_eq(journal_lost(journal), 1);
	drain(fd);
	note("again");
	text = drain(fd);
	ck_assert_msg(strncmp(text, "\n{", 2) == 0 || strncmp(text, "{", 1) == 0, "%.40s",
		      text);
	ck_assert_ptr_nonnull(strstr(text, "\"event\":\"journal-lost\""));
	ck_assert_ptr_nonnull(strstr(text, "\"event\":\"again\"}\n"));
	close(fd);
}
END_TEST

START_TEST(a_reader_that_went_away_stops_nothing)
{
	int fd;

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	open_journal(path, 2);
	close(fd);
	note("a");
	ck_assert_uint_eq(journal_lost(journal), 1);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	note("b");
	ck_assert_uint_eq(journal_lost(journal), 1);
	ck_assert_ptr_nonnull(strstr(drain(fd), "\"event\":\"b\"}\n"));
	close(fd);
}
END_TEST

START_TEST(a_stuck_stderr_blocks_nothing)
{
	int ends[2], kept = dup(STDERR_FILENO);

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
	open_journal("-", 2);
	for (int i = 0; i < 5000; i++)
		note("a");
	dup2(kept, STDERR_FILENO);
	ck_assert_uint_gt(journal_lost(journal), 0);
	ck_assert_int_eq(journal_reopen(journal, &fault), 0);
	ck_assert_msg(strncmp(drain(ends[0]), T "\"seq\":1,\"event\":\"a\"}\n", 40) == 0,
		      "the first line came through");
	close(ends[0]);
	close(ends[1]);
	close(kept);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("journal");
	TCase *all = tcase_create("journal");

	tcase_add_checked_fixture(all, set_up, tear_down);
	tcase_set_timeout(all, 20);
	tcase_add_test(all, an_event_is_one_line_with_its_keys_in_order);
	tcase_add_test(all, keys_that_do_not_apply_are_left_out);
	tcase_add_test(all, text_from_outside_forges_nothing);
	tcase_add_test(all, long_text_is_cut_between_characters);
	tcase_add_test(all, the_worst_event_is_still_one_whole_line);
	tcase_add_test(all, the_ring_forgets_the_oldest);
	tcase_add_test(all, a_visitor_may_leave);
	tcase_add_test(all, reopening_after_a_rename_starts_a_new_file);
	tcase_add_test(all, a_reopening_that_fails_keeps_the_old_file);
	tcase_add_test(all, what_cannot_be_opened_is_said);
	tcase_add_test(all, an_existing_file_is_continued_on_a_line_of_its_own);
	tcase_add_test(all, a_full_disk_costs_lines_but_no_events);
	tcase_add_test(all, a_line_cut_short_is_taken_back_and_the_loss_told);
	tcase_add_test(all, a_loss_not_yet_told_is_told_at_the_end);
	tcase_add_test(all, a_reader_that_stops_reading_blocks_nothing);
	tcase_add_test(all, a_reader_that_went_away_stops_nothing);
	tcase_add_test(all, a_stuck_stderr_blocks_nothing);
	suite_add_tcase(suite, all);
	return suite;
}
