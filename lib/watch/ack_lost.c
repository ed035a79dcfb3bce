/* SPDX-License-Identifier: MIT */
/*
 * RFC 3261 sections 13.2.2.4, 17.1.1.3: whoever answered INVITE finally is sent an ACK: by the
 * proxy for a failure, and for a 2xx when the caller sent one.
 */
#include "watch/passed_on.h"

static bool is_acknowledged(const struct view *view, const struct kept *answer)
{
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (!kept->is_out && !kept->status && kept_is(kept, "ACK") &&
		    kept->cseq == answer->cseq && kept->to_tag == answer->to_tag)
			return true;
	return false;
}

/* The ACK of a 2xx that another seat sent for ANSWER, or NULL. */
static const struct kept *ack_sent(const struct view *view, const struct kept *answer)
{
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (kept->is_out && !kept->status && kept_is(kept, "ACK") &&
		    kept->cseq == answer->cseq && kept->to_tag == answer->to_tag &&
		    kept->from_tag == answer->from_tag)
			return kept;
	return NULL;
}

/* The 2xx that ACK acknowledges, which a watched seat sent, or NULL. */
static const struct kept *acknowledged(const struct view *view, const struct kept *ack)
{
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (kept->is_out && kept->status / 100 == 2 && kept_is(kept, "INVITE") &&
		    kept->cseq == ack->cseq && kept->to_tag == ack->to_tag &&
		    kept->from_tag == ack->from_tag)
			return kept;
	return NULL;
}

static void ack_see(const struct view *view)
{
	if (!view->is_out)
		return;
	if ((view->now->is_request && view_is(view, "ACK")) ||
	    (view->now->status >= 300 && view_is(view, "INVITE") && view->asked))
		view_await(view);
}

static void ack_due(const struct view *view, const struct kept *kept)
{
	const struct kept *answer = kept->status ? kept : acknowledged(view, kept);

	if (!answer || is_acknowledged(view, answer))
		return;
	/* CM passed it on and stays out of the dialog: the ACK goes past it. */
	if (passed_on_is_relayed(view, answer) && !passed_on_is_recorded(view))
		return;
	if (kept->status ? view_is_alive(view, kept) : ack_sent(view, answer) != NULL)
		view_tell(view, "%d to INVITE had no ACK", answer->status);
}

const struct rule ack_lost_rule = {
	.name = "ack-lost",
	.clause = "RFC 3261 13.2.2.4, 17.1.1.3",
	.severity = WATCH_ERROR,
	.see = ack_see,
	.due = ack_due,
	.after_ms = 1500,
};
