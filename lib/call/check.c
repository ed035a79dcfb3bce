/* SPDX-License-Identifier: MIT */
/* Checks the call's table, and draws it. */
#include "base/machine.h"
#include "call/deed.h"
#include "call/table.h"

/* Every request must be answered, or its sender repeats it for 32 s. */
static unsigned check_answers(const struct machine_kind *kind, unsigned state, FILE *out)
{
	static const enum call_on asked[] = { ON_REQUEST, ON_BYE };
	unsigned faults = 0;

	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
		if (!machine_has_always(kind, state, asked[i]))
			faults += machine_find(out, "%s: %s may stay unanswered",
					       call_state_name(state),
					       call_on_name(asked[i]));
	return faults;
}

static unsigned check_timer(const struct machine_kind *kind,
			    const struct call_table *table, unsigned state, FILE *out)
{
	const char *name = call_state_name(state);
	bool is_timed = table->timers[state] != TIMER_NONE;

	if (!is_timed && machine_has_row(kind, state, ON_TIMEOUT))
		return machine_find(out, "%s: a TIMEOUT row but no timer", name);
	if (is_timed && !machine_has_always(kind, state, ON_TIMEOUT))
		return machine_find(
			out, "%s: a timer but no TIMEOUT row that always fits", name);
	return 0;
}

static unsigned check_row(const struct machine_row *row, FILE *out)
{
	const char *in = call_state_name((enum call_state)row->in);
	const char *on = call_on_name((enum call_on)row->on);
	unsigned faults = 0;

	if (row->in == CALL_ENDED && row->go_to != CALL_STAY)
		faults += machine_find(out, "ENDED %s: leaves the last state", on);
	if (row->on == ON_BROKEN && (row->go_to == CALL_STAY || row->go_to == row->in))
		faults += machine_find(out, "%s BROKEN: does not leave it", in);
	if (row->on == ON_TIMEOUT && row->go_to == CALL_STAY)
		faults += machine_find(
			out, "%s: TIMEOUT stays, and no timer runs any more", in);
	return faults;
}

unsigned call_table_check_any(const struct call_table *table, FILE *out)
{
	static const bool rests[CALL_STATES] = { [CALL_ENDED] = true };
	struct machine_kind kind = call_kind;
	unsigned faults;

	kind.rows = table->rows;
	kind.count = table->count;
	faults = machine_check_ways(&kind, rests, "ENDED", out);
	for (unsigned state = 0; state < CALL_STATES; state++) {
		if (state != CALL_ENDED && !machine_has_always(&kind, state, ON_BROKEN))
			faults += machine_find(out, "%s: no BROKEN row that always fits",
					       call_state_name(state));
		faults += check_timer(&kind, table, state, out);
		faults += check_answers(&kind, state, out);
	}
	for (size_t i = 0; i < table->count; i++)
		faults += check_row(&table->rows[i], out);
	return faults + machine_check_hidden(&kind, out);
}

unsigned call_table_check(FILE *out)
{
	return call_table_check_any(&call_table, out);
}

void call_table_dot(FILE *out)
{
	machine_dot(&call_kind, out);
}
