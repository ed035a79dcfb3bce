/* SPDX-License-Identifier: MIT */
/* Why a dialog that a telephone shows is over: what the deeds of a call came to, in order. */
#include "agent/shown.h"

#include "unit.h"

#define COUNT(array) (sizeof array / sizeof *array)

enum { DEEDS = 5 };

static const struct story {
	enum call_side at;
	struct {
		const char *event;
		int status;
	} deeds[DEEDS];
	enum call_side hangs_up;
	enum shown_event over;
	int code;
} stories[] = {
	{ SIDE_CALLER, { { "pass", 0 } }, 0, SHOWN_NO_EVENT, 0 },
	{ SIDE_CALLER, { { "reject", 403 } }, 0, SHOWN_REJECTED, 403 },
	{ SIDE_CALLEE, { { "ring", 180 }, { "failure", 486 } }, 0, SHOWN_REJECTED, 486 },
	{ SIDE_CALLEE, { { "answer", 200 }, { "timeout", 0 } }, 0, SHOWN_TIMEOUT, 0 },
	/* who hangs up */
	{ SIDE_CALLER, { { "bye", 0 } }, SIDE_CALLER, SHOWN_LOCAL_BYE, 0 },
	{ SIDE_CALLER, { { "bye", 0 } }, SIDE_CALLEE, SHOWN_REMOTE_BYE, 0 },
	{ SIDE_CALLEE, { { "bye", 0 } }, SIDE_CALLER, SHOWN_REMOTE_BYE, 0 },
	{ SIDE_CALLEE, { { "bye", 0 } }, SIDE_CALLEE, SHOWN_LOCAL_BYE, 0 },
	/* the first word counts */
	{ SIDE_CALLER, { { "bye", 0 }, { "failure", 487 } }, SIDE_CALLER, SHOWN_LOCAL_BYE, 0 },
	{ SIDE_CALLER, { { "cancel", 487 }, { "failure", 486 } }, 0, SHOWN_CANCELLED, 487 },
	/* but for a proxy's CANCEL, which is answered later */
	{ SIDE_CALLER, { { "cancel", 0 }, { "failure", 487 } }, 0, SHOWN_CANCELLED, 487 },
	{ SIDE_CALLEE, { { "cancel", 0 }, { "failure", 486 } }, 0, SHOWN_REJECTED, 486 },
	{ SIDE_CALLER,
	  { { "cancel", 0 }, { "answer", 200 }, { "bye", 0 } },
	  SIDE_CALLER,
	  SHOWN_LOCAL_BYE,
	  0 },
	{ SIDE_CALLEE,
	  { { "no-answer", 0 }, { "answer", 200 }, { "bye", 0 } },
	  SIDE_CALLER,
	  SHOWN_REMOTE_BYE,
	  0 },
	/* who was called is left, who calls is not */
	{ SIDE_CALLEE, { { "forward", 486 } }, 0, SHOWN_REJECTED, 486 },
	{ SIDE_CALLEE, { { "no-answer", 0 }, { "forward", 487 } }, 0, SHOWN_CANCELLED, 0 },
	{ SIDE_CALLER, { { "no-answer", 0 }, { "forward", 487 } }, 0, SHOWN_NO_EVENT, 0 },
	{ SIDE_CALLER, { { "forward", 486 }, { "failure", 404 } }, 0, SHOWN_REJECTED, 404 },
	{ SIDE_CALLER, { { "cover", 486 }, { "cancel", 487 } }, 0, SHOWN_CANCELLED, 487 },
};

START_TEST(a_dialog_is_over_for_the_reason_that_came_last_of_it)
{
	const struct story *story = &stories[_i];
	const struct call_event event = { .on = ON_BYE, .from = story->hangs_up };
	struct half_call half = { .call.event = &event };
	const struct showing *showing = &half.showing[story->at];

	for (size_t i = 0; i < DEEDS && story->deeds[i].event; i++)
		half_remember(&half, story->deeds[i].event, story->deeds[i].status);
	ck_assert_int_eq(showing->over, story->over);
	ck_assert_int_eq(showing->over_code, story->code);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_over");
	TCase *reasons = tcase_create("reasons");

	tcase_add_loop_test(reasons, a_dialog_is_over_for_the_reason_that_came_last_of_it,
			    0, (int)COUNT(stories));
	suite_add_tcase(suite, reasons);
	return suite;
}
