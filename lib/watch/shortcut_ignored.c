/* SPDX-License-Identifier: MIT */
/*
 * halfcall-protocol(7), FEATURE AND EVOLUTION SERVER: an evolution server marks origdone with atrp=shortcut, and
 * imsterm brings that back.
 */
#include "watch/view.h"

static bool is_asked(const struct specimen *specimen)
{
	struct specimen_walk walk = { 0 };
	struct scan_text element, value, name = specimen_text("Accept-Contact");

	while (specimen_next(specimen, &walk, name, &element))
		if ((specimen_param(element, "atrp", &value) ||
		     specimen_param(element, "+atrp", &value)) &&
		    (scan_is(&value, "shortcut") || scan_is(&value, "\"shortcut\"")))
			return true;
	return false;
}

static void shortcut_ignored(const struct view *view)
{
	if (view_is_request_in(view, "INVITE") && view->seat == WATCH_CM &&
	    view->origin && is_asked(view->origin) && !is_asked(view->now))
		view_tell(view, "%.*s came without the atrp=shortcut that went out",
			  VIEW_TEXT(view_phase(view->now)));
}

const struct rule shortcut_ignored_rule = {
	.name = "shortcut-ignored",
	.clause = "halfcall-protocol(7), FEATURE AND EVOLUTION SERVER",
	.severity = WATCH_WARNING,
	.see = shortcut_ignored,
};
