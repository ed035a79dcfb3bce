/* SPDX-License-Identifier: MIT */
#include "watch/passed_on.h"

#include <string.h>

bool passed_on_is_there(const struct view *view, const struct kept *request)
{
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (!kept->is_out && !kept->status && kept->cseq == request->cseq &&
		    strcmp(kept->method, request->method) == 0 &&
		    kept->from_tag == request->from_tag)
			return true;
	return false;
}

/* Whether the topmost Record-Route has the address of the topmost Via. */
static bool is_own(const struct specimen *specimen)
{
	struct scan_text via = specimen_element(specimen, "Via", 0);
	struct scan_text route = specimen_element(specimen, "Record-Route", 0);
	const char *end = via.at + via.length;
	const char *host = via.at ? memchr(via.at, ' ', via.length) : NULL;
	const char *stop = host;

	while (stop && stop < end && *stop != ';')
		stop++;
	return host && route.at &&
	       memmem(route.at, route.length, host + 1, (size_t)(stop - host) - 1);
}

bool passed_on_is_recorded(const struct view *view)
{
	const struct kept *kept = NULL;
	struct specimen specimen;

	while ((kept = kept_before(view->trail, kept)))
		if (kept->is_out && !kept->status && kept_is(kept, "INVITE") &&
		    !kept->to_tag && specimen_read(&specimen, kept->bytes, kept->length))
			return is_own(&specimen);
	return false;
}

bool passed_on_is_relayed(const struct view *view, const struct kept *answer)
{
	const struct kept *kept = answer;

	while ((kept = kept_before(view->trail, kept)))
		if (!kept->is_out && kept->status == answer->status &&
		    kept->to_tag == answer->to_tag && kept_is(kept, answer->method))
			return true;
	return false;
}
