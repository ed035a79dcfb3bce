/* SPDX-License-Identifier: MIT */
#include "line/line.h"

unsigned line_reservation_s(unsigned wanted_s, unsigned most_s)
{
	enum { LEAST_S = 30 };

	if (!wanted_s || wanted_s > most_s)
		return most_s;
	return wanted_s > LEAST_S ? wanted_s : LEAST_S;
}

const char *line_state_name(enum line_state state)
{
	static const char *const names[LINE_STATES] = { "IDLE", "RESERVED", "ENDED" };

	return names[state];
}

const char *line_on_name(enum line_on on)
{
	static const char *const names[LINE_ONS] = {
		"OFF_HOOK", "DIALLED", "CANCEL", "TIMEOUT", "BROKEN",
	};

	return names[on];
}
