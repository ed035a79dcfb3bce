/* SPDX-License-Identifier: MIT */
#include "watch/rules.h"

#include <stddef.h>

const char *rule_credentials_passed(const struct watch_request *request)
{
	if (!request->is_to_cm || !request->has_credentials)
		return NULL;
	return "a request was sent to CM with the credentials that the proxy asked for "
	       "(RFC 3261 section 22.3)";
}
