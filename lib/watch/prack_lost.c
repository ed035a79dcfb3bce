/* SPDX-License-Identifier: MIT */
/*
 * RFC 3262 sections 4, 5: PRACK goes to whoever rings reliably, through every proxy, and its answer
 * comes back.
 */
#include "watch/passed_on.h"

static void prack_see(const struct view *view)
{
	if (view->is_out && view->now->is_request && view_is(view, "PRACK"))
		view_await(view);
}

/* Whether a watched seat is the other end of PRACK's dialog. */
static bool is_watched(const struct view *view, const struct kept *prack)
{
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (kept->is_out && kept->status / 100 == 1 && kept_is(kept, "INVITE") &&
		    kept->to_tag == prack->to_tag && kept->from_tag == prack->from_tag)
			return true;
	return false;
}

static void prack_due(const struct view *view, const struct kept *prack)
{
	if (is_watched(view, prack) && !passed_on_is_there(view, prack))
		view_tell(view, "PRACK went out and came nowhere");
	else if (!view_answer(view, prack, 200) && view_is_alive(view, prack))
		view_tell(view, "PRACK had no answer");
}

const struct rule prack_lost_rule = {
	.name = "prack-lost",
	.clause = "RFC 3262 4, 5",
	.severity = WATCH_ERROR,
	.see = prack_see,
	.due = prack_due,
	.after_ms = 1500,
};
