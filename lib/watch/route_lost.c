/* SPDX-License-Identifier: MIT */
/*
 * halfcall-protocol(7), ROUTE TAGS; RFC 3261 sections 12.2.1.1, 16.4.
 *
 * A tagged INVITE carries the way back below CM's own Route, and a request inside a dialog whose
 * INVITE CM recorded itself in comes by CM's Route.
 */
#include "watch/passed_on.h"

static void see_tagged(const struct view *view)
{
	if (specimen_count(view->now, "Route") < 2)
		view_tell(view,
			  "%.*s came without the Route that leads back to the proxy",
			  VIEW_TEXT(view_phase(view->now)));
}

/* The ACK of a failure and CANCEL go from hop to hop, without the dialog's Routes. */
static bool is_in_dialog(const struct view *view)
{
	const struct kept *kept = NULL;

	if (view_is_initial(view) || view_is(view, "CANCEL"))
		return false;
	if (!view_is(view, "ACK"))
		return true;
	while ((kept = kept_before(view->trail, kept)))
		if (kept->is_out && kept->status >= 300 &&
		    kept->cseq == view->now->cseq && kept_is(kept, "INVITE") &&
		    kept->vias[0] == view->vias[0])
			return false;
	return true;
}

static void route_lost(const struct view *view)
{
	if (view->is_out || !view->now->is_request || view->seat != WATCH_CM)
		return;
	if (view_is(view, "INVITE") && view_is_initial(view)) {
		if (view_phase(view->now).at)
			see_tagged(view);
	} else if (!specimen_has(view->now, "Route") && is_in_dialog(view) &&
		   passed_on_is_recorded(view)) {
		view_tell(view, "%.*s came without the Route that CM recorded",
			  VIEW_TEXT(view->now->method));
	}
}

const struct rule route_lost_rule = {
	.name = "route-lost",
	.clause = "RFC 3261 16.4; halfcall-protocol(7), ROUTE TAGS",
	.severity = WATCH_ERROR,
	.see = route_lost,
};
