/* SPDX-License-Identifier: MIT */
/* RFC 3261 section 16.6, step 3: a proxy takes one off Max-Forwards, or adds one of 70. */
#include "watch/view.h"

#include <stdlib.h>

static void max_forwards(const struct view *view)
{
	struct scan_text now, before;

	if (view->is_out || !view->now->is_request)
		return;
	now = specimen_value(view->now, "Max-Forwards");
	if (!now.at) {
		if (view->source)
			view_tell(view, "%.*s has no Max-Forwards",
				  VIEW_TEXT(view->now->method));
		return;
	}
	if (!view->origin || !(before = specimen_value(view->origin, "Max-Forwards")).at)
		return;
	if (strtoul(now.at, NULL, 10) >= strtoul(before.at, NULL, 10))
		view_tell(view, "Max-Forwards of %.*s is %.*s, and %.*s went out",
			  VIEW_TEXT(view->now->method), VIEW_TEXT(now),
			  VIEW_TEXT(before));
}

const struct rule max_forwards_rule = {
	.name = "max-forwards",
	.clause = "RFC 3261 16.6",
	.severity = WATCH_ERROR,
	.see = max_forwards,
};
