/* SPDX-License-Identifier: MIT */
#include "wire/via.h"

#include "wire/listener.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char prefix[] = "z9hG4bK.";

const char *via_line(char line[static VIA_LINE], const struct emit_target *target,
		     const char *branch, const char *extra)
{
	const struct listener *listener = target->listener;

	/* RFC 3581; on a stream answers come back by it anyway. */
	snprintf(line, VIA_LINE, "Via: SIP/2.0/%s %s:%u;branch=%s%s%s\r\n",
		 listener_protocol(listener), listener_host(listener),
		 listener_port(listener), branch,
		 target->transport == WAY_UDP ? ";rport" : "", extra);
	return line;
}

const char *via_branch(char branch[static VIA_BRANCH], uint64_t id)
{
	snprintf(branch, VIA_BRANCH, "%s%016" PRIx64, prefix, id);
	return branch;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

uint64_t via_id(struct glance_text branch)
{
	uint64_t id = 0;

	if (branch.length != sizeof prefix - 1 + 16 ||
	    memcmp(branch.at, prefix, sizeof prefix - 1) != 0)
		return 0;
	for (size_t i = sizeof prefix - 1; i < branch.length; i++) {
		int digit = digit_of(branch.at[i]);

		if (digit < 0)
			return 0;
		id = id << 4 | (unsigned)digit;
	}
	return id;
}
