/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

enum { PROBE_PROCESSES = 64 };

struct probe {
	unsigned count;
	uint16_t system_port, own_port;
	struct {
		pid_t pid;
		int counter;	/* of instructions, or -1 */
	} process[PROBE_PROCESSES];
};

static int probe_counter(pid_t pid)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.inherit = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attr, pid, -1, -1,
			    PERF_FLAG_FD_CLOEXEC);
}

struct probe *probe_open(const char *pids, uint16_t system_port, uint16_t own_port)
{
	struct probe *probe = calloc(1, sizeof *probe);

	if (!probe)
		return NULL;
	probe->system_port = system_port;
	probe->own_port = own_port;
	while (*pids) {
		char *end;
		long pid = strtol(pids, &end, 10);
		if (end == pids || (*end && *end != ',') || pid <= 0 ||
		    probe->count == PROBE_PROCESSES) {
			probe_close(probe);
			errno = EINVAL;
			return NULL;
		}
		probe->process[probe->count].pid = (pid_t)pid;
		probe->process[probe->count++].counter = probe_counter((pid_t)pid);
		pids = *end ? end + 1 : end;
	}
	return probe;
}

void probe_close(struct probe *probe)
{
	if (!probe)
		return;
	for (unsigned i = 0; i < probe->count; i++)
		if (probe->process[i].counter >= 0)
			close(probe->process[i].counter);
	free(probe);
}

static FILE *probe_file(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	return fopen(path, "re");
}

/* utime and stime are the 14th and 15th field; the second, the name, may hold blanks. */
static void probe_times(pid_t pid, struct probe_sample *sample)
{
	char line[1024];
	unsigned long user, system;
	FILE *file = probe_file(pid, "stat");

	if (!file)
		return;
	const char *behind = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
	fclose(file);
	if (behind &&
	    sscanf(behind, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		   &system) == 2) {
		uint64_t tick_us = 1000000 / (uint64_t)sysconf(_SC_CLK_TCK);
		sample->user_us += user * tick_us;
		sample->system_us += system * tick_us;
	}
}

uint64_t probe_resident(const struct probe *probe)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < probe->count; i++) {
		unsigned long pages;
		FILE *file = probe_file(probe->process[i].pid, "statm");
		if (!file)
			continue;
		if (fscanf(file, "%*u %lu", &pages) == 1)
			bytes += pages * (uint64_t)sysconf(_SC_PAGESIZE);
		fclose(file);
	}
	return bytes;
}

/* The last column of each line counts datagrams dropped because the socket's buffer was
 * full. */
static void probe_drops(const struct probe *probe, struct probe_sample *sample)
{
	char line[512];
	FILE *file = fopen("/proc/self/net/udp", "re");

	while (file && fgets(line, sizeof line, file)) {
		unsigned port;
		char *end = line + strcspn(line, "\n");
		while (end > line && end[-1] == ' ')
			*--end = '\0';
		*end = '\0';
		const char *last = strrchr(line, ' ');
		if (!last || sscanf(line, " %*u: %*8x:%4x", &port) != 1)
			continue;
		if (port == probe->system_port)
			sample->dropped += strtoull(last + 1, NULL, 10);
		if (port == probe->own_port)
			sample->own_dropped += strtoull(last + 1, NULL, 10);
	}
	if (file)
		fclose(file);
}

static void probe_own(struct probe_sample *sample)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	sample->own_us =
		(uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
		(uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void probe_take(struct probe *probe, struct probe_sample *sample)
{
	*sample = (struct probe_sample){ .at_ns = probe_now_ns() };
	for (unsigned i = 0; i < probe->count; i++) {
		uint64_t count;
		probe_times(probe->process[i].pid, sample);
		if (probe->process[i].counter >= 0 &&
		    read(probe->process[i].counter, &count, sizeof count) == sizeof count)
			sample->instructions += count;
	}
	sample->resident_bytes = probe_resident(probe);
	probe_drops(probe, sample);
	probe_own(sample);
}

bool probe_counts_instructions(const struct probe *probe)
{
	return probe->count && probe->process[0].counter >= 0;
}

uint64_t probe_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
