/* SPDX-License-Identifier: MIT */
#include "watch/view.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

void view_tell(const struct view *view, const char *format, ...)
{
	char sentence[200];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	for (char *at = sentence; *at; at++)
		if (iscntrl((unsigned char)*at))
			*at = ' ';
	view->tell(view, sentence);
}

void view_await(const struct view *view)
{
	view->await(view);
}

bool view_is(const struct view *view, const char *method)
{
	return specimen_is_text(view->now->method, specimen_text(method));
}

bool view_is_request_in(const struct view *view, const char *method)
{
	return !view->is_out && view->now->is_request && view_is(view, method);
}

bool view_is_initial(const struct view *view)
{
	return view->now->to_tag.at == NULL;
}

bool view_is_alive(const struct view *view, const struct kept *kept)
{
	const struct view_heard *heard = &view->heard[kept->far_end % VIEW_FAR_ENDS];

	return heard->hash == kept->far_end && heard->at_us > kept->at_us;
}

const struct kept *view_answer(const struct view *view, const struct kept *request,
			       int lowest)
{
	struct list *node = request->node.next;

	for (; node != &view->trail->messages; node = node->next) {
		const struct kept *kept = kept_of(node);

		if (kept->status >= lowest && kept->is_out != request->is_out &&
		    kept->via_count && kept->vias[0] == request->vias[0] &&
		    kept_is(kept, request->method))
			return kept;
	}
	return NULL;
}

struct scan_text view_phase(const struct specimen *specimen)
{
	struct scan_text phase = { 0 };

	specimen_param(specimen_element(specimen, "Route", 0), "phase", &phase);
	return phase;
}

bool view_is_phase(struct scan_text phase, const char *name)
{
	return scan_is(&phase, name);
}
