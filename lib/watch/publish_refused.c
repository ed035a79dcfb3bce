/* SPDX-License-Identifier: MIT */
/*
 * RFC 3903 section 6; halfcall-protocol(7), DIALOG EVENTS: the event server takes PUBLISH; 412 and
 * 423 are its ways to ask for another.
 */
#include "watch/view.h"

static void publish_refused(const struct view *view)
{
	int status = view->now->status;

	if (!view->is_out && view->asked && status >= 300 && status != 412 &&
	    status != 423 && view_is(view, "PUBLISH"))
		view_tell(view, "PUBLISH was refused with %d", status);
}

const struct rule publish_refused_rule = {
	.name = "publish-refused",
	.clause = "RFC 3903 6",
	.severity = WATCH_WARNING,
	.see = publish_refused,
};
