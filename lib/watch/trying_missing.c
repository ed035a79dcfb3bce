/* SPDX-License-Identifier: MIT */
/*
 * RFC 3261 section 17.2.1: an INVITE is answered by 100 unless something else answers it within
 * 200 ms.  50 ms more are for the way.  A far end that says nothing at all is down.
 */
#include "watch/view.h"

enum { TRYING_US = 250000, TRYING_DUE_MS = 400 };

static bool is_late(const struct kept *request, int64_t at_us)
{
	return at_us - request->at_us > TRYING_US;
}

static void say(const struct view *view, const struct kept *request, int64_t at_us)
{
	view_tell(view, "the INVITE had no answer, not even 100, for %lld ms",
		  (long long)(at_us - request->at_us) / 1000);
}

/* The first answer may come after its time was judged. */
static void trying_see(const struct view *view)
{
	if (!view_is(view, "INVITE"))
		return;
	if (view->now->is_request && view->is_out)
		view_await(view);
	else if (!view->is_out && view->asked && is_late(view->asked, view->at_us) &&
		 !view_answer(view, view->asked, 100))
		say(view, view->asked, view->at_us);
}

static void trying_due(const struct view *view, const struct kept *request)
{
	if (!view_answer(view, request, 100) && view_is_alive(view, request))
		say(view, request, view->at_us);
}

const struct rule trying_missing_rule = {
	.name = "100-missing",
	.clause = "RFC 3261 17.2.1",
	.severity = WATCH_ERROR,
	.see = trying_see,
	.due = trying_due,
	.after_ms = TRYING_DUE_MS,
};
