/* SPDX-License-Identifier: MIT */
/* What must be true of a reservation's table, and its picture. */
#include "base/machine.h"
#include "line/table.h"

static struct machine_row row_of(const void *table, size_t i)
{
	const struct line_row *row = &((const struct line_table *)table)->rows[i];

	return (struct machine_row){
		.in = row->in,
		.on = row->on,
		.go_to = row->go_to,
		.guard_name = row->guard_name,
		.deed_name = row->deed_name,
		.guard = (void (*)(void))row->guard,
		.is_always = row->guard == line_if_always,
	};
}

static const char *state_note(const void *table, unsigned state)
{
	return ((const struct line_table *)table)->is_timed[state] ? "reservation time"
								   : NULL;
}

static struct machine machine_of(const struct line_table *table)
{
	return (struct machine){
		.name = "line",
		.table = table,
		.count = table->count,
		.states = LINE_STATES,
		.row = row_of,
		.state_name = line_state_name,
		.on_name = line_on_name,
		.state_note = state_note,
	};
}

static unsigned check_state(const struct machine *machine, const struct line_table *table,
			    unsigned state, FILE *out)
{
	const char *name = line_state_name(state);
	unsigned faults = 0;

	if (state != LINE_ENDED && !machine_has_always(machine, state, LINE_ON_BROKEN))
		faults += machine_find(out, "%s: no BROKEN row that always fits", name);
	if (table->is_timed[state] != machine_has_always(machine, state, LINE_ON_TIMEOUT))
		faults +=
			machine_find(out, "%s: timer and TIMEOUT row do not agree", name);
	return faults;
}

unsigned line_table_check_any(const struct line_table *table, FILE *out)
{
	static const bool rests[LINE_STATES] = { [LINE_ENDED] = true };
	const struct machine machine = machine_of(table);
	unsigned faults = machine_check_ways(&machine, rests, "ENDED", out);

	for (unsigned state = 0; state < LINE_STATES; state++)
		faults += check_state(&machine, table, state, out);
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].in == LINE_ENDED)
			faults += machine_find(out, "ENDED %s: leaves the last state",
					       line_on_name(table->rows[i].on));
	return faults + machine_check_hidden(&machine, out);
}

unsigned line_table_check(FILE *out)
{
	return line_table_check_any(&line_table, out);
}

void line_table_dot(FILE *out)
{
	const struct machine machine = machine_of(&line_table);

	machine_dot(&machine, out);
}
