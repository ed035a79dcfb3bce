/* SPDX-License-Identifier: MIT */
/* RFC 3261 section 16.6: a proxy must not add to, modify, or remove the message body. */
#include "watch/view.h"

#include <string.h>

static void body_changed(const struct view *view)
{
	const struct specimen *now = view->now, *before = view->origin;

	if (!before)
		return;
	if (now->body_length != before->body_length)
		view_tell(view, "the body of %.*s has %zu bytes, and went out with %zu",
			  VIEW_TEXT(now->method), now->body_length, before->body_length);
	else if (memcmp(now->body, before->body, now->body_length) != 0)
		view_tell(view, "the body of %.*s is not the one that went out",
			  VIEW_TEXT(now->method));
	else if (!specimen_is_same(before, now, specimen_text("Content-Type")))
		view_tell(view, "the body of %.*s has another Content-Type",
			  VIEW_TEXT(now->method));
}

const struct rule body_changed_rule = {
	.name = "body-changed",
	.clause = "RFC 3261 16.6",
	.severity = WATCH_ERROR,
	.see = body_changed,
};
