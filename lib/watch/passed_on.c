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
