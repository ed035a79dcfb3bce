/* SPDX-License-Identifier: MIT */
/*
 * What runs the table.  The only place that assigns a reservation's state, and with it the
 * timer.
 */
#include "line/line.h"

#include "line/table.h"

#include <assert.h>
#include <string.h>

enum { QUEUE_SIZE = sizeof((struct line *)NULL)->queue / sizeof(enum line_on) };

void line_init(struct line *line, const struct line_port *port,
	       const struct verdict *verdict, unsigned reservation_s, int timeout_status)
{
	*line = (struct line){
		.port = port,
		.verdict = verdict,
		.reservation_s = reservation_s,
		.timeout_status = timeout_status,
		.state = LINE_IDLE,
	};
}

static void line_enter(struct line *line, enum line_state state)
{
	assert(line->state != LINE_ENDED);
	line->state = state;
	line->port->arm(line, line_table.is_timed[state] ? line->reservation_s : 0);
	if (state == LINE_ENDED)
		line->port->ended(line);
}

static const struct line_row *row_find(const struct line *line, enum line_on on)
{
	for (size_t i = 0; i < line_table.count; i++) {
		const struct line_row *row = &line_table.rows[i];

		if (row->in == line->state && row->on == on && row->guard(line))
			return row;
	}
	return NULL;
}

/* Runs the row for ON, if there is one.  A failed deed leaves the state for BROKEN. */
static int run_row(struct line *line, enum line_on on)
{
	const struct line_row *row = row_find(line, on);
	int err;

	if (!row)
		return 0;
	line->row = row;
	err = row->deed(line);
	line->row = NULL;
	if (err >= 0)
		line_enter(line, row->go_to);
	return err;
}

void line_handle(struct line *line, enum line_on on)
{
	/* Deeds raise at most one event each, so the queue cannot fill up. */
	assert(line->queued < QUEUE_SIZE);
	line->queue[line->queued++] = on;
	if (line->is_running)
		return;
	line->is_running = true;
	while (line->queued > 0) {
		enum line_on next = line->queue[0];

		line->queued--;
		memmove(&line->queue[0], &line->queue[1],
			line->queued * sizeof *line->queue);
		if (run_row(line, next) < 0 && run_row(line, LINE_ON_BROKEN) < 0)
			line_enter(line, LINE_ENDED);
	}
	line->is_running = false;
}

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
		"OFF_HOOK", "DIALLED", "CANCEL", "TIMEOUT", "REFUSED", "BROKEN",
	};

	return names[on];
}
