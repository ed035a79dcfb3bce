/* SPDX-License-Identifier: MIT */
#include "model/action.h"

#include <string.h>

static const char *const names[ACTIONS] = {
	[ACTION_NONE] = "",
	[ACTION_FORWARD_ALL_ON] = "call-fwd-all-activate",
	[ACTION_FORWARD_ALL_OFF] = "call-fwd-all-deactivate",
	[ACTION_FORWARD_BUSY_ON] = "call-fwd-busy-activate",
	[ACTION_FORWARD_BUSY_OFF] = "call-fwd-busy-deactivate",
	[ACTION_FORWARD_NO_ANSWER_ON] = "call-fwd-no-answer-activate",
	[ACTION_FORWARD_NO_ANSWER_OFF] = "call-fwd-no-answer-deactivate",
	[ACTION_SEND_ALL_CALLS_ON] = "send-all-calls-on",
	[ACTION_SEND_ALL_CALLS_OFF] = "send-all-calls-off",
	[ACTION_RESTRICT_CLI] = "restrict-cli",
};

const char *action_name(enum action action)
{
	return (unsigned)action < ACTIONS ? names[action] : "";
}

enum action action_by_name(const char *name)
{
	for (unsigned i = ACTION_NONE + 1; i < ACTIONS; i++)
		if (strcmp(names[i], name) == 0)
			return (enum action)i;
	return ACTION_UNKNOWN;
}

bool action_takes_number(enum action action)
{
	return action == ACTION_FORWARD_ALL_ON || action == ACTION_FORWARD_BUSY_ON ||
	       action == ACTION_FORWARD_NO_ANSWER_ON || action == ACTION_RESTRICT_CLI;
}
