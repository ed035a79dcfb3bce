/* SPDX-License-Identifier: MIT */
/*
 * RFC 3261 sections 8.1.1.5, 8.2.6.2, 12.2.1.1: CSeq names the method of its request, a response
 * has that of its request, and a proxy leaves it alone.
 */
#include "watch/view.h"

/* The source of a request is found by branch and method, whatever its number. */
static void cseq(const struct view *view)
{
	const struct specimen *now = view->now;
	uint32_t expected = view->source  ? view->source->cseq
			    : view->asked ? view->asked->cseq
					  : now->cseq;

	if (view->is_out)
		return;
	if (now->is_request && !specimen_is_text(now->method, now->cseq_method))
		view_tell(view, "%.*s has a CSeq of %.*s", VIEW_TEXT(now->method),
			  VIEW_TEXT(now->cseq_method));
	else if (now->cseq != expected)
		view_tell(view, "CSeq of %.*s is %u, and went out as %u",
			  VIEW_TEXT(now->method), now->cseq, expected);
}

const struct rule cseq_rule = {
	.name = "cseq",
	.clause = "RFC 3261 8.1.1.5, 12.2.1.1",
	.severity = WATCH_ERROR,
	.see = cseq,
};
