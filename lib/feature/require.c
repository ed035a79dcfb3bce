/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* RFC 3261 section 8.2.2.3, of what is answered here and not by another user agent. */
bool rule_require(const struct inquiry *inquiry, struct verdict *verdict)
{
	const char *unsupported = inquiry->facts->unsupported;

	return unsupported &&
	       rule_refuse(inquiry, verdict,
			   (struct denial){ 420, CAUSE_NONE, "require" },
			   "what is required is not known here: %s", unsupported);
}
