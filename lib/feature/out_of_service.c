/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

bool rule_out_of_service(const struct inquiry *inquiry, struct verdict *verdict)
{
	bool is_term = inquiry->facts->half == HALF_TERM;
	const struct profile *profile = inquiry->profile;
	const struct station *station = is_term ? profile->called : profile->caller;
	struct denial denial =
		is_term ? (struct denial){ 480, CAUSE_NONE, "out-of-service" }
			: (struct denial){ 403, CAUSE_REJECTED, "out-of-service" };

	return !station->in_service &&
	       rule_refuse(inquiry, verdict, denial, "station %s is out of service",
			   station->extension);
}
