/* SPDX-License-Identifier: MIT */
/*
 * halfcall-protocol(7), HALF CALLS.
 *
 * A caller who is a user gets the origination half first, one from outside does not; and only a
 * called station has a termination half: CM's 404 to imsterm says that it has none.
 */
#include "watch/view.h"

#include <string.h>

static void see_invite(const struct view *view)
{
	struct scan_text phase = view_phase(view->now);

	if (!view->source)
		return;
	if (view_is_phase(phase, "imsorig") && view->source->seat == WATCH_TRUNK)
		view_tell(view, "imsorig came for a call from outside");
	if (view_is_phase(phase, "imsterm") && view->source->seat == WATCH_PHONE)
		view_tell(view,
			  "imsterm came for a telephone's call without imsorig before");
}

static void see_refusal(const struct view *view)
{
	static const char ours[] = "there is no station ";
	struct scan_text warning = specimen_value(view->now, "Warning");
	struct specimen specimen;

	if (!warning.at || !view->asked ||
	    !memmem(warning.at, warning.length, ours, sizeof ours - 1) ||
	    !specimen_read(&specimen, view->asked->bytes, view->asked->length))
		return;
	if (view_is_phase(view_phase(&specimen), "imsterm"))
		view_tell(view, "imsterm came for %.*s, which is no station",
			  VIEW_TEXT(specimen_user(specimen.uri)));
}

static void wrong_half(const struct view *view)
{
	if (view->seat != WATCH_CM || !view_is(view, "INVITE"))
		return;
	if (view_is_request_in(view, "INVITE"))
		see_invite(view);
	else if (view->is_out && view->now->status == 404)
		see_refusal(view);
}

const struct rule wrong_half_rule = {
	.name = "wrong-half",
	.clause = "halfcall-protocol(7), HALF CALLS",
	.severity = WATCH_ERROR,
	.see = wrong_half,
};
