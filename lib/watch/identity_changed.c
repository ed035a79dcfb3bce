/* SPDX-License-Identifier: MIT */
/*
 * RFC 3261 section 16.6: From and To are the user agents'.  RFC 3325 section 5: within the trust
 * domain P-Asserted-Identity stays.
 */
#include "watch/view.h"

static bool is_same_party(const struct view *view, const char *name)
{
	return specimen_equals(specimen_uri(specimen_value(view->origin, name)),
			       specimen_uri(specimen_value(view->now, name)));
}

static void identity_changed(const struct view *view)
{
	struct scan_text asserted = specimen_text("P-Asserted-Identity");

	if (!view->origin)
		return;
	if (!is_same_party(view, "From"))
		view_tell(view, "From of %.*s is not what it was",
			  VIEW_TEXT(view->now->method));
	else if (!is_same_party(view, "To"))
		view_tell(view, "To of %.*s is not what it was",
			  VIEW_TEXT(view->now->method));
	else if (view->seat == WATCH_CM &&
		 !specimen_is_among(view->origin, view->now, asserted))
		view_tell(view, "P-Asserted-Identity of %.*s is not what it was",
			  VIEW_TEXT(view->now->method));
}

const struct rule identity_changed_rule = {
	.name = "identity-changed",
	.clause = "RFC 3325 5, RFC 3261 16.6",
	.severity = WATCH_ERROR,
	.see = identity_changed,
};
