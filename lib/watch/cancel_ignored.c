/* SPDX-License-Identifier: MIT */
/*
 * RFC 3261 sections 9.2, 16.10: a proxy answers CANCEL and passes it to every telephone that has
 * the INVITE and has not answered it.
 */
#include "watch/view.h"

static void cancel_see(const struct view *view)
{
	if (!view_is(view, "CANCEL"))
		return;
	if (view->is_out && view->now->is_request)
		view_await(view);
}

/* The INVITE that CANCEL is about: the same branch, the same way. */
static const struct kept *invite_of(const struct view *view, const struct kept *cancel)
{
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (kept->is_out == cancel->is_out && !kept->status &&
		    kept_is(kept, "INVITE") && kept->vias[0] == cancel->vias[0])
			return kept;
	return NULL;
}

/* Whether INVITE, which came in, was cancelled too. */
static bool is_cancelled(const struct view *view, const struct kept *invite)
{
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (!kept->is_out && !kept->status && kept_is(kept, "CANCEL") &&
		    kept->vias[0] == invite->vias[0])
			return true;
	return false;
}

static void cancel_due(const struct view *view, const struct kept *cancel)
{
	const struct kept *invite = invite_of(view, cancel);
	const struct kept *answer = view_answer(view, cancel, 200), *kept = NULL;

	if (!invite || view_answer(view, invite, 200))
		return;
	if (!answer && view_is_alive(view, cancel))
		view_tell(view, "CANCEL had no answer");
	else if (answer && answer->status >= 300)
		view_tell(view, "CANCEL was answered %d while the INVITE was pending",
			  answer->status);
	while ((kept = kept_before(view->trail, kept)))
		if (!kept->is_out && !kept->status && kept_is(kept, "INVITE") &&
		    kept_came_by(kept, invite->vias[0]) && !is_cancelled(view, kept) &&
		    !view_answer(view, kept, 200))
			view_tell(view,
				  "CANCEL did not follow an INVITE to where it went");
}

const struct rule cancel_ignored_rule = {
	.name = "cancel-ignored",
	.clause = "RFC 3261 9.2, 16.10",
	.severity = WATCH_ERROR,
	.see = cancel_see,
	.due = cancel_due,
	.after_ms = 1000,
};
