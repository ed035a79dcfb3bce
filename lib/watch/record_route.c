/* SPDX-License-Identifier: MIT */
/*
 * RFC 3261 sections 12.2, 16.6 step 4, 16.7: a proxy puts its Record-Route, which has `lr`, before
 * those there are and keeps them, in requests and in responses.
 */
#include "watch/view.h"

static bool is_kept(const struct view *view)
{
	unsigned came = specimen_count(view->now, "Record-Route");
	unsigned went = specimen_count(view->origin, "Record-Route");

	if (came < went)
		return false;
	for (unsigned i = 0; i < went && view->now->is_request; i++)
		if (!specimen_equals(
			    specimen_element(view->origin, "Record-Route", i),
			    specimen_element(view->now, "Record-Route", came - went + i)))
			return false;
	return true;
}

static void record_route(const struct view *view)
{
	struct scan_text first, lr;

	if (view->is_out)
		return;
	first = specimen_element(view->now, "Record-Route", 0);
	if (view->now->is_request && first.at && !specimen_param(first, "lr", &lr))
		view_tell(view, "the Record-Route of %.*s has no lr",
			  VIEW_TEXT(view->now->method));
	else if (view->origin && !is_kept(view))
		view_tell(view, "%.*s came without a Record-Route that it went out with",
			  VIEW_TEXT(view->now->method));
}

const struct rule record_route_rule = {
	.name = "record-route",
	.clause = "RFC 3261 12.2",
	.severity = WATCH_ERROR,
	.see = record_route,
};
