/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static pid_t runner_pid;
static unsigned allowed_s = 10;

void unit_allow_cpu_s(unsigned seconds)
{
	allowed_s = seconds;
}

static void tell(const char *text)
{
	(void)!write(STDERR_FILENO, text, strlen(text));
}

/*
 * In the process of a test that has used up its time.  What loops in one test will loop in
 * many, so the whole program ends, not only this test.
 */
static void time_is_up(int number)
{
	(void)number;
	tell("unit: ended, a test of the case ");
	tell(tcase_name());
	tell(" has used up its processor time: does it loop for ever?\n");
	kill(runner_pid, SIGTERM);
	_exit(EXIT_FAILURE);
}

/* Each test is a process and has a time of its own; in one with all (CK_FORK=no), none. */
static void bound_tests(SRunner *runner)
{
	const struct rlimit limit = { allowed_s, allowed_s + 5 };

	if (srunner_fork_status(runner) == CK_NOFORK)
		return;
	runner_pid = getpid();
	signal(SIGXCPU, time_is_up);
	setrlimit(RLIMIT_CPU, &limit);
}

int main(void)
{
	Suite *suite;
	SRunner *runner;
	int failed;

	/*
	 * A test that waits for ever ends by these, Check's 4 s being too short on a busy
	 * machine.  One that loops for ever ends by the processor time it uses.
	 */
	setenv("CK_DEFAULT_TIMEOUT", "30", 0);
	setenv("CK_TIMEOUT_MULTIPLIER", "3", 0);
	suite = unit_suite();
	if (!suite)
		return EXIT_FAILURE;
	runner = srunner_create(suite);
	bound_tests(runner);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
