/* SPDX-License-Identifier: MIT */
#include "model/verdict.h"

const struct redirect_reason *redirect_reason(enum forward_condition condition)
{
	static const struct redirect_reason reasons[] = {
		[FORWARD_UNCONDITIONAL] = { 302, "Moved Temporarily", "CFI" },
		[FORWARD_BUSY] = { 486, "Busy Here", "CFB" },
		[FORWARD_NO_ANSWER] = { 480, "Temporarily Unavailable", "CFNR" },
		[FORWARD_UNREACHABLE] = { 408, "Request Timeout", "CFNR" },
	};

	return &reasons[condition];
}
