/* SPDX-License-Identifier: MIT */
/* RFC 3261 section 16.7, step 5: every 2xx to INVITE is passed on at once, of each fork. */
#include "watch/view.h"

static void success_see(const struct view *view)
{
	if (view->is_out && view->now->status / 100 == 2 && view_is(view, "INVITE"))
		view_await(view);
}

/* The request of a watched seat that ANSWER is on the way to: the lowest of its Vias but one that
 * one of them wrote. */
static const struct kept *asked_by(const struct view *view, const struct kept *answer)
{
	const struct kept *kept = NULL;

	for (unsigned i = 1; i < answer->via_count; i++)
		while (answer->vias[i] && (kept = kept_before(view->trail, kept)))
			if (kept->is_out && !kept->status && kept_is(kept, "INVITE") &&
			    kept->vias[0] == answer->vias[i])
				return kept;
	return NULL;
}

static void success_due(const struct view *view, const struct kept *answer)
{
	const struct kept *request = asked_by(view, answer), *kept = NULL;

	if (!request)
		return;
	while ((kept = kept_before(view->trail, kept)))
		if (!kept->is_out && kept->status == answer->status &&
		    kept->vias[0] == request->vias[0] && kept->to_tag == answer->to_tag)
			return;
	view_tell(view, "%d to INVITE did not come back", answer->status);
}

const struct rule success_lost_rule = {
	.name = "2xx-lost",
	.clause = "RFC 3261 16.7",
	.severity = WATCH_ERROR,
	.see = success_see,
	.due = success_due,
	.after_ms = 1000,
};
