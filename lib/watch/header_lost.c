/* SPDX-License-Identifier: MIT */
/* RFC 3261 section 16.6: a proxy takes no header away that it has no part in. */
#include "watch/passing.h"
#include "watch/view.h"

#include <string.h>

static bool is_there(const struct specimen *specimen, struct scan_text name)
{
	struct scan_text other;

	for (unsigned i = 0; i < specimen->line_count; i++) {
		other = specimen_name(&specimen->lines[i]);
		if (other.length == name.length &&
		    strncasecmp(other.at, name.at, name.length) == 0)
			return true;
	}
	return false;
}

static void header_lost(const struct view *view)
{
	for (unsigned i = 0; view->origin && i < view->origin->line_count; i++) {
		const struct scan_line *line = &view->origin->lines[i];
		struct scan_text name = specimen_name(line);

		if (name.length && passing_is_compared(name) &&
		    !is_there(view->now, name)) {
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
