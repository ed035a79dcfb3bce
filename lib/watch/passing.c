/* SPDX-License-Identifier: MIT */
#include "watch/passing.h"

static bool is_one_of(struct scan_text name, const char *const *names)
{
	for (; *names; names++)
		if (((*names)[0] | 0x20) == (*name.at | 0x20) && scan_is(&name, *names))
			return true;
	return false;
}

bool passing_is_compared(struct scan_text name)
{
	static const char *const names[] = {
		/* a proxy's own */
		"Via", "Route", "Record-Route", "Max-Forwards", "Proxy-Authorization",
		"Proxy-Authenticate", "Proxy-Require", "Content-Length", "Path",
		"Service-Route", "Session-Expires", "Min-SE", "Date", "Timestamp",
		"Authentication-Info", "Proxy-Authentication-Info", "Identity",
		/* with a rule of their own */
		"Call-ID", "CSeq", "From", "To", "Contact", "History-Info",
		"P-Asserted-Identity", "P-Preferred-Identity", "Content-Type",
		"Accept-Contact", NULL
	};

	return !is_one_of(name, names);
}

bool passing_may_grow(struct scan_text name)
{
	static const char *const names[] = {
		"Alert-Info",	    "Call-Info",      "Error-Info", "Warning",
		"WWW-Authenticate", "Require",	      "Reason",	    "P-Charging-Vector",
		"Diversion",	    "Reject-Contact", NULL
	};

	return is_one_of(name, names);
}
