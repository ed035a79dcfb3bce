/* SPDX-License-Identifier: MIT */
/* RFC 6665 section 4.2.1.2: a subscription that was accepted is told the state at once. */
#include "watch/view.h"

static void notify_see(const struct view *view)
{
	if (view->is_out && view->now->is_request && view_is(view, "SUBSCRIBE"))
		view_await(view);
}

static void notify_due(const struct view *view, const struct kept *subscribe)
{
	const struct kept *answer = view_answer(view, subscribe, 200), *kept = NULL;

	if (!answer || answer->status >= 300)
		return;
	while ((kept = kept_before(view->trail, kept)))
		if (!kept->is_out && kept_is(kept, "NOTIFY") &&
		    kept->at_us >= subscribe->at_us)
			return;
	view_tell(view, "SUBSCRIBE was accepted, and no NOTIFY came within a second");
}

const struct rule notify_late_rule = {
	.name = "notify-late",
	.clause = "RFC 6665 4.2.1.2",
	.severity = WATCH_ERROR,
	.see = notify_see,
	.due = notify_due,
	.after_ms = 1200,
};
