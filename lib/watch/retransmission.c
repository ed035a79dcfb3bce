/* SPDX-License-Identifier: MIT */
/*
 * RFC 3261 sections 13.3.1.4, 17.1.1.2, 17.1.2.2: a request is not repeated once it was answered,
 * INVITE by anything, others finally; nor a final response to INVITE after its ACK.  What was under
 * way while the answer went out, up to 100 ms, may still come.
 */
#include "watch/view.h"

enum { UNDER_WAY_US = 100000 };

static const struct kept *find_ack(const struct view *view)
{
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (kept->is_out && !kept->status && kept_is(kept, "ACK") &&
		    kept->cseq == view->now->cseq &&
		    kept->to_tag == specimen_hash(view->now->to_tag))
			return kept;
	return NULL;
}

static void retransmission(const struct view *view)
{
	const struct kept *answer;

	if (view->is_out || view_is(view, "ACK"))
		return;
	if (view->now->is_request)
		answer = view_answer(view, view->twin,
				     view_is(view, "INVITE") ? 100 : 200);
	else if (view_is(view, "INVITE") && view->now->status >= 200)
		answer = find_ack(view);
	else
		return;
	if (!answer || view->at_us - answer->at_us <= UNDER_WAY_US)
		return;
	if (view->now->is_request)
		view_tell(view, "%.*s came again %lld ms after its answer %d",
			  VIEW_TEXT(view->now->method),
			  (long long)(view->at_us - answer->at_us) / 1000,
			  answer->status);
	else
		view_tell(view, "%d to INVITE came again %lld ms after its ACK",
			  view->now->status,
			  (long long)(view->at_us - answer->at_us) / 1000);
}

const struct rule retransmission_rule = {
	.name = "retransmission",
	.clause = "RFC 3261 17.1.1.2, 17.1.2.2",
	.severity = WATCH_WARNING,
	.copied = retransmission,
};
