/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* One case in which coverage begins, with the reason and rule it is recorded as. */
struct occasion {
	enum cover_when when;
	enum diversion why;
	const char *rule;
};

/*
 * A point for all calls also takes calls that a forwarding led to a target that failed.
 */
static bool serves(const struct inquiry *inquiry, const struct coverage_point *point,
		   enum cover_when when)
{
	switch (point->condition) {
	case COVER_ALL:
		return true;
	case COVER_SEND_ALL_CALLS:
		return inquiry->profile->called->sends_all_calls;
	case COVER_BUSY:
		return when == COVER_WHEN_BUSY;
	case COVER_NO_ANSWER:
		return when == COVER_WHEN_UNANSWERED;
	}
	return false;
}

/* The forwarding of a coverage point is never followed: the next point comes instead. */
static struct redirect redirect_to(const struct inquiry *inquiry,
				   const struct coverage_point *point,
				   const struct occasion *occasion)
{
	const struct way called = way_of_called(inquiry);
	struct verdict refusal = { .status = 0 };
	struct redirect redirect = {
		.destination = point->to.number ? point->to.number : "",
		.rule = occasion->rule,
		.is_outside = !point->to.station,
		.station = point->to.station ? point->to.station->extension : NULL,
		.ring_s = point->ring_s ? point->ring_s : inquiry->policy->no_answer_s,
	};
	struct hop *hop;

	if (onward_is_refused(inquiry, &called, &point->to, "coverage", &refusal)) {
		onward_refuse(&redirect, &refusal);
		return redirect;
	}
	hop = arena_alloc(inquiry->arena, sizeof *hop);
	*hop = (struct hop){
		.why = occasion->why,
		.to = redirect.destination,
		.station = redirect.station,
	};
	redirect.hops = hop;
	redirect.hop_count = 1;
	return redirect;
}

/* Fills COVERAGE with the points for OCCASION; whether one of them is not refused. */
static bool cover(const struct inquiry *inquiry, const struct occasion *occasion,
		  struct coverage *coverage)
{
	const struct profile *profile = inquiry->profile;
	struct redirect *points;
	bool has_point = false;

	*coverage = (struct coverage){ .count = 0 };
	if (profile->coverage_count == 0)
		return false;
	points = arena_alloc(inquiry->arena, profile->coverage_count * sizeof *points);
	coverage->points = points;
	for (size_t i = 0; i < profile->coverage_count; i++) {
		const struct coverage_point *point = &profile->coverage[i];

		if (coverage->count == COVER_POINTS_MAX ||
		    !serves(inquiry, point, occasion->when))
			continue;
		points[coverage->count] = redirect_to(inquiry, point, occasion);
		has_point |= points[coverage->count++].refusal == 0;
	}
	return has_point;
}

bool rule_coverage(const struct inquiry *inquiry, struct verdict *verdict)
{
	static const struct occasion later[] = {
		{ COVER_WHEN_BUSY, DIVERSION_COVER_BUSY, "coverage:busy" },
		{ COVER_WHEN_UNANSWERED, DIVERSION_COVER_NO_REPLY, "coverage:no-answer" },
	};

	for (size_t i = 0; i < sizeof later / sizeof *later; i++)
		cover(inquiry, &later[i], &verdict->coverage[later[i].when]);
	if (verdict->coverage[COVER_WHEN_UNANSWERED].count > 0)
		verdict->ring_s = onward_ring_s(inquiry, inquiry->profile->called);
	return false;
}

bool rule_send_all_calls(const struct inquiry *inquiry, struct verdict *verdict)
{
	static const struct occasion all = { COVER_AT_ONCE, DIVERSION_COVER_ALL,
					     "coverage:all" };
	static const struct occasion send_all = { COVER_AT_ONCE, DIVERSION_SEND_ALL_CALLS,
						  "coverage:send-all-calls" };
	const struct occasion *occasion =
		inquiry->profile->called->sends_all_calls ? &send_all : &all;
	struct coverage at_once;

	/* Without a point that may take the call, the station rings. */
	if (!cover(inquiry, occasion, &at_once))
		return false;
	verdict->coverage[COVER_AT_ONCE] = at_once;
	verdict->kind = VERDICT_COVER;
	verdict->rule = occasion->rule;
	return true;
}
