/* SPDX-License-Identifier: MIT */
/* The event with which a shown dialog is terminated, after a series of events of the call. */
#include "half/shown.h"

#include "unit.h"

#define COUNT(array) (sizeof array / sizeof *array)

enum { DEEDS = 5 };

static const struct story {
	enum call_side at;
	struct {
		enum call_note what;
		int status;
	} deeds[DEEDS];	/* unset ones are NOTE_PASS, which ends no dialog */
	enum call_side hangs_up;
	enum shown_event over;
	int code;
} stories[] = {
	{ SIDE_CALLER, { { NOTE_PASS, 0 } }, 0, SHOWN_NO_EVENT, 0 },
	{ SIDE_CALLER, { { NOTE_REJECT, 403 } }, 0, SHOWN_REJECTED, 403 },
	{ SIDE_CALLEE, { { NOTE_RING, 180 }, { NOTE_FAILURE, 486 } }, 0, SHOWN_REJECTED, 486 },
	{ SIDE_CALLEE, { { NOTE_ANSWER, 200 }, { NOTE_TIMEOUT, 0 } }, 0, SHOWN_TIMEOUT, 0 },
	/* local or remote, by the side that sent the BYE */
	{ SIDE_CALLER, { { NOTE_BYE, 0 } }, SIDE_CALLER, SHOWN_LOCAL_BYE, 0 },
	{ SIDE_CALLER, { { NOTE_BYE, 0 } }, SIDE_CALLEE, SHOWN_REMOTE_BYE, 0 },
	{ SIDE_CALLEE, { { NOTE_BYE, 0 } }, SIDE_CALLER, SHOWN_REMOTE_BYE, 0 },
	{ SIDE_CALLEE, { { NOTE_BYE, 0 } }, SIDE_CALLEE, SHOWN_LOCAL_BYE, 0 },
	/* the first event that ends the dialog counts */
	{ SIDE_CALLER, { { NOTE_BYE, 0 }, { NOTE_FAILURE, 487 } }, SIDE_CALLER, SHOWN_LOCAL_BYE, 0 },
	{ SIDE_CALLER, { { NOTE_CANCEL, 487 }, { NOTE_FAILURE, 486 } }, 0, SHOWN_CANCELLED, 487 },
	/* except a CANCEL in the proxy model: the INVITE's final response decides */
	{ SIDE_CALLER, { { NOTE_CANCEL, 0 }, { NOTE_FAILURE, 487 } }, 0, SHOWN_CANCELLED, 487 },
	{ SIDE_CALLEE, { { NOTE_CANCEL, 0 }, { NOTE_FAILURE, 486 } }, 0, SHOWN_REJECTED, 486 },
	{ SIDE_CALLER,
	  { { NOTE_CANCEL, 0 }, { NOTE_ANSWER, 200 }, { NOTE_BYE, 0 } },
	  SIDE_CALLER,
	  SHOWN_LOCAL_BYE,
	  0 },
	{ SIDE_CALLEE,
	  { { NOTE_NO_ANSWER, 0 }, { NOTE_ANSWER, 200 }, { NOTE_BYE, 0 } },
	  SIDE_CALLER,
	  SHOWN_REMOTE_BYE,
	  0 },
	/* a forwarding ends the called station's dialog, not the caller's */
	{ SIDE_CALLEE, { { NOTE_FORWARD, 486 } }, 0, SHOWN_REJECTED, 486 },
	{ SIDE_CALLEE, { { NOTE_NO_ANSWER, 0 }, { NOTE_FORWARD, 487 } }, 0, SHOWN_CANCELLED, 0 },
	{ SIDE_CALLER, { { NOTE_NO_ANSWER, 0 }, { NOTE_FORWARD, 487 } }, 0, SHOWN_NO_EVENT, 0 },
	{ SIDE_CALLER, { { NOTE_FORWARD, 486 }, { NOTE_FAILURE, 404 } }, 0, SHOWN_REJECTED, 404 },
	{ SIDE_CALLER, { { NOTE_COVER, 486 }, { NOTE_CANCEL, 487 } }, 0, SHOWN_CANCELLED, 487 },
};

START_TEST(a_dialog_is_over_for_the_reason_that_came_last_of_it)
{
	const struct story *story = &stories[_i];
	const struct call_event event = { .on = ON_BYE, .from = story->hangs_up };
	struct half_call half = { .call.event = &event };
	const struct showing *showing = &half.showing[story->at];

	for (size_t i = 0; i < DEEDS; i++)
		shown_remember(&half, story->deeds[i].what, story->deeds[i].status);
	ck_assert_int_eq(showing->over, story->over);
	ck_assert_int_eq(showing->over_code, story->code);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("half_over");
	TCase *reasons = tcase_create("reasons");

	tcase_add_loop_test(reasons, a_dialog_is_over_for_the_reason_that_came_last_of_it,
			    0, (int)COUNT(stories));
	suite_add_tcase(suite, reasons);
	return suite;
}
