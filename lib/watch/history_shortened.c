/* SPDX-License-Identifier: MIT */
/* RFC 7044 section 5: entries of History-Info that arrived stay, in their order. */
#include "watch/view.h"

static void history_shortened(const struct view *view)
{
	unsigned went, came;

	if (!view->origin || !view->now->is_request)
		return;
	went = specimen_count(view->origin, "History-Info");
	came = specimen_count(view->now, "History-Info");
	if (came < went)
		view_tell(view, "History-Info has %u entries, and went out with %u", came,
			  went);
	else if (!specimen_is_among(view->origin, view->now,
				    specimen_text("History-Info")))
		view_tell(view, "an entry of History-Info is not what it was");
}

const struct rule history_shortened_rule = {
	.name = "history-shortened",
	.clause = "RFC 7044 5",
	.severity = WATCH_ERROR,
	.see = history_shortened,
};
