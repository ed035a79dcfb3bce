/* SPDX-License-Identifier: MIT */
#pragma once
/* A token bucket: allows BURST events at once and RATE per second on average. */
#include <stdbool.h>
#include <stdint.h>

struct bucket {
	unsigned burst, rate;		/* tokens; tokens per second */
	int64_t level_us;		/* tokens left, in microseconds of RATE */
	int64_t at_us;			/* the time of level_us */
};

/** A bucket that is full at NOW_US. */
static inline struct bucket bucket_of(unsigned burst, unsigned rate, int64_t now_us)
{
	return (struct bucket){ burst, rate, (int64_t)burst * 1000000, now_us };
}

/** Takes a token if there is one. */
static inline bool bucket_take(struct bucket *bucket, int64_t now_us)
{
	int64_t full_us = (int64_t)bucket->burst * 1000000,
		passed_us = now_us - bucket->at_us;

	bucket->at_us = now_us;
	if (passed_us > 0)
		bucket->level_us = passed_us > full_us / bucket->rate
					   ? full_us
					   : bucket->level_us + passed_us * bucket->rate;
	if (bucket->level_us > full_us)
		bucket->level_us = full_us;
	if (bucket->level_us < 1000000)
		return false;
	bucket->level_us -= 1000000;
	return true;
}
