/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* A feature name URI asks for a feature, so it never becomes a call (protocol.md 5). */
bool rule_feature_name(const struct inquiry *inquiry, struct verdict *verdict)
{
	const char *name = inquiry->facts->fnu;

	if (!name)
		return false;
	return rule_refuse(inquiry, verdict,
			   (struct denial){ 404, CAUSE_UNALLOCATED, "feature-name" },
			   "there is no feature named '%s' here", name);
}
