/* SPDX-License-Identifier: MIT */
/*
 * halfcall-protocol(7), ROUTE TAGS.
 *
 * `seq` stands beside the phase: explicit for a user, implicit for a number.
 */
#include "watch/view.h"

static void seq_lost(const struct view *view)
{
	struct scan_text phase, seq;

	if (!view_is_request_in(view, "INVITE") || !view_is_initial(view) ||
	    view->seat != WATCH_CM)
		return;
	phase = view_phase(view->now);
	if ((view_is_phase(phase, "imsorig") || view_is_phase(phase, "imsterm")) &&
	    !specimen_param(specimen_element(view->now, "Route", 0), "seq", &seq))
		view_tell(view, "%.*s came without seq", VIEW_TEXT(phase));
}

const struct rule seq_lost_rule = {
	.name = "seq-lost",
	.clause = "halfcall-protocol(7), ROUTE TAGS",
	.severity = WATCH_WARNING,
	.see = seq_lost,
};
