/* SPDX-License-Identifier: MIT */
#include "tally.h"

/* The step of the histogram: below 128 us one per microsecond, above that 64 per power of
 * two. */
static unsigned tally_step(uint32_t us)
{
	unsigned power = 0;

	while (us >> power >= 128)
		power++;
	return power * 64 + (us >> power);
}

static uint32_t tally_value(unsigned step)
{
	unsigned power = step < 128 ? 0 : step / 64 - 1;

	return (uint32_t)(step - power * 64) << power;
}

void tally_answered(struct tally *tally, uint64_t begun_ns, uint64_t now_ns)
{
	tally->answered++;
	if (begun_ns < tally->measures_from_ns)
		return;
	uint64_t us = now_ns > begun_ns ? (now_ns - begun_ns) / 1000 : 0;
	uint32_t most = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
	unsigned step = tally_step(most);
	tally->measured++;
	tally->step[step < TALLY_STEPS ? step : TALLY_STEPS - 1]++;
	if (most > tally->longest_us)
		tally->longest_us = most;
}

uint32_t tally_percentile(const struct tally *tally, double share)
{
	double wanted = share * (double)tally->measured;
	double seen = 0;

	for (unsigned step = 0; step < TALLY_STEPS; step++) {
		seen += tally->step[step];
		if (seen >= wanted && tally->step[step])
			return tally_value(step);
	}
	return tally->longest_us;
}

const char *tally_fault_name(enum tally_fault fault)
{
	static const char *const names[TALLY_FAULTS] = {
		[TALLY_REFUSED] = "refused",
		[TALLY_UNANSWERED] = "unanswered",
		[TALLY_UNACKNOWLEDGED] = "unacknowledged",
		[TALLY_BYE_UNANSWERED] = "bye_unanswered",
		[TALLY_BYE_REFUSED] = "bye_refused",
		[TALLY_BYE_UNHEARD] = "bye_unheard",
		[TALLY_HUNG_UP] = "hung_up",
	};

	return names[fault];
}
