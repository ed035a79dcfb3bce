/* SPDX-License-Identifier: MIT */
/*
 * The table, its guards and its deeds.  Each deed that decides something records it,
 * once: "off-hook", "reject", "dialled", "on-hook", "timeout", "broken".
 */
#include "line/table.h"

#include "model/presence.h"

enum {
	SIP_PROGRESS = 183,
	SIP_NOT_ALL_DIGITS = 484,
	SIP_ON_HOOK = 487,
	SIP_BROKEN = 500,
};

static bool always(const struct line *line)
{
	(void)line;
	return true;
}

static bool is_rejected(const struct line *line)
{
	return line->verdict->kind == VERDICT_REJECT;
}

/* A final answer; remembered only if it went out. */
static int tell(struct line *line, int status, const struct verdict *why)
{
	int err = line->port->reject(line, status, why);

	if (err >= 0)
		line->status = status;
	return err;
}

static int reject(struct line *line)
{
	int err = tell(line, line->verdict->status, line->verdict);

	line->port->note(line, "reject", line->verdict->status, line->verdict->rule);
	return err;
}

/* Takes the line, which the verdict has found idle, and says so. */
static int reserve(struct line *line)
{
	int err = line->port->seize(line);

	if (err >= 0)
		err = line->port->progress(line);
	if (err < 0)
		return err;
	line->port->show(line, false, SHOWN_NO_EVENT, 0);
	line->port->note(line, "off-hook", SIP_PROGRESS, NULL);
	return 0;
}

/*
 * From here on it does not matter if the final answer cannot be sent: the INVITE is over,
 * and nothing else could be answered to it.
 */

/* The first INVITE is closed before the second becomes a call (halfcall-protocol(7), LINE RESERVATION). */
static int hand_over(struct line *line)
{
	tell(line, SIP_NOT_ALL_DIGITS, NULL);
	line->port->hand_over(line);
	line->port->note(line, "dialled", SIP_NOT_ALL_DIGITS, NULL);
	return 0;
}

static int close_line(struct line *line, const char *what, int status,
		      enum shown_event event, int code)
{
	tell(line, status, NULL);
	line->port->release(line);
	line->port->show(line, true, event, code);
	line->port->note(line, what, status, NULL);
	return 0;
}

static int on_hook(struct line *line)
{
	return close_line(line, "on-hook", SIP_ON_HOOK, SHOWN_CANCELLED, SIP_ON_HOOK);
}

static int time_out(struct line *line)
{
	return close_line(line, "timeout", line->timeout_status, SHOWN_TIMEOUT,
			  line->timeout_status);
}

static int break_off(struct line *line)
{
	return close_line(line, "broken", SIP_BROKEN, SHOWN_ERROR, SIP_BROKEN);
}

/*
 * As break_off(), while no dialog is shown yet.  The line appearance may not have been seized;
 * releasing it is allowed all the same.
 */
static int give_up(struct line *line)
{
	tell(line, SIP_BROKEN, NULL);
	line->port->release(line);
	line->port->note(line, "broken", SIP_BROKEN, NULL);
	return 0;
}

typedef bool guard_f(const struct line *line);
typedef int deed_f(struct line *line);

#define R(in_, on_, if_, do_, to_)                                          \
	{                                                                   \
		.in = LINE_##in_, .on = LINE_ON_##on_, .go_to = LINE_##to_, \
		.guard = MACHINE_F(guard_f *, if_), .guard_name = #if_,     \
		.deed = MACHINE_F(deed_f *, do_), .deed_name = #do_         \
	}

/* clang-format off */
static const struct machine_row rows[] = {
/*	in         on        if           do          go to */
	R(IDLE,     OFF_HOOK, is_rejected, reject,     ENDED   ),
	R(IDLE,     OFF_HOOK, always,      reserve,    RESERVED),
	R(IDLE,     BROKEN,   always,      give_up,    ENDED   ),

	R(RESERVED, DIALLED,  always,      hand_over,  ENDED   ),
	R(RESERVED, CANCEL,   always,      on_hook,    ENDED   ),
	R(RESERVED, TIMEOUT,  always,      time_out,   ENDED   ),
	R(RESERVED, BROKEN,   always,      break_off,  ENDED   ),
};
/* clang-format on */

const struct line_table line_table = {
	.rows = rows,
	.count = sizeof rows / sizeof rows[0],
	.is_timed = { [LINE_RESERVED] = true },
};

static bool holds(machine_f *guard, const void *self)
{
	return ((guard_f *)guard)(self);
}

static int act(machine_f *deed, void *self)
{
	return ((deed_f *)deed)(self);
}

static void arm(void *self)
{
	struct line *line = self;
	bool is_timed = line_table.is_timed[line->life.state];

	line->port->arm(line, is_timed ? line->reservation_s : 0);
}

static void ended(void *self)
{
	struct line *line = self;

	line->port->ended(line);
}

static const char *state_note(unsigned state)
{
	return line_table.is_timed[state] ? "reservation time" : NULL;
}

/* Deeds raise no events, so none is lost. */
const struct machine_kind line_kind = {
	.name = "line",
	.rows = rows,
	.count = sizeof rows / sizeof rows[0],
	.states = LINE_STATES,
	.end = LINE_ENDED,
	.broken = LINE_ON_BROKEN,
	.life = offsetof(struct line, life),
	.always = MACHINE_F(guard_f *, always),
	.holds = holds,
	.act = act,
	.arm = arm,
	.ended = ended,
	.state_name = line_state_name,
	.on_name = line_on_name,
	.state_note = state_note,
};

void line_init(struct line *line, const struct line_port *port,
	       const struct verdict *verdict, unsigned reservation_s, int timeout_status)
{
	*line = (struct line){
		.port = port,
		.verdict = verdict,
		.reservation_s = reservation_s,
		.timeout_status = timeout_status,
	};
}

void line_handle(struct line *line, enum line_on on)
{
	machine_handle(&line_kind, line, on, NULL);
}
