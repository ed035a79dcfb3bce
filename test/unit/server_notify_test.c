/* SPDX-License-Identifier: MIT */
/* Messages to the service manager (sd_notify(3)). */
#include "server/notify.h"

#include "unit.h"

#include <dirent.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char directory[64];
static struct sockaddr_un address;
static int manager;

static void set_up(void)
{
	strcpy(directory, "/tmp/server_notify_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	address = (struct sockaddr_un){ .sun_family = AF_UNIX };
}

static void tear_down(void)
{
	close(manager);
	unsetenv("NOTIFY_SOCKET");
	if (*address.sun_path)
		unlink(address.sun_path);
	rmdir(directory);
}

/* The manager listens at NAME, which begins with @ if it is abstract. */
static void listen_at(const char *name)
{
	size_t length = strlen(name);

	memcpy(address.sun_path, name, length);
	if (*name == '@')
		address.sun_path[0] = '\0';
	ck_assert_int_eq(
		bind(manager, (struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)),
		0);
	setenv("NOTIFY_SOCKET", name, 1);
}

static const char *heard(void)
{
	static char text[64];
	ssize_t length = recv(manager, text, sizeof text - 1, 0);

	text[length < 0 ? 0 : length] = '\0';
	return text;
}

static int descriptors(void)
{
	DIR *fds = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(fds))
		count++;
	closedir(fds);
	return count;
}

START_TEST(a_manager_with_a_path_is_told)
{
	char path[96];
	int before = descriptors();

	snprintf(path, sizeof path, "%s/notify", directory);
	listen_at(path);
	notify_send("READY=1");
	ck_assert_str_eq(heard(), "READY=1");
	notify_send("STOPPING=1");
	ck_assert_str_eq(heard(), "STOPPING=1");
	ck_assert_str_eq(heard(), "");
	ck_assert_int_eq(descriptors(), before);
}
END_TEST

START_TEST(a_manager_with_an_abstract_address_is_told)
{
	char name[96];

	snprintf(name, sizeof name, "@halfcall-%d", (int)getpid());
	listen_at(name);
	notify_send("READY=1");
	ck_assert_str_eq(heard(), "READY=1");
}
END_TEST

START_TEST(the_longest_path_there_may_be_is_told)
{
	char path[sizeof address.sun_path];

	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	memcpy(path, directory, strlen(directory));
	path[strlen(directory)] = '/';
	listen_at(path);
	notify_send("READY=1");
	ck_assert_str_eq(heard(), "READY=1");
}
END_TEST

START_TEST(an_absent_service_manager_is_no_fault)
{
	static const char *const names[] = { "", "relative", "/no/such/socket" };
	char endless[200];
	int before = descriptors();

	notify_send("READY=1");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		setenv("NOTIFY_SOCKET", names[i], 1);
		notify_send("READY=1");
	}
	for (size_t length = sizeof address.sun_path; length < sizeof endless; length++) {
		memset(endless, 'x', length);
		endless[0] = '/';
		endless[length] = '\0';
		setenv("NOTIFY_SOCKET", endless, 1);
		notify_send("READY=1");
	}
	ck_assert_int_eq(descriptors(), before);
}
END_TEST

/* A name that is neither an absolute path nor abstract is ignored. */
START_TEST(a_relative_path_is_none)
{
	char here[256];

	ck_assert_ptr_nonnull(getcwd(here, sizeof here));
	ck_assert_int_eq(chdir(directory), 0);
	listen_at("notify");
	notify_send("READY=1");
	ck_assert_str_eq(heard(), "");
	unlink("notify");
	ck_assert_int_eq(chdir(here), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("server notify");
	TCase *tests = tcase_create("notify");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_manager_with_a_path_is_told);
	tcase_add_test(tests, a_manager_with_an_abstract_address_is_told);
	tcase_add_test(tests, the_longest_path_there_may_be_is_told);
	tcase_add_test(tests, an_absent_service_manager_is_no_fault);
	tcase_add_test(tests, a_relative_path_is_none);
	suite_add_tcase(suite, tests);
	return suite;
}
