/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* A call that is let through takes a trunk member, as long as there is one. */
bool rule_trunk_members(const struct inquiry *inquiry, struct verdict *verdict)
{
	unsigned members = inquiry->policy->trunk_members;

	return members && inquiry->facts->members >= members &&
	       rule_refuse(inquiry, verdict,
			   (struct denial){ 503, CAUSE_NONE, "trunk-members" },
			   "all %u trunk members are in use", members);
}
