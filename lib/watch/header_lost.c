/* SPDX-License-Identifier: MIT */
/* RFC 3261 section 16.6: a proxy takes no header away that it has no part in. */
#include "watch/passing.h"
#include "watch/view.h"

static bool is_there(const struct specimen *specimen, struct scan_text name)
{
	struct specimen_walk walk = { 0 };
	struct scan_text element;

	return specimen_next(specimen, &walk, name, &element);
}

static void header_lost(const struct view *view)
{
	unsigned from = 0;

	for (unsigned i = 0; view->origin && i < view->origin->line_count; i++) {
		const struct scan_line *line = &view->origin->lines[i];
		struct scan_text name = specimen_name(line);

		if (name.length &&
		    !specimen_has_line(view->now, view->origin, i, &from) &&
		    passing_is_compared(name) && !is_there(view->now, name)) {
			view_tell(view, "%.*s was in the %.*s that went out, and is gone",
				  VIEW_TEXT(name), VIEW_TEXT(view->now->method));
			return;
		}
	}
}

const struct rule header_lost_rule = {
	.name = "header-lost",
	.clause = "RFC 3261 16.6",
	.severity = WATCH_ERROR,
	.see = header_lost,
};
