/* SPDX-License-Identifier: MIT */
/* The sentences of halfcall(1) about a daemon that hangs, ends or sends malformed
 * answers. */
#include "ctl/client.h"

#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char directory[64], path[96];
static int listener;
static struct client_question *question;
static struct client_link *answers;
static struct client_row row;
static struct fault fault;
static int status;

static void set_up(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strcpy(directory, "/tmp/ctl_client_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/control", directory);
	strcpy(address.sun_path, path);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	question = client_question_new("status");
	answers = NULL;
}

static void tear_down(void)
{
	client_free(answers);
	client_question_free(question);
	close(listener);
	unlink(path);
	rmdir(directory);
}

/* Runs a daemon that answers TEXT and closes; returns the client's end of the
 * connection. */
static int answer(const char *text)
{
	char heard[256];
	int fd;

	ck_assert_msg(client_ask(path, question, &answers, &fault) == 0, "%s",
		      fault.text);
	fd = accept(listener, NULL, NULL);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_gt(read(fd, heard, sizeof heard), 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	return fd;
}

static void expect(int err, const char *sentence)
{
	char expected[256];

	snprintf(expected, sizeof expected, "%s: %s", path, sentence);
	errno = EBADF;			/* of something long ago */
	ck_assert_int_eq(client_next(answers, &row, &status, &fault), err);
	ck_assert_str_eq(fault.text, expected);
}

START_TEST(a_daemon_that_goes_away_before_it_answers_is_told)
{
	close(answer(""));
	expect(-ECONNRESET, "halfcalld went away before its answer was complete");
}
END_TEST

START_TEST(a_daemon_that_goes_away_between_two_rows_is_told)
{
	close(answer("{\"row\":{\"a\":1}}\n"));
	ck_assert_int_eq(client_next(answers, &row, &status, &fault), 1);
	ck_assert_str_eq(row.json, "{\"a\":1}");
	expect(-ECONNRESET, "halfcalld went away before its answer was complete");
}
END_TEST

START_TEST(a_daemon_that_goes_away_within_a_row_is_told)
{
	close(answer("{\"row\":{\"a\":1}}\n{\"done\":0}"));
	ck_assert_int_eq(client_next(answers, &row, &status, &fault), 1);
	expect(-ECONNRESET, "halfcalld went away before its answer was complete");
}
END_TEST

START_TEST(what_is_no_answer_is_told)
{
	static const char *const texts[] = { "what?\n", "{}\n", "{\"done\":\"0\"}\n",
					     "[1]\n", "\n" };

	close(answer(texts[_i]));
	expect(-EPROTO, "the answer is not halfcalld's");
}
END_TEST

START_TEST(how_it_ended_is_a_status_and_a_sentence)
{
	close(answer("{\"done\":7,\"fault\":\"no such station\"}\n"));
	ck_assert_int_eq(client_next(answers, &row, &status, &fault), 0);
	ck_assert_int_eq(status, 1);
	ck_assert_str_eq(fault.text, "no such station");
}
END_TEST

START_TEST(a_good_end_has_no_sentence)
{
	close(answer("{\"done\":0,\"fault\":5}\n"));
	ck_assert_int_eq(client_next(answers, &row, &status, &fault), 0);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(fault.text, "");
}
END_TEST

/* Its patience is CLIENT_PATIENCE_S for the next bytes; here it has none left. */
START_TEST(a_daemon_that_hangs_is_told)
{
	const struct timeval none = { .tv_usec = 1000 };
	int seen = 0;
	DIR *fds = opendir("/proc/self/fd");
	struct dirent *entry;
	int fd = answer("{\"row\":{\"a\":1}}\n");

	ck_assert_ptr_nonnull(fds);
	while ((entry = readdir(fds))) {
		struct timeval patience = { 0 };
		socklen_t length = sizeof patience;
		int other = atoi(entry->d_name);

		if (getsockopt(other, SOL_SOCKET, SO_RCVTIMEO, &patience, &length) != 0 ||
		    patience.tv_sec != CLIENT_PATIENCE_S)
			continue;
		length = sizeof patience;
		ck_assert_int_eq(
			getsockopt(other, SOL_SOCKET, SO_SNDTIMEO, &patience, &length),
			0);
		ck_assert_int_eq(patience.tv_sec, CLIENT_PATIENCE_S);
		setsockopt(other, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof none);
		seen++;
	}
	closedir(fds);
	ck_assert_int_eq(seen, 1);
	ck_assert_int_eq(client_next(answers, &row, &status, &fault), 1);
	expect(-EAGAIN, "halfcalld does not answer");
	close(fd);
}
END_TEST

START_TEST(a_daemon_that_died_is_told)
{
	char expected[256];

	snprintf(expected, sizeof expected, "%s: no halfcalld listens there", path);
	close(listener);
	ck_assert_int_eq(client_ask(path, question, &answers, &fault), -ECONNREFUSED);
	ck_assert_str_eq(fault.text, expected);
	unlink(path);
	ck_assert_int_eq(client_ask(path, question, &answers, &fault), -ENOENT);
	ck_assert_str_eq(fault.text, expected);
	ck_assert_ptr_null(answers);
}
END_TEST

static int descriptors(void)
{
	DIR *fds = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(fds))
		count++;
	closedir(fds);
	return count;
}

START_TEST(what_cannot_be_asked_costs_no_descriptor)
{
	char expected[256];
	int before = descriptors();

	unlink(path);
	for (int i = 0; i < 3; i++)
		ck_assert_int_lt(client_ask(path, question, &answers, &fault), 0);
	ck_assert_int_eq(descriptors(), before);
	snprintf(expected, sizeof expected, "%s/no-directory/control", directory);
	ck_assert_int_eq(client_ask(expected, question, &answers, &fault), -ENOENT);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("ctl client");
	TCase *tests = tcase_create("client");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_daemon_that_goes_away_before_it_answers_is_told);
	tcase_add_test(tests, a_daemon_that_goes_away_between_two_rows_is_told);
	tcase_add_test(tests, a_daemon_that_goes_away_within_a_row_is_told);
	tcase_add_loop_test(tests, what_is_no_answer_is_told, 0, 5);
	tcase_add_test(tests, how_it_ended_is_a_status_and_a_sentence);
	tcase_add_test(tests, a_good_end_has_no_sentence);
	tcase_add_test(tests, a_daemon_that_hangs_is_told);
	tcase_add_test(tests, a_daemon_that_died_is_told);
	tcase_add_test(tests, what_cannot_be_asked_costs_no_descriptor);
	suite_add_tcase(suite, tests);
	return suite;
}
