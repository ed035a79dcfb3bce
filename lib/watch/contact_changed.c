/* SPDX-License-Identifier: MIT */
/* RFC 3261 sections 12.1, 16.6, 20.10: the Contact is the user agent's. */
#include "watch/view.h"

static void contact_changed(const struct view *view)
{
	if (view->origin && view->now->status / 100 != 3 &&
	    !specimen_is_same(view->origin, view->now, specimen_text("Contact")))
		view_tell(view, "Contact of %.*s is not what it was",
			  VIEW_TEXT(view->now->method));
}

const struct rule contact_changed_rule = {
	.name = "contact-changed",
	.clause = "RFC 3261 12.1, 16.6",
	.severity = WATCH_ERROR,
	.see = contact_changed,
};
