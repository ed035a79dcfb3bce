/* SPDX-License-Identifier: MIT */
/*
 * halfcall-protocol(7), ROUTE TAGS.
 *
 * Tags are between proxy and CM; a telephone never sees one.
 */
#include "watch/view.h"

static bool has_tag(struct scan_text element)
{
	static const char *const phases[] = { "imsorig", "origdone", "imsterm",
					      "termdone" };
	struct scan_text phase;

	if (!specimen_param(element, "phase", &phase))
		return false;
	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
		if (view_is_phase(phase, phases[i]))
			return true;
	return false;
}

static void phase_leaked(const struct view *view)
{
	static const char *const headers[] = { "Route", "Record-Route", "Contact", "To",
					       "History-Info" };
	struct scan_text element;

	if (view->is_out || view->seat != WATCH_PHONE)
		return;
	if (has_tag(view->now->uri))
		view_tell(view, "the Request-URI has a phase");
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		struct specimen_walk walk = { 0 };

		while (specimen_next(view->now, &walk, specimen_text(headers[i]),
				     &element))
			if (has_tag(element))
				view_tell(view, "a telephone was shown a phase in %s",
					  headers[i]);
	}
}

const struct rule phase_leaked_rule = {
	.name = "phase-leaked",
	.clause = "halfcall-protocol(7), ROUTE TAGS",
	.severity = WATCH_ERROR,
	.see = phase_leaked,
};
