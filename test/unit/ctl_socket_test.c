/* SPDX-License-Identifier: MIT */
/* The control socket as a file. */
#include "ctl/client.h"
#include "ctl/ctl.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char directory[64], path[96];
static struct ctl *ctl;
static struct fault fault;

static void greet(void *context, const struct request *request, struct answer *answer)
{
	(void)context;
	(void)request;
	answer_row_begin(answer);
	answer_row_end(answer);
}

static const struct ctl_command commands[] = { { "greet", greet }, { NULL, NULL } };

static void set_up(void)
{
	strcpy(directory, "/tmp/ctl_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/control", directory);
	ck_assert_msg(ctl_open(path, commands, NULL, &ctl, &fault) == 0, "%s",
		      fault.text);
}

static void tear_down(void)
{
	ctl_close(ctl);
	ctl = NULL;
	unlink(path);
	rmdir(directory);
}

static void assert_serves(void)
{
	struct client_question *question = client_question_new("greet");
	struct client_link *link = NULL;
	struct client_row row;
	int status;

	ck_assert_msg(client_ask(path, question, &link, &fault) == 0, "%s", fault.text);
	for (int turn = 0; turn < 8; turn++)
		ctl_ready(ctl);
	ck_assert_int_eq(client_next(link, &row, &status, &fault), 1);
	client_free(link);
	client_question_free(question);
}

/* The file --------------------------------------------------------------------------- */

START_TEST(the_socket_is_its_owners_alone_whatever_the_umask)
{
	struct stat st;
	mode_t mask;

	ctl_close(ctl);
	mask = umask(0);
	ck_assert_int_eq(ctl_open(path, commands, NULL, &ctl, &fault), 0);
	ck_assert_int_eq(umask(mask), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0600);

	ctl_close(ctl);
	mask = umask(0777);
	ck_assert_int_eq(ctl_open(path, commands, NULL, &ctl, &fault), 0);
	umask(mask);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0600);
}
END_TEST

START_TEST(the_socket_is_removed_at_the_end)
{
	ctl_close(ctl);
	ctl = NULL;
	ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

START_TEST(a_socket_of_another_is_not_removed_at_the_end)
{
	struct ctl *other;

	unlink(path);
	ck_assert_int_eq(ctl_open(path, commands, NULL, &other, &fault), 0);
	ctl_close(ctl);
	ctl = other;
	ck_assert_int_eq(access(path, F_OK), 0);
	assert_serves();
}
END_TEST

START_TEST(the_socket_of_a_dead_daemon_is_replaced)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int dead = socket(AF_UNIX, SOCK_STREAM, 0);

	ctl_close(ctl);
	strcpy(address.sun_path, path);
	ck_assert_int_eq(bind(dead, (struct sockaddr *)&address, sizeof address), 0);
	close(dead);
	ck_assert_msg(ctl_open(path, commands, NULL, &ctl, &fault) == 0, "%s",
		      fault.text);
	assert_serves();
}
END_TEST

START_TEST(the_socket_of_a_living_daemon_is_refused)
{
	struct ctl *other = NULL;

	ck_assert_int_eq(ctl_open(path, commands, NULL, &other, &fault), -EADDRINUSE);
	ck_assert_ptr_null(other);
	ck_assert_msg(strstr(fault.text, "another halfcalld"), "%s", fault.text);
	assert_serves();
}
END_TEST

START_TEST(a_file_that_is_no_socket_is_left_alone)
{
	struct ctl *other = NULL;
	char file[128];
	struct stat st;

	snprintf(file, sizeof file, "%s/file", directory);
	close(open(file, O_CREAT | O_WRONLY, 0644));
	ck_assert_int_eq(ctl_open(file, commands, NULL, &other, &fault), -EEXIST);
	ck_assert_msg(strstr(fault.text, "is no socket"), "%s", fault.text);
	ck_assert(stat(file, &st) == 0 && S_ISREG(st.st_mode));
	unlink(file);
}
END_TEST

START_TEST(a_missing_directory_is_named)
{
	struct ctl *other = NULL;
	char file[128];

	snprintf(file, sizeof file, "%s/none/control", directory);
	ck_assert_int_eq(ctl_open(file, commands, NULL, &other, &fault), -ENOENT);
	ck_assert_msg(strstr(fault.text, "/none does not exist"), "%s", fault.text);
}
END_TEST

START_TEST(a_path_too_long_is_refused)
{
	struct ctl *other = NULL;
	char file[256];

	memset(file, 'x', sizeof file - 1);
	file[sizeof file - 1] = '\0';
	ck_assert_int_eq(ctl_open(file, commands, NULL, &other, &fault), -ENAMETOOLONG);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("ctl_socket");
	TCase *tcase = tcase_create("ctl_socket");

	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, the_socket_is_its_owners_alone_whatever_the_umask);
	tcase_add_test(tcase, the_socket_is_removed_at_the_end);
	tcase_add_test(tcase, a_socket_of_another_is_not_removed_at_the_end);
	tcase_add_test(tcase, the_socket_of_a_dead_daemon_is_replaced);
	tcase_add_test(tcase, the_socket_of_a_living_daemon_is_refused);
	tcase_add_test(tcase, a_file_that_is_no_socket_is_left_alone);
	tcase_add_test(tcase, a_missing_directory_is_named);
	tcase_add_test(tcase, a_path_too_long_is_refused);
	return suite;
}
