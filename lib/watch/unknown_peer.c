/* SPDX-License-Identifier: MIT */
/* halfcall-protocol(7), REST OF SIP: requests with a tag come from configured proxies alone. */
#include "watch/view.h"

static void unknown_peer(const struct view *view)
{
	if (!view->is_out && !view->is_from_proxy && view->now->is_request &&
	    view->seat == WATCH_CM && view_phase(view->now).at)
		view_tell(view,
			  "%.*s with a phase came from an address that is no proxy's",
			  VIEW_TEXT(view->now->method));
}

const struct rule unknown_peer_rule = {
	.name = "unknown-peer",
	.clause = "halfcall-protocol(7), REST OF SIP",
	.severity = WATCH_WARNING,
	.see = unknown_peer,
};
