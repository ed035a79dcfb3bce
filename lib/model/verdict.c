/* SPDX-License-Identifier: MIT */
#include "model/verdict.h"

const struct redirect_reason *redirect_reason(enum diversion why)
{
	static const char moved[] = "Moved Temporarily", busy[] = "Busy Here";
	static const char unavailable[] = "Temporarily Unavailable";
	static const struct redirect_reason reasons[DIVERSIONS] = {
		[DIVERSION_UNCONDITIONAL] = { 302, moved, "CFI", NULL },
		[DIVERSION_BUSY] = { 486, busy, "CFB", NULL },
		[DIVERSION_NO_ANSWER] = { 480, unavailable, "CFNR", NULL },
		[DIVERSION_UNREACHABLE] = { 408, "Request Timeout", "CFNR", NULL },
		[DIVERSION_COVER_ALL] = { 302, moved, "NORMAL", "cover-all" },
		[DIVERSION_COVER_BUSY] = { 486, busy, "NORMAL", "cover-busy" },
		[DIVERSION_COVER_NO_REPLY] = { 480, unavailable, "NORMAL", "cover-no-reply" },
		[DIVERSION_SEND_ALL_CALLS] = { 302, moved, "NORMAL", "send-all-calls" },
	};

	return &reasons[why];
}
