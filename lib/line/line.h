/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One line reservation as a state machine, a table like the call's: from the off-hook
 * INVITE to the 484, 487 or refusal that ends it.
 * See halfcall-protocol(7), LINE RESERVATION.
 *
 *	telephone         halfcalld
 *	  | INVITE off-hook  |
 *	  | ---------------> |	IDLE
 *	  | <----- 183 ----- |	RESERVED, the line shows `trying`
 *	  | INVITE dialled   |
 *	  | ---------------> |
 *	  | <--- 484 (1st) - |	ENDED; the call goes on with the same appearance
 */
#include "base/machine.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stdio.h>

enum line_state { LINE_IDLE, LINE_RESERVED, LINE_ENDED };

enum { LINE_STATES = LINE_ENDED + 1 };

enum line_on {
	LINE_ON_OFF_HOOK,	/* the INVITE, decided: the verdict is there */
	LINE_ON_DIALLED,	/* the second INVITE of the same telephone call */
	LINE_ON_CANCEL,		/* on-hook */
	LINE_ON_TIMEOUT,
	LINE_ON_BROKEN,		/* a deed failed, or the caller can no longer be told */
};

enum { LINE_ONS = LINE_ON_BROKEN + 1 };

struct line;

/** The actions of a reservation outside this room; int functions return 0 or -errno. */
struct line_port {
	/** Takes the appearance, the verdict having found it idle; 0 or -errno. */
	int (*seize)(struct line *line);
	/** Releases the appearance. */
	void (*release)(struct line *line);
	/** Passes the appearance to the call that the dialled INVITE begins. */
	void (*hand_over)(struct line *line);
	/** 183 to the off-hook INVITE. */
	int (*progress)(struct line *line);
	/** Final answer to the off-hook INVITE: the verdict's (WHY), or STATUS. */
	int (*reject)(struct line *line, int status, const struct verdict *why);
	/** What the telephone shows: SHOWN_TRYING, or SHOWN_TERMINATED with EVENT and
	 * CODE. */
	void (*show)(struct line *line, bool is_over, int event, int code);
	/** Restarts the state's timer; 0 stops it. */
	void (*arm)(struct line *line, unsigned seconds);
	void (*note)(struct line *line, const char *event, int status, const char *rule);
	/** The reservation is over; its owner frees it later. */
	void (*ended)(struct line *line);
};

/** Initialise with line_init(); owned by the struct that embeds it. */
struct line {
	const struct line_port *port;		/* borrowed for life */
	const struct verdict *verdict;		/* borrowed for life */
	unsigned reservation_s;			/* already bounded */
	int timeout_status;			/* denial.reservation_timeout */
	struct machine life;
	int status;				/* final status told, 0 = none */
};

void line_init(struct line *line, const struct line_port *port,
	       const struct verdict *verdict, unsigned reservation_s, int timeout_status);

void line_handle(struct line *line, enum line_on on);

/** Seconds a line stays reserved: WANTED_S, the telephone's Expires, within 30 ...
 * MOST_S, which  is line.reservation (30 ... 240); MOST_S if there was no Expires (0). */
unsigned line_reservation_s(unsigned wanted_s, unsigned most_s);

static inline enum line_state line_state(const struct line *line)
{
	return (enum line_state)line->life.state;
}

const char *line_state_name(enum line_state state);
const char *line_on_name(enum line_on on);

/** Checks and draws the table, as call_table_check() and call_table_dot() do. */
unsigned line_table_check(FILE *out);
void line_table_dot(FILE *out);
