/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Measures what the system under test costs: processor time, memory, instructions if the
 * machine counts them, and datagrams dropped because its socket's buffer was full.
 */
#include <stdbool.h>
#include <stdint.h>

struct probe;

struct probe_sample {
	uint64_t user_us, system_us;	/* of all its processes, from /proc/PID/stat in
					 * steps of 10 ms */
	uint64_t resident_bytes;
	uint64_t instructions;		/* user and kernel; 0 if not counted here */
	uint64_t dropped;		/* at the system's UDP socket */
	uint64_t own_dropped;		/* at the load generator's UDP socket */
	uint64_t own_us;		/* processor time of the load generator */
	uint64_t at_ns;
};

/**
 * Begins to measure the processes PIDS, a comma-separated list ("" = none, figures are
 * 0), and the UDP sockets of both ports; NULL with errno set.
 */
struct probe *probe_open(const char *pids, uint16_t system_port, uint16_t own_port);
void probe_close(struct probe *probe);

/** Takes a sample. */
void probe_take(struct probe *probe, struct probe_sample *sample);

/** Resident memory of the measured system, bytes. */
uint64_t probe_resident(const struct probe *probe);

/** Whether instructions are counted. */
bool probe_counts_instructions(const struct probe *probe);

/** Nanoseconds on a clock that never goes back. */
uint64_t probe_now_ns(void);
