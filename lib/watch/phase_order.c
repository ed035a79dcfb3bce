/* SPDX-License-Identifier: MIT */
/*
 * halfcall-protocol(7), ROUTE TAGS.
 *
 * A proxy sends imsorig and imsterm, one of them, and goes on from what CM said: after origdone
 * the origination half is over, after termdone both are, for the same called party.
 */
#include "watch/view.h"

#include <strings.h>

static bool is_of_cm(struct scan_text phase)
{
	return view_is_phase(phase, "origdone") || view_is_phase(phase, "termdone");
}

static bool is_known(struct scan_text phase)
{
	return view_is_phase(phase, "imsorig") || view_is_phase(phase, "imsterm") ||
	       view_is_phase(phase, "terminating");
}

static void follow(const struct view *view, struct scan_text phase)
{
	struct scan_text before = view_phase(view->origin);
	bool is_same_party = specimen_is_text(specimen_user(view->now->uri),
					      specimen_user(view->origin->uri));

	if (view_is_phase(before, "origdone") && view_is_phase(phase, "imsorig"))
		view_tell(view, "imsorig came after origdone");
	else if (view_is_phase(before, "termdone") && is_same_party)
		view_tell(view, "%.*s came after termdone", VIEW_TEXT(phase));
}

static void phase_order(const struct view *view)
{
	struct scan_text phase;

	if (!view_is_request_in(view, "INVITE") || !view_is_initial(view) ||
	    view->seat != WATCH_CM)
		return;
	phase = view_phase(view->now);
	if (specimen_param_count(specimen_element(view->now, "Route", 0), "phase") > 1)
		view_tell(view, "the Route has more than one phase");
	else if (is_of_cm(phase))
		view_tell(view, "only CM may send %.*s", VIEW_TEXT(phase));
	else if (phase.at && !is_known(phase))
		view_tell(view, "there is no phase \"%.*s\"", VIEW_TEXT(phase));
	else if (phase.at && view->origin && view->source->seat == WATCH_CM)
		follow(view, phase);
}

const struct rule phase_order_rule = {
	.name = "phase-order",
	.clause = "halfcall-protocol(7), ROUTE TAGS",
	.severity = WATCH_ERROR,
	.see = phase_order,
};
