/* SPDX-License-Identifier: MIT */
#include "watch/rules.h"

#include <stddef.h>

const char *rule_phase_leaked(const struct watch_request *request)
{
	if (request->is_to_cm || !request->phases)
		return NULL;
	return "a request was sent to a telephone with a phase "
	       "(halfcall-protocol(7), ROUTE TAGS)";
}
