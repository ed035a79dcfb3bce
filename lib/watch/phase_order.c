/* SPDX-License-Identifier: MIT */
#include "watch/rules.h"

#include <string.h>
#include <strings.h>

const char *rule_phase_order(const struct watch_request *request)
{
	if (!request->is_to_cm || !request->is_initial || !request->phases ||
	    strcmp(request->method, "INVITE") != 0)
		return NULL;
	if (request->phases > 1)
		return "an INVITE was sent to CM with two phases on one Route "
		       "(halfcall-protocol(7), ROUTE TAGS)";
	if (strcasecmp(request->phase, "imsorig") == 0 ||
	    strcasecmp(request->phase, "imsterm") == 0)
		return NULL;
	return "an INVITE was sent to CM with a phase that is not imsorig or imsterm "
	       "(halfcall-protocol(7), ROUTE TAGS)";
}
