/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum log_level threshold = LOG_INFO;

static const char *const names[] = {
	[LOG_ERROR] = "error",
	[LOG_WARNING] = "warning",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

void log_set_level(enum log_level level)
{
	threshold = level;
}

int log_level_by_name(const char *name)
{
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

bool log_is_on(enum log_level level)
{
	return level <= threshold;
}

/* Copies TEXT with control characters as \xNN; bytes of UTF-8 stay. */
static size_t escape(char *to, size_t room, const char *text)
{
	static const char hex[] = "0123456789abcdef";
	size_t used = 0;

	for (; *text && used + 4 < room; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c != 0x7f) {
			to[used++] = (char)c;
			continue;
		}
		to[used++] = '\\';
		to[used++] = 'x';
		to[used++] = hex[c >> 4];
		to[used++] = hex[c & 15];
	}
	return used;
}

/*
 * One write() a line, so lines of several processes on one terminal do not mix.  stderr may be a
 * pipe that is not read: then the line is lost, and nothing waits.  It is shared with other
 * processes, so O_NONBLOCK must not be set on it; after poll() up to PIPE_BUF bytes do not block.
 */
static void put_line(const char *line, size_t length)
{
	struct pollfd ready = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (poll(&ready, 1, 0) != 1 || !(ready.revents & POLLOUT))
		return;
	if (write(STDERR_FILENO, line, length) < 0)
		return;	/* stderr is closed: the line is lost */
}

void log_line(enum log_level level, const char *format, ...)
{
	char text[1024], line[2048];
	va_list args;
	size_t used;

	if (!log_is_on(level))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);

	used = (size_t)snprintf(line, sizeof line, "%s: ", names[level]);
	used += escape(line + used, sizeof line - used - 1, text);
	line[used++] = '\n';
	put_line(line, used);
}
