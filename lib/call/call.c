/* SPDX-License-Identifier: MIT */
#include "call/call.h"

enum call_on call_on_final(int status)
{
	switch (status) {
	case 486:
	case 600:
		return ON_BUSY;
	case 408:
	case 480:
	case 500:
	case 502:
	case 503:
	case 504:
		return ON_UNREACHABLE;
	default:
		return status / 100 == 2 ? ON_ANSWER : ON_FAILURE;
	}
}

const char *call_state_name(enum call_state state)
{
	static const char *const names[CALL_STATES] = {
		"IDLE",	   "TRYING", "RINGING",	  "REPLACING", "CANCELLING", "ANSWERED",
		"TALKING", "ACTING", "CONFIRMED", "ENDING",    "ENDED",
	};

	return names[state];
}

const char *call_on_name(enum call_on on)
{
	static const char *const names[CALL_ONS] = {
		"INVITE",  "PROGRESS", "ANSWER", "BUSY",    "UNREACHABLE",
		"FAILURE", "CANCEL",   "ACK",	 "REQUEST", "BYE",
		"DONE",	   "TIMEOUT",  "BROKEN",
	};

	return names[on];
}

const char *call_note_name(enum call_note note)
{
	static const char *const names[CALL_NOTES] = {
		[NOTE_PASS] = "pass",	    [NOTE_REJECT] = "reject",
		[NOTE_FORWARD] = "forward", [NOTE_REFUSE] = "refuse",
		[NOTE_COVER] = "cover",	    [NOTE_PASS_OVER] = "pass-over",
		[NOTE_RING] = "ring",	    [NOTE_NO_ANSWER] = "no-answer",
		[NOTE_TIMEOUT] = "timeout", [NOTE_ANSWER] = "answer",
		[NOTE_FAILURE] = "failure", [NOTE_CANCEL] = "cancel",
		[NOTE_HANG_UP] = "hang-up", [NOTE_BYE] = "bye",
		[NOTE_FEATURE] = "feature", [NOTE_RELEASE] = "release",
		[NOTE_BROKEN] = "broken",
	};

	return names[note];
}
