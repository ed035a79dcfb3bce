/* SPDX-License-Identifier: MIT */
/*
 * Publications over a restart, and a state file that is damaged, missing, full or not
 * accessible.
 */
#include "publish_peer.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64], path[128], beside[160];

static void set_up(void)
{
	signal(SIGXFSZ, SIG_IGN);
	peer_set_up();
	strcpy(directory, "/tmp/publish_restart_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/publications", directory);
	snprintf(beside, sizeof beside, "%s.new", path);
	peer.settings.state_file = path;
}

static void tear_down(void)
{
	peer_tear_down();
	unlink(path);
	unlink(beside);
	rmdir(path);
	rmdir(directory);
}

static struct slot *slot(void)
{
	return peer_slot("2001");
}

static uint32_t told_version(void)
{
	xmlDoc *document = document_read(slot()->body, slot()->length);
	uint32_t version = document_version(document);

	xmlFreeDoc(document);
	return version;
}

/* Ends the publisher as if the process had been killed. */
static void crash(void)
{
	char kept[65536];
	int fd = open(path, O_RDONLY);
	ssize_t length = read(fd, kept, sizeof kept);

	close(fd);
	ck_assert_int_ge(length, 0);
	peer_stop();
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert_int_eq(write(fd, kept, (size_t)length), length);
	close(fd);
}

static void append(const char *text)
{
	FILE *out = fopen(path, "a");

	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

/* Three documents, the last with ETag "e3"; a dialog lives. */
static void publish_three(void)
{
	peer_start();
	peer_show("d1", SHOWN_TRYING);
	peer_answer(200, "e1");
	peer_show("d1", SHOWN_EARLY);
	peer_answer(200, "e2");
	peer_show("d1", SHOWN_CONFIRMED);
	peer_answer(200, "e3");
}

static void expect_removal(const char *etag)
{
	peer_start();
	ck_assert_str_eq(peer_state(), "PUBLISHED");
	ck_assert_uint_eq(slot()->sent, 0);
	peer_run_ms(2000);
	ck_assert_str_eq(peer_state(), "REMOVING");
	ck_assert_str_eq(slot()->if_match, etag);
	ck_assert_uint_eq(slot()->expires_s, 0);
	ck_assert_ptr_null(slot()->body);
	peer_answer(200, NULL);
	ck_assert_str_eq(peer_state(), "IDLE");
}

static void expect_version(uint32_t version)
{
	peer_show("new", SHOWN_TRYING);
	ck_assert_str_eq(slot()->if_match, "");
	ck_assert_uint_eq(told_version(), version);
}

START_TEST(an_orderly_end_leaves_no_ghost_and_versions_go_on)
{
	publish_three();
	peer_stop();
	expect_removal("e3");
	expect_version(3);
}
END_TEST

START_TEST(a_crash_leaves_no_ghost_and_versions_go_on)
{
	publish_three();
	crash();
	expect_removal("e3");
	expect_version(3);
}
END_TEST

START_TEST(a_crash_in_flight_uses_no_version_twice)
{
	publish_three();
	peer_show("d1", SHOWN_TERMINATED);
	ck_assert_uint_eq(told_version(), 3);
	crash();
	expect_removal("e3");
	expect_version(4);
}
END_TEST

START_TEST(what_was_removed_is_not_removed_again)
{
	publish_three();
	peer_stop();
	expect_removal("e3");
	crash();
	peer_start();
	ck_assert_ptr_null(slot());
	expect_version(3);
}
END_TEST

START_TEST(what_expired_meanwhile_is_left_alone)
{
	publish_three();
	peer_stop();
	peer_run_ms(3600 * 1000);
	peer_start();
	ck_assert_ptr_null(slot());
	expect_version(3);
}
END_TEST

START_TEST(what_expires_before_its_removal_is_left_alone)
{
	publish_three();
	peer_stop();
	peer_run_ms(3599 * 1000);
	peer_start();
	ck_assert_str_eq(peer_state(), "PUBLISHED");
	peer_run_ms(2000);
	ck_assert_str_eq(peer_state(), "IDLE");
	ck_assert_uint_eq(slot()->sent, 0);
}
END_TEST

START_TEST(a_dialog_before_the_removal_takes_the_publication_over)
{
	publish_three();
	peer_stop();
	peer_start();
	peer_show("d9", SHOWN_TRYING);
	ck_assert_str_eq(slot()->if_match, "e3");
	ck_assert_uint_eq(told_version(), 3);
	peer_answer(412, NULL);
	expect_version(4);
}
END_TEST

START_TEST(a_removal_that_meets_412_is_done)
{
	publish_three();
	peer_stop();
	peer_start();
	peer_run_ms(2000);
	peer_answer(412, NULL);
	ck_assert_str_eq(peer_state(), "IDLE");
	ck_assert_uint_eq(slot()->armed_ms, 0);
}
END_TEST

START_TEST(many_leftovers_are_removed_one_after_another)
{
	char extension[16];

	peer_start();
	for (unsigned i = 0; i < 200; i++) {
		snprintf(extension, sizeof extension, "%u", 3000 + i);
		publisher_show(
			peer.publisher,
			&(struct shown_dialog){ .extension = extension, .id = "d" });
		peer.slots[i].is_in_flight = false;
		publisher_answered(
			peer.slots[i].publication,
			&(struct publish_response){ .status = 200, .etag = "e" });
	}
	peer_stop();
	peer.requests = 0;
	peer_start();
	peer_run_ms(1999);
	ck_assert_uint_eq(peer.requests, 100);
	peer_run_ms(1000);
	ck_assert_uint_eq(peer.requests, 200);
}
END_TEST

START_TEST(odd_names_and_etags_survive)
{
	static const char etag[] = "e 1%\n\xff-=";

	peer_start();
	publisher_show(peer.publisher,
		       &(struct shown_dialog){ .extension = "Zo\xc3\xab 7", .id = "d" });
	peer.slots[0].is_in_flight = false;
	publisher_answered(peer.slots[0].publication,
			   &(struct publish_response){ .status = 200, .etag = etag });
	peer_stop();
	peer_start();
	ck_assert_ptr_nonnull(peer_slot("Zo\xc3\xab 7"));
	peer_run_ms(2000);
	ck_assert_str_eq(peer.slots[0].if_match, etag);
	ck_assert_str_eq(peer.notes, "");
}
END_TEST

START_TEST(damaged_lines_are_skipped_and_cost_no_version)
{
	static const char *const damage[] = {
		"2001 9 99",
		"\n\n\x01\x02\xff\n",
		"2001 9 1895253400 =e9 0123456789abcdef\n",
		"    \n",
		"2001 9\n",
		"%%%\n",
	};

	publish_three();
	crash();
	for (size_t i = 0; i < sizeof damage / sizeof damage[0]; i++)
		append(damage[i]);
	for (unsigned i = 0; i < 5000; i++)
		append("x");
	expect_removal("e3");
	ck_assert_str_eq(peer.notes, " publish-state 0\n");
	peer_show("new", SHOWN_TRYING);
	ck_assert_uint_ge(told_version(), 3);
	ck_assert_uint_le(told_version(), 3 + 7);
}
END_TEST

/* Were reading to end at the first line, the ETag would be lost, and with it the removal. */
START_TEST(lines_after_a_damaged_first_one_count)
{
	static const char *const firsts[] = { "damaged\n", "2001 9 1895253400 =e9 0\n" };
	char kept[4096];
	size_t length;
	FILE *file;

	publish_three();
	crash();
	file = fopen(path, "r");
	length = fread(kept, 1, sizeof kept, file);
	fclose(file);
	file = fopen(path, "w");
	fputs(firsts[_i], file);
	fwrite(kept, 1, length, file);
	fclose(file);
	expect_removal("e3");
	ck_assert_str_eq(peer.notes, " publish-state 0\n");
	expect_version(4);		/* 3, and one for the damaged line */
}
END_TEST

/* The file cut at each length, and with each byte damaged. */
START_TEST(no_damage_anywhere_is_more_than_a_note)
{
	char kept[4096], spoilt[4096];
	ssize_t length;
	int fd;

	publish_three();
	crash();
	fd = open(path, O_RDONLY);
	length = read(fd, kept, sizeof kept);
	close(fd);
	for (ssize_t at = 0; at < length; at++) {
		memcpy(spoilt, kept, (size_t)length);
		spoilt[at] = (char)(spoilt[at] ^ (1 << at % 8));
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		ck_assert_int_gt(write(fd, spoilt, (size_t)(at % 2 ? at : length)), 0);
		close(fd);
		peer_start();
		peer_show("d1", SHOWN_TRYING);
		if (at % 2 == 0)
			ck_assert_uint_ge(told_version(), 3);
		peer_stop();
	}
}
END_TEST

/* Asserts that publications continue as without a file, and that the fault is noted
 * once. */
static void expect_carried_on(void)
{
	publish_three();
	ck_assert_str_eq(peer.notes, " publish-state 0\n");
	peer_run_ms(6000);
	peer_show("d1", SHOWN_TERMINATED);
	peer_answer(200, "e4");
	ck_assert_str_eq(peer_state(), "PUBLISHED");
	ck_assert_str_eq(peer.notes, " publish-state 0\n");
	peer_stop();
}

START_TEST(a_directory_that_is_missing_stops_nothing)
{
	snprintf(path, sizeof path, "%s/missing/publications", directory);
	expect_carried_on();
}
END_TEST

START_TEST(a_path_that_is_a_directory_stops_nothing)
{
	ck_assert_int_eq(mkdir(path, 0700), 0);
	expect_carried_on();
}
END_TEST

START_TEST(a_path_that_is_a_device_stays_one)
{
	struct stat about;

	peer.settings.state_file = _i ? "/dev/full" : "/dev/null";
	expect_carried_on();
	ck_assert_int_eq(stat(peer.settings.state_file, &about), 0);
	ck_assert(S_ISCHR(about.st_mode));
}
END_TEST

START_TEST(a_fifo_blocks_nothing)
{
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	expect_carried_on();
}
END_TEST

static void publish_other(void)
{
	publisher_show(peer.publisher,
		       &(struct shown_dialog){ .extension = "2002", .id = "d" });
	peer_slot("2002")->is_in_flight = false;
	publisher_answered(peer_slot("2002")->publication,
			   &(struct publish_response){ .status = 200, .etag = "o1" });
}

START_TEST(a_full_disk_is_noted_once_and_recovers)
{
	struct rlimit none = { 0, RLIM_INFINITY }, old;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
	peer_start();
	peer_show("d1", SHOWN_TRYING);
	peer_answer(200, "e1");
	none.rlim_max = old.rlim_max;
	none.rlim_cur = 20;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	peer_show("d1", SHOWN_EARLY);
	peer_answer(200, "e2");
	peer_show("d1", SHOWN_CONFIRMED);
	peer_answer(200, "e3");
	ck_assert_str_eq(peer.notes, " publish-state 0\n");
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
	peer_run_ms(6000);
	publish_other();		/* the line of 2001 that could not be written is in the file now */
	ck_assert_str_eq(peer.notes, " publish-state 0\n");
	crash();
	expect_removal("e3");
	expect_version(3);
}
END_TEST

/* The second file cannot be written, so it must not take the first one's place. */
START_TEST(a_disk_that_is_full_at_the_start_spoils_nothing)
{
	struct rlimit limit = { 10, RLIM_INFINITY }, old;
	struct stat before, after;

	publish_three();
	crash();
	ck_assert_int_eq(stat(path, &before), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit.rlim_max = old.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	peer_start();
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
	ck_assert_str_eq(peer.notes, " publish-state 0\n");
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert_int_eq(after.st_size, before.st_size);
	ck_assert_int_eq(after.st_ino, before.st_ino);
	crash();
	expect_removal("e3");
}
END_TEST

/*
 * The disk fills in the middle of a line, and is free again before the file is rewritten.
 */
START_TEST(a_line_cut_short_does_not_spoil_the_next)
{
	struct rlimit limit, old;
	struct stat about;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
	peer_start();
	peer_show("d1", SHOWN_TRYING);
	peer_answer(200, "e1");
	ck_assert_int_eq(stat(path, &about), 0);
	limit = (struct rlimit){ (rlim_t)about.st_size + 10, old.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	peer_show("d1", SHOWN_EARLY);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
	ck_assert_str_eq(peer.notes, " publish-state 0\n");
	peer_answer(200, "e2");
	crash();
	expect_removal("e2");
	expect_version(3);		/* 2, and one for the damaged line */
}
END_TEST

START_TEST(the_file_is_for_its_owner_alone_and_stays_small)
{
	struct stat about;
	char etag[16];

	peer_start();
	peer_show("d1", SHOWN_CONFIRMED);
	peer_answer(200, "e0");
	ck_assert_int_eq(stat(path, &about), 0);
	ck_assert_uint_eq(about.st_mode & 0777, 0600);
	for (unsigned i = 1; i < 12000; i++) {
		snprintf(etag, sizeof etag, "e%u", i);
		peer_show("x", SHOWN_TRYING);
		publisher_show(peer.publisher,
			       &(struct shown_dialog){ .extension = "2001",
						       .id = "d1",
						       .state = SHOWN_CONFIRMED,
						       .remote_name = etag });
		if (slot()->is_in_flight)
			peer_answer(200, etag);
	}
	ck_assert_int_eq(stat(path, &about), 0);
	ck_assert_int_lt(about.st_size, 1000000);
	peer_stop();
	ck_assert_int_eq(stat(path, &about), 0);
	ck_assert_int_lt(about.st_size, 100);
	ck_assert_int_lt(access(beside, F_OK), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("publish restart");
	TCase *tests = tcase_create("restart");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, an_orderly_end_leaves_no_ghost_and_versions_go_on);
	tcase_add_test(tests, a_crash_leaves_no_ghost_and_versions_go_on);
	tcase_add_test(tests, a_crash_in_flight_uses_no_version_twice);
	tcase_add_test(tests, what_was_removed_is_not_removed_again);
	tcase_add_test(tests, what_expired_meanwhile_is_left_alone);
	tcase_add_test(tests, what_expires_before_its_removal_is_left_alone);
	tcase_add_test(tests, a_dialog_before_the_removal_takes_the_publication_over);
	tcase_add_test(tests, a_removal_that_meets_412_is_done);
	tcase_add_test(tests, many_leftovers_are_removed_one_after_another);
	tcase_add_test(tests, odd_names_and_etags_survive);
	tcase_add_test(tests, damaged_lines_are_skipped_and_cost_no_version);
	tcase_add_loop_test(tests, lines_after_a_damaged_first_one_count, 0, 2);
	tcase_add_test(tests, no_damage_anywhere_is_more_than_a_note);
	tcase_add_test(tests, a_directory_that_is_missing_stops_nothing);
	tcase_add_test(tests, a_path_that_is_a_directory_stops_nothing);
	tcase_add_loop_test(tests, a_path_that_is_a_device_stays_one, 0, 2);
	tcase_add_test(tests, a_fifo_blocks_nothing);
	tcase_add_test(tests, a_full_disk_is_noted_once_and_recovers);
	tcase_add_test(tests, a_disk_that_is_full_at_the_start_spoils_nothing);
	tcase_add_test(tests, a_line_cut_short_does_not_spoil_the_next);
	tcase_add_test(tests, the_file_is_for_its_owner_alone_and_stays_small);
	suite_add_tcase(suite, tests);
	return suite;
}
