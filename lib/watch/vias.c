/* SPDX-License-Identifier: MIT */
/*
 * RFC 3261 sections 8.1.1.7, 16.6 step 8, 17.1.3: each request has a branch of its own that begins
 * with the cookie, a proxy adds its Via to those there are, and takes off just its own from a
 * response.
 */
#include "watch/view.h"

#include <strings.h>

static bool has_cookie(const struct view *view)
{
	struct scan_text branch = { 0 };

	specimen_param(specimen_element(view->now, "Via", 0), "branch", &branch);
	return branch.length > 7 && strncasecmp(branch.at, "z9hG4bK", 7) == 0;
}

/* What went out just before with the same Call-ID, CSeq and From tag, from CM with origdone: what
 * comes for the termination half was made from it. */
static bool has_lost(const struct view *view)
{
	const struct kept *kept = NULL;
	struct specimen specimen;

	if (!view_is_phase(view_phase(view->now), "imsterm") || view->source)
		return false;
	while ((kept = kept_before(view->trail, kept)))
		if (kept->is_out && !kept->status && kept->cseq == view->now->cseq &&
		    kept_is(kept, "INVITE") &&
		    kept->from_tag == specimen_hash(view->now->from_tag) &&
		    specimen_read(&specimen, kept->bytes, kept->length) &&
		    view_is_phase(view_phase(&specimen), "origdone"))
			return true;
	return false;
}

static void see_request(const struct view *view)
{
	if (!view->via_count)
		view_tell(view, "%.*s has no Via", VIEW_TEXT(view->now->method));
	else if (!has_cookie(view))
		view_tell(view, "the topmost branch of %.*s does not begin with z9hG4bK",
			  VIEW_TEXT(view->now->method));
	else if (view_is(view, "INVITE") && has_lost(view))
		view_tell(view, "the INVITE came without the Via it went out with");
}

static void see_response(const struct view *view)
{
	struct specimen asked;
	unsigned sent, came = specimen_count(view->now, "Via");

	if (!view->asked ||
	    !specimen_read(&asked, view->asked->bytes, view->asked->length))
		return;
	sent = specimen_count(&asked, "Via");
	if (came != sent)
		view_tell(view, "%d has %u Vias, and %.*s went out with %u",
			  view->now->status, came, VIEW_TEXT(view->now->method), sent);
}

static void vias(const struct view *view)
{
	if (view->is_out)
		return;
	if (view->now->is_request)
		see_request(view);
	else
		see_response(view);
}

const struct rule vias_rule = {
	.name = "via",
	.clause = "RFC 3261 8.1.1.7, 17.1.3",
	.severity = WATCH_ERROR,
	.see = vias,
};
