/* SPDX-License-Identifier: MIT */
#include "wire/via.h"

#include "wire/listener.h"

#include <string.h>

static const char prefix[] = "z9hG4bK.";

static char *put(char *at, const char *end, const char *text)
{
	size_t length = strlen(text), room = (size_t)(end - at) - 1;

	if (length > room)
		length = room;
	memcpy(at, text, length);
	at[length] = '\0';
	return at + length;
}

const char *via_line(char line[static VIA_LINE], const struct emit_target *target,
		     const char *branch, const char *extra)
{
	const struct listener *listener = target->listener;
	/* RFC 3581; on a stream answers come back by it anyway. */
	const char *rport = target->transport == WAY_UDP ? ";rport" : "";
	const char *const parts[] = {
		"Via: SIP/2.0/",
		listener_protocol(listener),
		" ",
		listener_sent_by(listener),
		";branch=",
		branch,
		rport,
		extra,
		"\r\n",
	};
	char *at = line;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		at = put(at, line + VIA_LINE, parts[i]);
	return line;
}

const char *via_branch(char branch[static VIA_BRANCH], uint64_t id)
{
	static const char digits[] = "0123456789abcdef";
	char *at = put(branch, branch + VIA_BRANCH, prefix);

	for (int shift = 60; shift >= 0; shift -= 4)
		*at++ = digits[id >> shift & 15];
	*at = '\0';
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
