/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t stopped_wall_us = -1, stopped_mono_ms = -1, set_asleep_us = -1;

static int64_t read_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_wall_us(void)
{
	return stopped_wall_us >= 0 ? stopped_wall_us : read_us(CLOCK_REALTIME);
}

int64_t clock_mono_us(void)
{
	return stopped_mono_ms >= 0 ? stopped_mono_ms * 1000 : read_us(CLOCK_MONOTONIC);
}

int64_t clock_mono_ms(void)
{
	return clock_mono_us() / 1000;
}

int64_t clock_asleep_us(void)
{
	return set_asleep_us >= 0 ? set_asleep_us
				  : read_us(CLOCK_BOOTTIME) - read_us(CLOCK_MONOTONIC);
}

void clock_set_asleep(int64_t us)
{
	set_asleep_us = us;
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
