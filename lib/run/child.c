/* SPDX-License-Identifier: MIT */
#include "run/child.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct child {
	pid_t pid;
	bool has_ended;
	int status;
};

static void become(const struct child_order *order, int told, pid_t parent)
{
	int in = open("/dev/null", O_RDONLY), out, err;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	out = open(order->output, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(127);
	if (order->directory && chdir(order->directory) < 0)
		_exit(127);
	for (size_t i = 0; order->environment && order->environment[i]; i++)
		putenv(strdup(order->environment[i]));
	execvp(order->words[0], (char *const *)(uintptr_t)order->words);
	err = errno;
	if (write(told, &err, sizeof err) < 0)
		_exit(126);
	_exit(127);
}

int child_start(const struct child_order *order, struct child **result,
		struct fault *fault)
{
	pid_t parent = getpid(), pid;
	struct child *child;
	int told[2], err = 0;
	ssize_t length;

	if (pipe2(told, O_CLOEXEC) < 0)
		return fault_say(fault, errno, "%s: %s", order->words[0],
				 strerror(errno));
	pid = fork();
	if (pid == 0)
		become(order, told[1], parent);
	close(told[1]);
	if (pid < 0) {
		err = errno;
		close(told[0]);
		return fault_say(fault, err, "%s: %s", order->words[0], strerror(err));
	}
	length = read(told[0], &err, sizeof err);
	close(told[0]);
	if (length == sizeof err) {
		waitpid(pid, NULL, 0);
		return fault_say(fault, err, "%s: %s", order->words[0], strerror(err));
	}
	child = memory_new(sizeof *child);
	child->pid = pid;
	*result = child;
	return 0;
}

bool child_has_ended(struct child *child, int *status)
{
	int how;

	if (!child->has_ended && waitpid(child->pid, &how, WNOHANG) == child->pid) {
		child->has_ended = true;
		child->status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
	}
	*status = child->status;
	return child->has_ended;
}

void child_signal(struct child *child, int signal)
{
	if (!child->has_ended)
		kill(child->pid, signal);
}

int child_stop(struct child *child, unsigned patience_ms)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	int status;

	if (!child_has_ended(child, &status))
		kill(-child->pid, SIGTERM);
	for (unsigned ms = 0; !child_has_ended(child, &status) && ms < patience_ms;
	     ms += 2)
		nanosleep(&pause, NULL);
	if (!child_has_ended(child, &status)) {
		kill(-child->pid, SIGKILL);
		while (!child_has_ended(child, &status))
			nanosleep(&pause, NULL);
	}
	kill(-child->pid, SIGKILL);	/* what it left behind */
	free(child);
	return status;
}
