/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

static struct denial denial(int status)
{
	return (struct denial){ status, CAUSE_NONE, "phase" };
}

/* Wrong tags are answered, never guessed (halfcall-protocol(7), ROUTE TAGS). */
bool rule_phase(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct route_tag *tag = &inquiry->facts->tag;
	bool routes_untagged = inquiry->policy->routes_untagged;

	if (tag->phases > 1)
		return rule_refuse(inquiry, verdict, denial(400),
				   "the Route carries %u phases, the last of them %s",
				   tag->phases, tag->text);
	switch (tag->phase) {
	case PHASE_IMSORIG:
	case PHASE_IMSTERM:
		return false;
	case PHASE_ORIGDONE:
	case PHASE_TERMDONE:
		return rule_refuse(inquiry, verdict, denial(400),
				   "phase=%s is ours to send, not to receive", tag->text);
	case PHASE_TERMINATING:
		return !routes_untagged &&
		       rule_refuse(inquiry, verdict, denial(400),
				   "phase=terminating marks an ordinary last hop, not a "
				   "half call");
	case PHASE_NONE:
		return !routes_untagged &&
		       rule_refuse(inquiry, verdict, denial(403),
				   "the Route carries no phase, and call.untagged is "
				   "'reject'");
	case PHASE_UNKNOWN:
		break;
	}
	return rule_refuse(inquiry, verdict, denial(400), "phase=%s is unknown",
			   tag->text);
}

/* The call could not be sent back. */
bool rule_way_back(const struct inquiry *inquiry, struct verdict *verdict)
{
	const char *uri = inquiry->facts->senseless_way_back;

	return uri &&
	       rule_refuse(
		       inquiry, verdict, (struct denial){ 400, CAUSE_NONE, "way-back" },
		       "nothing can be sent back to the second Route, %s: its host or "
		       "transport makes no sense",
		       uri);
}
