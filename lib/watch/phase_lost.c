/* SPDX-License-Identifier: MIT */
#include "watch/rules.h"

#include <string.h>

const char *rule_phase_lost(const struct watch_request *request)
{
	if (!request->is_to_cm || !request->is_initial || request->phases ||
	    strcmp(request->method, "INVITE") != 0)
		return NULL;
	return "an INVITE was sent to CM without a phase (halfcall-protocol(7), ROUTE TAGS)";
}
