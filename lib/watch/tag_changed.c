/* SPDX-License-Identifier: MIT */
/*
 * RFC 3261 sections 8.2.6.2, 16.6: tags are the user agents'.  A response has the From tag of its
 * request, and its To tag if there was one.
 */
#include "watch/view.h"

static void compare(const struct view *view, uint64_t from, uint64_t to)
{
	if (specimen_hash(view->now->from_tag) != from)
		view_tell(view, "the From tag of %.*s is not what it was",
			  VIEW_TEXT(view->now->method));
	else if (to && specimen_hash(view->now->to_tag) != to)
		view_tell(view, "the To tag of %.*s is not what it was",
			  VIEW_TEXT(view->now->method));
}

static void tag_changed(const struct view *view)
{
	if (view->is_out)
		return;
	if (view->source && view->now->is_request)
		compare(view, view->source->from_tag, view->source->to_tag);
	else if (view->asked)
		compare(view, view->asked->from_tag, view->asked->to_tag);
}

const struct rule tag_changed_rule = {
	.name = "tag-changed",
	.clause = "RFC 3261 8.2.6.2, 16.6",
	.severity = WATCH_ERROR,
	.see = tag_changed,
};
