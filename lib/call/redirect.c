/* SPDX-License-Identifier: MIT */
#include "call/redirect.h"

enum forward_condition call_condition(const struct call *call)
{
	/* Once the callee was cancelled for not answering, its final says nothing new. */
	if (call->state == CALL_REPLACING || call->event->on == ON_TIMEOUT)
		return FORWARD_NO_ANSWER;
	if (call->event->on == ON_BUSY)
		return FORWARD_BUSY;
	if (call->event->on == ON_UNREACHABLE)
		return FORWARD_UNREACHABLE;
	return FORWARD_UNCONDITIONAL;
}

const struct redirect *call_redirect(const struct call *call)
{
	return &call->verdict->redirect[call_condition(call)];
}
