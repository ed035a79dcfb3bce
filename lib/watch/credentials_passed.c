/* SPDX-License-Identifier: MIT */
/* RFC 3261 section 22.3: a proxy takes the credentials off that were meant for it. */
#include "watch/view.h"

static void credentials_passed(const struct view *view)
{
	if (!view->is_out && view->now->is_request &&
	    specimen_has(view->now, "Proxy-Authorization"))
		view_tell(view, "%.*s came with the caller's Proxy-Authorization",
			  VIEW_TEXT(view->now->method));
}

const struct rule credentials_passed_rule = {
	.name = "credentials-passed",
	.clause = "RFC 3261 22.3",
	.severity = WATCH_WARNING,
	.see = credentials_passed,
};
