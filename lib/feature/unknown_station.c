/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* The half is run for somebody; we must know whom. */
bool rule_unknown_station(const struct inquiry *inquiry, struct verdict *verdict)
{
	bool is_term = inquiry->facts->half == HALF_TERM;
	const struct party *party =
		is_term ? &inquiry->facts->called : &inquiry->facts->caller;

	if (is_term ? inquiry->profile->called : inquiry->profile->caller)
		return false;
	if (!*party->user)
		return rule_refuse(
			inquiry, verdict, rule_unknown(inquiry, "unknown-station"),
			"the %s party has no number", is_term ? "called" : "calling");
	return rule_refuse(inquiry, verdict, rule_unknown(inquiry, "unknown-station"),
			   "there is no station %s here", party->user);
}
