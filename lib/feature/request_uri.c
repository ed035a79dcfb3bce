/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* Only the user of a sip:, sips: or tel: URI can be a station or a number. */
bool rule_uri(const struct inquiry *inquiry, struct verdict *verdict)
{
	return inquiry->facts->has_other_scheme &&
	       rule_refuse(inquiry, verdict, (struct denial){ 416, CAUSE_NONE, "uri" },
			   "the Request-URI is neither sip:, sips: nor tel:");
}
