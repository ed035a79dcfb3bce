/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

static bool refuse(const struct inquiry *inquiry, struct verdict *verdict,
		   const char *unsupported)
{
	if (!unsupported)
		return false;
	rule_refuse(inquiry, verdict, (struct denial){ 420, CAUSE_NONE, "require" },
		    "what is required is not known here: %s", unsupported);
	verdict->unsupported = unsupported;
	return true;
}

/* RFC 3261 section 8.2.2.3, of what is answered here and not by another user agent. */
bool rule_require(const struct inquiry *inquiry, struct verdict *verdict)
{
	return refuse(inquiry, verdict, inquiry->facts->unsupported);
}

/* The same of calls that a user agent passes on. */
bool rule_require_passed(const struct inquiry *inquiry, struct verdict *verdict)
{
	return refuse(inquiry, verdict, inquiry->facts->unsupported_passed);
}
