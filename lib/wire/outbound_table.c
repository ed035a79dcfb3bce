/* SPDX-License-Identifier: MIT */
/* The two tables of a client transaction. */
#include "wire/outbound_table.h"

#include "wire/outbound_deed.h"
#include "wire/timing.h"

#define R(in, on, guard, deed, go_to)                                                \
	{                                                                            \
		(in), (on), (go_to),                                                 \
			MACHINE_F(bool (*)(const struct outbound *),                 \
				  outbound_deed_##guard),                            \
			MACHINE_F(int (*)(struct outbound *), outbound_deed_##deed), \
			#guard, #deed                                                \
	}

enum {
	I_CALLING = OUTBOUND_INVITE_CALLING,
	I_PROCEEDING = OUTBOUND_INVITE_PROCEEDING,
	I_CANCELLING = OUTBOUND_INVITE_CANCELLING,
	I_COMPLETED = OUTBOUND_INVITE_COMPLETED,
	I_ACCEPTED = OUTBOUND_INVITE_ACCEPTED,
	I_ENDED = OUTBOUND_INVITE_ENDED,
	I_STAY = OUTBOUND_INVITE_STATES,
	O_TRYING = OUTBOUND_OTHER_TRYING,
	O_PROCEEDING = OUTBOUND_OTHER_PROCEEDING,
	O_COMPLETED = OUTBOUND_OTHER_COMPLETED,
	O_ENDED = OUTBOUND_OTHER_ENDED,
	O_STAY = OUTBOUND_OTHER_STATES,
};

static const struct machine_row invite_rows[] = {
	/* in         on                    if              do               go to */
	R(I_CALLING, OUTBOUND_PROVISIONAL, is_cancel_held, hear_and_cancel, I_CANCELLING),
	R(I_CALLING, OUTBOUND_PROVISIONAL, always, hear, I_PROCEEDING),
	R(I_CALLING, OUTBOUND_SUCCESS, always, accept, I_ACCEPTED),
	R(I_CALLING, OUTBOUND_FAILURE, always, acknowledge, I_COMPLETED),
	R(I_CALLING, OUTBOUND_CANCEL, always, hold_cancel, I_STAY),
	R(I_CALLING, OUTBOUND_AGAIN, always, send_again, I_STAY),
	R(I_CALLING, OUTBOUND_EXPIRED, always, tell_timeout, I_ENDED),
	R(I_CALLING, OUTBOUND_BROKEN, may_fall_back, fall_back, I_CALLING),
	R(I_CALLING, OUTBOUND_BROKEN, always, tell_broken, I_ENDED),

	R(I_PROCEEDING, OUTBOUND_PROVISIONAL, is_trying, ignore, I_STAY),
	R(I_PROCEEDING, OUTBOUND_PROVISIONAL, always, hear, I_PROCEEDING),
	R(I_PROCEEDING, OUTBOUND_SUCCESS, always, accept, I_ACCEPTED),
	R(I_PROCEEDING, OUTBOUND_FAILURE, always, acknowledge, I_COMPLETED),
	R(I_PROCEEDING, OUTBOUND_CANCEL, always, send_cancel, I_CANCELLING),
	R(I_PROCEEDING, OUTBOUND_EXPIRED, always, send_cancel, I_CANCELLING),
	R(I_PROCEEDING, OUTBOUND_BROKEN, always, ignore, I_STAY),

	R(I_CANCELLING, OUTBOUND_PROVISIONAL, always, hear, I_STAY),
	R(I_CANCELLING, OUTBOUND_SUCCESS, always, accept, I_ACCEPTED),
	R(I_CANCELLING, OUTBOUND_FAILURE, always, acknowledge, I_COMPLETED),
	R(I_CANCELLING, OUTBOUND_EXPIRED, always, tell_timeout, I_ENDED),
	R(I_CANCELLING, OUTBOUND_BROKEN, always, ignore, I_STAY),

	R(I_COMPLETED, OUTBOUND_FAILURE, always, send_again, I_STAY),
	R(I_COMPLETED, OUTBOUND_EXPIRED, always, ignore, I_ENDED),
	R(I_COMPLETED, OUTBOUND_BROKEN, always, ignore, I_STAY),

	R(I_ACCEPTED, OUTBOUND_SUCCESS, always, accept, I_STAY),
	R(I_ACCEPTED, OUTBOUND_EXPIRED, always, ignore, I_ENDED),
	R(I_ACCEPTED, OUTBOUND_BROKEN, always, ignore, I_STAY),
};

static const struct machine_row other_rows[] = {
	/* in         on                    if              do               go to */
	R(O_TRYING, OUTBOUND_PROVISIONAL, always, hear, O_PROCEEDING),
	R(O_TRYING, OUTBOUND_SUCCESS, always, finish, O_COMPLETED),
	R(O_TRYING, OUTBOUND_FAILURE, always, finish, O_COMPLETED),
	R(O_TRYING, OUTBOUND_AGAIN, always, send_again, O_STAY),
	R(O_TRYING, OUTBOUND_EXPIRED, always, tell_timeout, O_ENDED),
	R(O_TRYING, OUTBOUND_BROKEN, may_fall_back, fall_back, O_TRYING),
	R(O_TRYING, OUTBOUND_BROKEN, always, tell_broken, O_ENDED),

	R(O_PROCEEDING, OUTBOUND_PROVISIONAL, always, hear, O_STAY),
	R(O_PROCEEDING, OUTBOUND_SUCCESS, always, finish, O_COMPLETED),
	R(O_PROCEEDING, OUTBOUND_FAILURE, always, finish, O_COMPLETED),
	R(O_PROCEEDING, OUTBOUND_AGAIN, always, send_again, O_STAY),
	R(O_PROCEEDING, OUTBOUND_EXPIRED, always, tell_timeout, O_ENDED),
	R(O_PROCEEDING, OUTBOUND_BROKEN, always, tell_broken, O_ENDED),

	R(O_COMPLETED, OUTBOUND_EXPIRED, always, ignore, O_ENDED),
	R(O_COMPLETED, OUTBOUND_BROKEN, always, ignore, O_STAY),
};

static const struct life_state invite_states[OUTBOUND_INVITE_STATES] = {
	[I_CALLING] = { "CALLING", TIMING_T1, TIMING_64T1, TIMING_64T1, .timers = "A T1 doubling, B 64*T1" },
	[I_PROCEEDING] = { "PROCEEDING", .expires_ms = TIMING_C, .timers = "C 181 s, of a proxy" },
	[I_CANCELLING] = { "CANCELLING", .expires_ms = TIMING_64T1, .timers = "64*T1" },
	[I_COMPLETED] = { "COMPLETED", .expires_ms = TIMING_64T1, .is_short = true, .timers = "D 64*T1" },
	[I_ACCEPTED] = { "ACCEPTED", .expires_ms = TIMING_64T1, .timers = "M 64*T1" },
	[I_ENDED] = { "ENDED" },
};

static const struct life_state other_states[OUTBOUND_OTHER_STATES] = {
	[O_TRYING] = { "TRYING", TIMING_T1, TIMING_T2, TIMING_64T1, .timers = "E T1..T2, F 64*T1" },
	[O_PROCEEDING] = { "PROCEEDING", TIMING_T2, TIMING_T2, TIMING_64T1, .timers = "E T2, F goes on" },
	[O_COMPLETED] = { "COMPLETED", .expires_ms = TIMING_T4, .is_short = true, .timers = "K T4" },
	[O_ENDED] = { "ENDED" },
};

static const char *invite_state_name(unsigned state)
{
	return invite_states[state].name;
}

static const char *other_state_name(unsigned state)
{
	return other_states[state].name;
}

static const char *invite_state_note(unsigned state)
{
	return invite_states[state].timers;
}

static const char *other_state_note(unsigned state)
{
	return other_states[state].timers;
}

static const char *on_name(unsigned on)
{
	static const char *const names[OUTBOUND_ONS] = {
		"PROVISIONAL", "SUCCESS", "FAILURE", "CANCEL",
		"AGAIN",       "EXPIRED", "BROKEN",
	};

	return names[on];
}

static bool holds(machine_f *guard, const void *self)
{
	return ((bool (*)(const struct outbound *))guard)(self);
}

static int act(machine_f *deed, void *self)
{
	return ((int (*)(struct outbound *))deed)(self);
}

static void invite_arm(void *self)
{
	struct outbound *outbound = self;

	outbound_deed_arm(outbound, &invite_states[outbound->life.state]);
}

static void other_arm(void *self)
{
	struct outbound *outbound = self;

	outbound_deed_arm(outbound, &other_states[outbound->life.state]);
}

static void ended(void *self)
{
	(void)self;			/* outbound's handle() sees it */
}

#define KIND(kind_name, of, end_state) \
	.kind = {                                                                        \
		.name = (kind_name),                                                     \
		.rows = of##_rows,                                                       \
		.count = sizeof of##_rows / sizeof of##_rows[0],                         \
		.states = sizeof of##_states / sizeof of##_states[0],                    \
		.end = (end_state),                                                      \
		.broken = OUTBOUND_BROKEN,                                               \
		.life = offsetof(struct outbound, life),                                 \
		.always = MACHINE_F(bool (*)(const struct outbound *), outbound_deed_always), \
		.holds = holds,                                                          \
		.act = act,                                                              \
		.arm = of##_arm,                                                         \
		.ended = ended,                                                          \
		.state_name = of##_state_name,                                           \
		.on_name = on_name,                                                      \
		.state_note = of##_state_note,                                           \
	},                                                                               \
	.states = of##_states,                                                           \
	.again = OUTBOUND_AGAIN, .expired = OUTBOUND_EXPIRED

const struct life outbound_invite = { KIND("invite_client", invite, I_ENDED) };
const struct life outbound_other = { KIND("other_client", other, O_ENDED) };
