/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

static bool is_sound(const struct station *station)
{
	return !station ||
	       (station->extension && station->cor.calling <= CALLING_TAC_TOLL &&
		station->cor.called <= CALLED_PUBLIC);
}

/* An unreadable restriction must not count as no restriction, so the call is refused. */
bool rule_bad_profile(const struct inquiry *inquiry, struct verdict *verdict)
{
	if (is_sound(inquiry->profile->caller) && is_sound(inquiry->profile->called))
		return false;
	return rule_refuse(inquiry, verdict,
			   (struct denial){ 500, CAUSE_NONE, "bad-profile" },
			   "a station or its class of restriction makes no sense");
}
