/* SPDX-License-Identifier: MIT */
/*
 * halfcall-protocol(7), ROUTE TAGS.
 *
 * A new INVITE comes to CM with a phase; and what CM sent with origdone does not go to a telephone
 * before the termination half was run.
 */
#include "watch/view.h"

static void phase_lost(const struct view *view)
{
	if (!view_is_request_in(view, "INVITE") || !view_is_initial(view))
		return;
	if (view->seat == WATCH_CM && !view_phase(view->now).at &&
	    !view->settings->takes_untagged)
		view_tell(view, "the INVITE to %.*s came to CM without a phase",
			  VIEW_TEXT(specimen_user(view->now->uri)));
	else if (view->seat == WATCH_PHONE && view->origin &&
		 view_is_phase(view_phase(view->origin), "origdone"))
		view_tell(view, "origdone was sent to %.*s without imsterm",
			  VIEW_TEXT(specimen_user(view->now->uri)));
}

const struct rule phase_lost_rule = {
	.name = "phase-lost",
	.clause = "halfcall-protocol(7), ROUTE TAGS",
	.severity = WATCH_ERROR,
	.see = phase_lost,
};
