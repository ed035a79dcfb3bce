/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

static bool unknown_station_refuse(const struct inquiry *inquiry, struct verdict *verdict,
				   const char *which, const struct party *party)
{
	const struct denial denial = rule_unknown(inquiry, "unknown-station");

	if (!*party->user)
		return rule_refuse(inquiry, verdict, denial, "the %s party has no number",
				   which);
	return rule_refuse(inquiry, verdict, denial, "there is no station %s here",
			   party->user);
}

/* The party whose features are run must be a station; off-hook names it twice. */
bool rule_unknown_station(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct facts *facts = inquiry->facts;
	const struct profile *profile = inquiry->profile;

	if (facts->half != HALF_TERM && !profile->caller)
		return unknown_station_refuse(inquiry, verdict, "calling",
					      &facts->caller);
	if (facts->half != HALF_ORIG && !profile->called)
		return unknown_station_refuse(inquiry, verdict, "called", &facts->called);
	return false;
}
