/* SPDX-License-Identifier: MIT */
/*
 * The two tables of a server transaction.  RFC 6026: an INVITE that was accepted is remembered,
 * so that its repetitions do not begin another call; a failure of the transport ends nothing.
 */
#include "wire/inbound_table.h"

#include "wire/inbound_deed.h"
#include "wire/timing.h"

#define R(in, on, guard, deed, go_to)                                              \
	{                                                                          \
		(in), (on), (go_to),                                               \
			MACHINE_F(bool (*)(const struct inbound *),                \
				  inbound_deed_##guard),                           \
			MACHINE_F(int (*)(struct inbound *), inbound_deed_##deed), \
			#guard, #deed                                              \
	}

enum {
	I_PROCEEDING = INBOUND_INVITE_PROCEEDING,
	I_COMPLETED = INBOUND_INVITE_COMPLETED,
	I_CONFIRMED = INBOUND_INVITE_CONFIRMED,
	I_ACCEPTED = INBOUND_INVITE_ACCEPTED,
	I_ENDED = INBOUND_INVITE_ENDED,
	I_STAY = INBOUND_INVITE_STATES,
	O_TRYING = INBOUND_OTHER_TRYING,
	O_PROCEEDING = INBOUND_OTHER_PROCEEDING,
	O_COMPLETED = INBOUND_OTHER_COMPLETED,
	O_ENDED = INBOUND_OTHER_ENDED,
	O_STAY = INBOUND_OTHER_STATES,
};

static const struct machine_row invite_rows[] = {
	/* in         on                    if                do              go to */
	R(I_PROCEEDING, INBOUND_REQUEST, is_silent, send_trying, I_STAY),
	R(I_PROCEEDING, INBOUND_REQUEST, always, send_again, I_STAY),
	R(I_PROCEEDING, INBOUND_PROVISIONAL, always, send, I_STAY),
	R(I_PROCEEDING, INBOUND_SUCCESS, always, send, I_ACCEPTED),
	R(I_PROCEEDING, INBOUND_FAILURE, always, send, I_COMPLETED),
	R(I_PROCEEDING, INBOUND_AGAIN, is_silent, send_trying, I_STAY),
	R(I_PROCEEDING, INBOUND_AGAIN, always, send_again, I_STAY),
	R(I_PROCEEDING, INBOUND_BROKEN, always, tell_lost, I_STAY),

	R(I_COMPLETED, INBOUND_REQUEST, always, send_again, I_STAY),
	R(I_COMPLETED, INBOUND_AGAIN, always, send_again, I_STAY),
	R(I_COMPLETED, INBOUND_ACK, always, tell_ack, I_CONFIRMED),
	R(I_COMPLETED, INBOUND_EXPIRED, always, tell_no_ack, I_ENDED),
	R(I_COMPLETED, INBOUND_BROKEN, always, tell_lost, I_STAY),

	R(I_CONFIRMED, INBOUND_EXPIRED, always, let_go, I_ENDED),
	R(I_CONFIRMED, INBOUND_BROKEN, always, ignore, I_STAY),

	R(I_ACCEPTED, INBOUND_SUCCESS, always, send, I_STAY),
	R(I_ACCEPTED, INBOUND_ACK, always, tell_ack, I_STAY),
	R(I_ACCEPTED, INBOUND_ACKNOWLEDGED, always, let_go, I_STAY),
	R(I_ACCEPTED, INBOUND_AGAIN, always, send_again, I_STAY),
	R(I_ACCEPTED, INBOUND_EXPIRED, is_acknowledged, let_go, I_ENDED),
	R(I_ACCEPTED, INBOUND_EXPIRED, always, tell_no_ack, I_ENDED),
	R(I_ACCEPTED, INBOUND_BROKEN, always, tell_lost, I_STAY),
};

static const struct machine_row other_rows[] = {
	/* in         on                    if                do              go to */
	R(O_TRYING, INBOUND_PROVISIONAL, always, send, O_PROCEEDING),
	R(O_TRYING, INBOUND_SUCCESS, always, send, O_COMPLETED),
	R(O_TRYING, INBOUND_FAILURE, may_not_be_said, let_go, O_COMPLETED),
	R(O_TRYING, INBOUND_FAILURE, always, send, O_COMPLETED),
	R(O_TRYING, INBOUND_AGAIN, always, send_trying, O_PROCEEDING),
	R(O_TRYING, INBOUND_BROKEN, always, tell_lost, O_STAY),

	R(O_PROCEEDING, INBOUND_REQUEST, always, send_again, O_STAY),
	R(O_PROCEEDING, INBOUND_PROVISIONAL, always, send, O_STAY),
	R(O_PROCEEDING, INBOUND_SUCCESS, always, send, O_COMPLETED),
	R(O_PROCEEDING, INBOUND_FAILURE, may_not_be_said, let_go, O_COMPLETED),
	R(O_PROCEEDING, INBOUND_FAILURE, always, send, O_COMPLETED),
	R(O_PROCEEDING, INBOUND_BROKEN, always, tell_lost, O_STAY),

	R(O_COMPLETED, INBOUND_REQUEST, always, send_again, O_STAY),
	R(O_COMPLETED, INBOUND_EXPIRED, always, let_go, O_ENDED),
	R(O_COMPLETED, INBOUND_BROKEN, always, tell_lost, O_STAY),
};

static const struct life_state invite_states[INBOUND_INVITE_STATES] = {
	[I_PROCEEDING] = { "PROCEEDING", .again_ms = TIMING_TRYING, .is_again_on_streams = true,
			   .timers = "100 after 150 ms; progress each minute" },
	[I_COMPLETED] = { "COMPLETED", TIMING_T1, TIMING_T2, TIMING_64T1, .timers = "G T1..T2, H 64*T1" },
	[I_CONFIRMED] = { "CONFIRMED", .expires_ms = TIMING_T4, .is_short = true, .timers = "I T4" },
	[I_ACCEPTED] = { "ACCEPTED", TIMING_T1, TIMING_T2, TIMING_64T1, .is_again_on_streams = true,
			 .timers = "our own 2xx T1..T2, L 64*T1" },
	[I_ENDED] = { "ENDED" },
};

static const struct life_state other_states[INBOUND_OTHER_STATES] = {
	[O_TRYING] = { "TRYING", .again_ms = TIMING_LATE, .is_again_on_streams = true,
		       .timers = "100 after 3.5 s" },
	[O_PROCEEDING] = { "PROCEEDING" },
	[O_COMPLETED] = { "COMPLETED", .expires_ms = TIMING_64T1, .is_short = true, .timers = "J 64*T1" },
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
	static const char *const names[INBOUND_ONS] = {
		"REQUEST",	"ACK",	 "PROVISIONAL", "SUCCESS", "FAILURE",
		"ACKNOWLEDGED", "AGAIN", "EXPIRED",	"BROKEN",
	};

	return names[on];
}

static bool holds(machine_f *guard, const void *self)
{
	return ((bool (*)(const struct inbound *))guard)(self);
}

static int act(machine_f *deed, void *self)
{
	return ((int (*)(struct inbound *))deed)(self);
}

static void invite_arm(void *self)
{
	struct inbound *inbound = self;

	inbound_deed_arm(inbound, &invite_states[inbound->life.state]);
}

static void other_arm(void *self)
{
	struct inbound *inbound = self;

	inbound_deed_arm(inbound, &other_states[inbound->life.state]);
}

static void ended(void *self)
{
	(void)self;			/* inbound_handle() sees it */
}

#define KIND(kind_name, of, end_state) \
	.kind = {                                                                       \
		.name = (kind_name),                                                    \
		.rows = of##_rows,                                                      \
		.count = sizeof of##_rows / sizeof of##_rows[0],                        \
		.states = sizeof of##_states / sizeof of##_states[0],                   \
		.end = (end_state),                                                     \
		.broken = INBOUND_BROKEN,                                               \
		.life = offsetof(struct inbound, life),                                 \
		.always = MACHINE_F(bool (*)(const struct inbound *), inbound_deed_always), \
		.holds = holds,                                                         \
		.act = act,                                                             \
		.arm = of##_arm,                                                        \
		.ended = ended,                                                         \
		.state_name = of##_state_name,                                          \
		.on_name = on_name,                                                     \
		.state_note = of##_state_note,                                          \
	},                                                                              \
	.states = of##_states,                                                          \
	.again = INBOUND_AGAIN, .expired = INBOUND_EXPIRED

const struct life inbound_invite = { KIND("invite_server", invite, I_ENDED) };
const struct life inbound_other = { KIND("other_server", other, O_ENDED) };
