/* SPDX-License-Identifier: MIT */
#include "bench.h"

/* Milliseconds between transmissions: T1 500, T2 4000, 64 times T1 in total. */
static const uint16_t bench_invite_ladder[] = { 500, 1000, 2000, 4000, 8000, 16000, 500 };
static const uint16_t bench_request_ladder[] = { 500,  1000, 2000, 4000, 4000, 4000,
						 4000, 4000, 4000, 4000, 500 };

/* The wait number STEP of LADDER, shortened so that all waits together do not exceed
 * bench->give_up_ms. */
static uint32_t bench_wait(const struct bench *bench, const uint16_t *ladder,
			   unsigned rungs, unsigned step)
{
	uint32_t waited = 0;

	if (!bench->repeats)
		return step ? 0 : bench->give_up_ms;
	if (step >= rungs)
		return 0;
	for (unsigned i = 0; i < step; i++)
		waited += ladder[i];
	if (waited >= bench->give_up_ms)
		return 0;
	uint32_t left = bench->give_up_ms - waited;
	return ladder[step] < left ? ladder[step] : left;
}

uint32_t bench_invite_wait(const struct bench *bench, unsigned step)
{
	return bench_wait(bench, bench_invite_ladder,
			  sizeof bench_invite_ladder / sizeof *bench_invite_ladder, step);
}

uint32_t bench_request_wait(const struct bench *bench, unsigned step)
{
	return bench_wait(bench, bench_request_ladder,
			  sizeof bench_request_ladder / sizeof *bench_request_ladder,
			  step);
}

void bench_fail(struct bench *bench, struct flight *flight, enum tally_fault why)
{
	bench->tally->failed++;
	bench->tally->fault[why]++;
	flight_end(bench->flights, flight);
}

void bench_settle(struct bench *bench, struct flight *flight)
{
	if (flight->end[FLIGHT_CALLER].state != FLIGHT_OVER)
		return;
	if (flight->end[FLIGHT_CALLEE].state != FLIGHT_OVER) {
		flight_arm(bench->flights, flight, FLIGHT_CALLER, bench->give_up_ms,
			   bench->now_ns);
		return;
	}
	bench->tally->finished++;
	flight_end(bench->flights, flight);
}
