/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t stopped_wall_us = -1, stopped_mono_ms = -1;

int64_t clock_wall_us(void)
{
	struct timespec now;

	if (stopped_wall_us >= 0)
		return stopped_wall_us;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_mono_ms(void)
{
	struct timespec now;

	if (stopped_mono_ms >= 0)
		return stopped_mono_ms;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_set(int64_t wall_us, int64_t mono_ms)
{
	stopped_wall_us = wall_us;
	stopped_mono_ms = mono_ms;
}

const char *clock_rfc3339(char text[static CLOCK_RFC3339], int64_t wall_us)
{
	time_t seconds = (time_t)(wall_us / 1000000);
	unsigned micros = (unsigned)(wall_us % 1000000);
	struct tm utc;
	size_t used;

	gmtime_r(&seconds, &utc);
	used = strftime(text, CLOCK_RFC3339, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text + used, CLOCK_RFC3339 - used, ".%06uZ", micros % 1000000u);
	return text;
}
