/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One line reservation's life, as a table like the call's (protocol.md section 2): from the
 * off-hook INVITE to the 484, 487 or refusal that ends it.
 *
 *	telephone            us
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
	LINE_ON_REFUSED,	/* raised by the table itself: the line could not be had */
	LINE_ON_BROKEN,		/* a deed failed, or the caller can no longer be told */
};

enum { LINE_ONS = LINE_ON_BROKEN + 1 };

struct line;

/** Everything a reservation can do to the world; 0 or -errno where it answers. */
struct line_port {
	/** Takes the appearance: 0, or the status to refuse with (404, 486). */
	int (*seize)(struct line *line);
	/** Gives it back. */
	void (*release)(struct line *line);
	/** Leaves it to the call that the dialled INVITE begins. */
	void (*hand_over)(struct line *line);
	/** 183 to the off-hook INVITE. */
	int (*progress)(struct line *line);
	/** Final answer to it: the verdict's (WHY), or STATUS. */
	int (*reject)(struct line *line, int status, const struct verdict *why);
	/** What the telephone shows: SHOWN_TRYING, or SHOWN_TERMINATED with EVENT and CODE. */
	void (*show)(struct line *line, bool is_over, int event, int code);
	/** Starts the state's timer anew; 0 stops it. */
	void (*arm)(struct line *line, unsigned seconds);
	void (*note)(struct line *line, const char *event, int status, const char *rule);
	/** Over; the owner frees it later. */
	void (*ended)(struct line *line);
};

/** Initialise with line_init(); owned by whoever embeds it. */
struct line {
	const struct line_port *port;		/* borrowed for life */
	const struct verdict *verdict;		/* borrowed for life */
	unsigned reservation_s;			/* already bounded */
	int timeout_status;			/* denial.reservation_timeout */
	struct machine life;
	int status;				/* final status told, 0 = none */
	int refusal;				/* what seize() answered, 0 = the line is ours */
};

void line_init(struct line *line, const struct line_port *port,
	       const struct verdict *verdict, unsigned reservation_s, int timeout_status);

void line_handle(struct line *line, enum line_on on);

/** How long a line stays reserved (protocol.md section 2): WANTED_S, the telephone's Expires,
 *  within 30 ... MOST_S, which is line.reservation (30 ... 240); MOST_S if it says none (0). */
unsigned line_reservation_s(unsigned wanted_s, unsigned most_s);

static inline enum line_state line_state(const struct line *line)
{
	return (enum line_state)line->life.state;
}

const char *line_state_name(enum line_state state);
const char *line_on_name(enum line_on on);

/** As call_table_check() and call_table_dot(). */
unsigned line_table_check(FILE *out);
void line_table_dot(FILE *out);
