/* SPDX-License-Identifier: MIT */
/*
 * Ten thousand calls through one agent leave nothing behind: no transaction, no dialog, no
 * half call, and no memory.
 */
#include "agent_peer.h"
#include "unit.h"

#include <malloc.h>
#include <stdlib.h>

enum { CALLS = 10000, WARM = 1000, BATCH = 500 };

static struct stage stage;

/* With the address sanitizer mallinfo2() counts nothing; without it this symbol is NULL. */
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t allocated(void)
{
	return __sanitizer_get_current_allocated_bytes
		       ? __sanitizer_get_current_allocated_bytes()
		       : mallinfo2().uordblks;
}

static void call(void)
{
	stage_talk(&stage);
	stage_hang_up(&stage, stage.calls % 2 ? &stage.caller : &stage.callee);
}

/* After the last response of each call only transactions that wait for a SIP timer may exist. */
static void assert_only_timed(unsigned calls)
{
	struct agent_statistics now;

	stage_skip(&stage, 2);
	agent_statistics(stage.agent, &now);
	ck_assert_uint_eq(now.stock.halves, 0);
	ck_assert_uint_eq(now.stock.dialogs, 0);
	ck_assert_uint_le(now.wire.server_transactions, 4 * calls);
	ck_assert_uint_le(now.wire.client_transactions, 4 * calls);
}

START_TEST(ten_thousand_calls_leave_nothing)
{
	size_t warm = 0;

	stage_open_model(&stage, _i);
	for (unsigned calls = 0; calls < CALLS; calls += BATCH) {
		for (unsigned i = 0; i < BATCH; i++)
			call();
		assert_only_timed(BATCH);
		stage_settle(&stage);
		stage_assert_empty(&stage);
		if (calls + BATCH == WARM)
			warm = allocated();
	}
	/* The allowance is for hash tables, which may double once more. */
	ck_assert_uint_le(allocated(), warm + 64 * 1024);
	stage_close(&stage);
}
END_TEST

/* Calls that are cancelled, refused, or abandoned by either side. */
static void spoil(unsigned kind)
{
	struct phone *caller = &stage.caller, *callee = &stage.callee;

	phone_invite(caller, "", "");
	/* On a busy machine the CANCEL of a call before is sent again meanwhile. */
	phone_await(callee, "INVITE");
	switch (kind % 5) {
	case 0:
		phone_cancel(caller, "");
		break;
	case 1:
		phone_answer(callee, 486, "", "");
		break;
	case 2:
		phone_answer(callee, 200, "", "");
		break;
	case 3:
		phone_answer(callee, 180, "", "");
		phone_await(caller, "180 INVITE");
		phone_cancel(caller, "");
		break;
	case 4:
		phone_answer(callee, 180, "Require: 100rel\r\nRSeq: 1\r\n", "");
		break;
	}
	stage_run(&stage);
	phone_forget(caller);
	phone_forget(callee);
}

START_TEST(spoiled_calls_leave_nothing)
{
	size_t warm = 0;

	stage_open_model(&stage, _i);
	for (unsigned round = 0; round < 8; round++) {
		for (unsigned i = 0; i < 100; i++)
			spoil(i);
		/* Longer than a callee may ring: the INVITE is then cancelled. */
		stage_settle(&stage);
		stage_settle(&stage);
		stage_assert_empty(&stage);
		if (round == 1)
			warm = allocated();
	}
	ck_assert_uint_le(allocated(), warm + 64 * 1024);
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_load");
	TCase *loads = tcase_create("load");

	unit_allow_cpu_s(60);
	tcase_set_timeout(loads, 100);
	tcase_add_loop_test(loads, ten_thousand_calls_leave_nothing, 0, 2);
	tcase_add_loop_test(loads, spoiled_calls_leave_nothing, 0, 2);
	suite_add_tcase(suite, loads);
	return suite;
}
