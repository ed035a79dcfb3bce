/* SPDX-License-Identifier: MIT */
/*
 * RFC 3261 section 16.6: a proxy changes no header that it has no part in; User-Agent may grow at
 * its end (halfcall-protocol(7), HALF CALLS), and the parameters of the Request-URI reach CM.
 */
#include "watch/passing.h"
#include "watch/view.h"

#include <string.h>

static bool is_appended(struct scan_text before, struct scan_text now)
{
	return now.length >= before.length &&
	       memcmp(now.at, before.at, before.length) == 0;
}

static bool is_fine(const struct view *view, struct scan_text name)
{
	if (specimen_is_same(view->origin, view->now, name))
		return true;
	if (scan_is(&name, "User-Agent"))
		return is_appended(specimen_value(view->origin, "User-Agent"),
				   specimen_value(view->now, "User-Agent"));
	return passing_may_grow(name) && specimen_is_among(view->origin, view->now, name);
}

static void see_uri(const struct view *view)
{
	static const char *const params[] = { "avaya-cm-fnu", "avaya-cm-action",
					      "avaya-cm-destination",
					      "avaya-cm-extension" };
	struct scan_text before, now;

	if (!view->now->is_request || view->seat != WATCH_CM)
		return;
	for (size_t i = 0; i < sizeof params / sizeof *params; i++)
		if (specimen_param(view->origin->uri, params[i], &before) &&
		    (!specimen_param(view->now->uri, params[i], &now) ||
		     !specimen_is_text(before, now)))
			view_tell(view, "the Request-URI lost %s", params[i]);
}

static void header_changed(const struct view *view)
{
	unsigned from = 0;

	if (!view->origin)
		return;
	see_uri(view);
	for (unsigned i = 0; i < view->origin->line_count; i++) {
		struct scan_text name = specimen_name(&view->origin->lines[i]);
		struct specimen_walk walk = { 0 };
		struct scan_text element;

		if (name.length &&
		    !specimen_has_line(view->now, view->origin, i, &from) &&
		    passing_is_compared(name) &&
		    specimen_next(view->now, &walk, name, &element) &&
		    !is_fine(view, name))
			view_tell(view,
				  "%.*s is not what it was in the %.*s that went out",
				  VIEW_TEXT(name), VIEW_TEXT(view->now->method));
	}
}

const struct rule header_changed_rule = {
	.name = "header-changed",
	.clause = "RFC 3261 16.6",
	.severity = WATCH_ERROR,
	.see = header_changed,
};
