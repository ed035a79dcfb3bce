/* SPDX-License-Identifier: MIT */
#include "journal/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether FILE ends within a line, as after a loss of power. */
static bool ends_torn(const char *file, off_t size)
{
	int fd = size > 0 ? open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
	char last = '\n';

	if (fd < 0)
		return false;
	if (pread(fd, &last, 1, size - 1) != 1)
		last = '\n';
	close(fd);
	return last != '\n';
}

int outlet_open(struct outlet *outlet, const char *file, struct fault *fault)
{
	const int flags =
		O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	struct stat status;

	*outlet = (struct outlet){ .fd = -1 };
	if (!file)
		return 0;
	outlet->fd = strcmp(file, "-") == 0 ? STDERR_FILENO : open(file, flags, 0640);
	if (outlet->fd < 0) {
		int err = errno;

		return fault_say(fault, err, "journal %s cannot be opened: %s", file,
				 err == ENXIO ? "no process reads this pipe"
					      : strerror(err));
	}
	outlet->is_regular = fstat(outlet->fd, &status) == 0 && S_ISREG(status.st_mode);
	outlet->is_torn = outlet->is_regular && outlet->fd != STDERR_FILENO &&
			  ends_torn(file, status.st_size);
	return 0;
}

void outlet_close(struct outlet *outlet)
{
	if (outlet->fd >= 0 && outlet->fd != STDERR_FILENO)
		close(outlet->fd);
	*outlet = (struct outlet){ .fd = -1 };
}

/*
 * Part of a line.  stderr is shared with other processes, so O_NONBLOCK must not be set
 * on it; poll() first and writing no more than PIPE_BUF does not block either.
 */
static ssize_t write_some(const struct outlet *outlet, const char *bytes, size_t length)
{
	struct pollfd ready = { .fd = outlet->fd, .events = POLLOUT };

	if (!outlet->is_regular) {
		if (poll(&ready, 1, 0) != 1)
			return errno = EAGAIN, -1;
		if (length > PIPE_BUF)
			length = PIPE_BUF;
	}
	return write(outlet->fd, bytes, length);
}

/* Writes all, or answers -errno and how much was written. */
static int write_all(const struct outlet *outlet, const char *bytes, size_t length,
		     size_t *done)
{
	for (*done = 0; *done < length;) {
		ssize_t some = write_some(outlet, bytes + *done, length - *done);

		if (some > 0)
			*done += (size_t)some;
		else if (some == 0)
			return -EIO;
		else if (errno != EINTR)
			return -errno;
	}
	return 0;
}

/*
 * Removes the DONE bytes written if they are still the last of a regular file; else the
 * next line begins with a newline.
 */
static void take_back(struct outlet *outlet, size_t done)
{
	off_t at = lseek(outlet->fd, 0, SEEK_CUR);
	struct stat status;

	outlet->is_torn = !outlet->is_regular || outlet->fd == STDERR_FILENO ||
			  at < (off_t)done || fstat(outlet->fd, &status) != 0 ||
			  status.st_size != at ||
			  ftruncate(outlet->fd, at - (off_t)done) != 0;
}

int outlet_write(struct outlet *outlet, const char *line, size_t length)
{
	size_t done;
	int err;

	if (outlet->fd < 0)
		return 0;
	if (outlet->is_torn) {
		err = write_all(outlet, "\n", 1, &done);
		if (err)
			return err;
		outlet->is_torn = false;
	}
	err = write_all(outlet, line, length, &done);
	if (err && done)
		take_back(outlet, done);
	return err;
}
