/* SPDX-License-Identifier: MIT */
/* Checks a reservation's table, and draws it. */
#include "base/machine.h"
#include "line/table.h"

static unsigned check_state(const struct machine_kind *kind,
			    const struct line_table *table, unsigned state, FILE *out)
{
	const char *name = line_state_name(state);
	unsigned faults = 0;

	if (state != LINE_ENDED && !machine_has_always(kind, state, LINE_ON_BROKEN))
		faults += machine_find(out, "%s: no BROKEN row that always fits", name);
	if (table->is_timed[state] != machine_has_always(kind, state, LINE_ON_TIMEOUT))
		faults +=
			machine_find(out, "%s: timer and TIMEOUT row do not agree", name);
	return faults;
}

unsigned line_table_check_any(const struct line_table *table, FILE *out)
{
	static const bool rests[LINE_STATES] = { [LINE_ENDED] = true };
	struct machine_kind kind = line_kind;
	unsigned faults;

	kind.rows = table->rows;
	kind.count = table->count;
	faults = machine_check_ways(&kind, rests, "ENDED", out);
	for (unsigned state = 0; state < LINE_STATES; state++)
		faults += check_state(&kind, table, state, out);
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].in == LINE_ENDED)
			faults += machine_find(
				out, "ENDED %s: leaves the last state",
				line_on_name((enum line_on)table->rows[i].on));
	return faults + machine_check_hidden(&kind, out);
}

unsigned line_table_check(FILE *out)
{
	return line_table_check_any(&line_table, out);
}

void line_table_dot(FILE *out)
{
	machine_dot(&line_kind, out);
}
